package fleet.scheduler.uncertainty;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreContactTest {

  private Duration now = Duration.ofSeconds(100);
  private StoreContact contact = StoreContact.begun(Duration.ofSeconds(3), now);

  private void answersFor(int millis) {
    for (int past = 0; past < millis; past += 500) {
      now = now.plusMillis(500);
      contact = contact.answered(now);
    }
  }

  private void silence(int millis) {
    now = now.plusMillis(millis);
  }

  @Test
  void itIsSteadyOneTimeToLiveAfterTheFirstAnswer() {
    contact = contact.answered(now);

    answersFor(2_500);
    assertFalse(contact.isSteady(now));

    answersFor(500);
    assertTrue(contact.isSteady(now));
  }

  /// However soon the answer comes: others may have waited for it for longer.
  @Test
  void anAnswerThatTakesWhileItBeginsIsTheFirst() {
    silence(1_900);
    contact = contact.answered(now);

    answersFor(2_500);
    assertFalse(contact.isSteady(now));

    answersFor(500);
    assertTrue(contact.isSteady(now));
  }

  @Test
  void itIsNotSteadyWhileTheStoreIsSilent() {
    answersFor(10_000);

    silence(1_999);
    assertTrue(contact.isSteady(now));

    silence(1);
    assertFalse(contact.isSteady(now));
  }

  @Test
  void itIsSteadyOneTimeToLiveAfterASilence() {
    answersFor(10_000);
    silence(2_000);
    contact = contact.answered(now);

    answersFor(2_500);
    assertFalse(contact.isSteady(now));

    answersFor(500);
    assertTrue(contact.isSteady(now));
  }

  @Test
  void aPauseTooShortToCostALeaseIsNoSilence() {
    answersFor(10_000);
    silence(1_900);

    contact = contact.answered(now);

    assertTrue(contact.isSteady(now));
  }

  @Test
  void whileMachinesComeBackOthersMayFollow() {
    contact = contact.answered(now);
    answersFor(2_500);
    contact = contact.returned(now);
    answersFor(2_500);
    contact = contact.returned(now);

    answersFor(2_500);
    assertFalse(contact.isSteady(now));

    answersFor(500);
    assertTrue(contact.isSteady(now));
  }

  @Test
  void whoeverComesBackAgainAndAgainHoldsUpNothingForEver() {
    contact = contact.answered(now);
    for (int i = 0; i < 14; i++) {
      answersFor(1_000);
      contact = contact.returned(now);
    }
    assertFalse(contact.isSteady(now));

    answersFor(1_000);
    assertTrue(contact.isSteady(now));
  }

  @Test
  void whoeverComesWhenAllHadTheirTimeHoldsUpNothing() {
    answersFor(10_000);

    contact = contact.returned(now);

    assertTrue(contact.isSteady(now));
  }
}
