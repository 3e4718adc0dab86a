package fleet.scheduler;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.VirtualEnvironment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ContactTest {

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final Contact contact = new Contact(environment, Duration.ofSeconds(3));

  private void answersFor(int millis) {
    for (int past = 0; past < millis; past += 500) {
      environment.run(Duration.ofMillis(500));
      contact.answered();
    }
  }

  private void silence(int millis) {
    environment.run(Duration.ofMillis(millis));
  }

  @Test
  void itIsSteadyOneTimeToLiveAfterTheFirstAnswer() {
    contact.answered();

    answersFor(2_500);
    assertFalse(contact.steady());

    answersFor(500);
    assertTrue(contact.steady());
  }

  /// However soon the answer comes: others may have waited for it for longer.
  @Test
  void anAnswerThatTakesWhileItBeginsIsTheFirst() {
    silence(1_900);
    contact.answered();

    answersFor(2_500);
    assertFalse(contact.steady());

    answersFor(500);
    assertTrue(contact.steady());
  }

  @Test
  void itIsNotSteadyWhileTheStoreIsSilent() {
    answersFor(10_000);

    silence(1_999);
    assertTrue(contact.steady());

    silence(1);
    assertFalse(contact.steady());
  }

  @Test
  void itIsSteadyOneTimeToLiveAfterASilence() {
    answersFor(10_000);
    silence(2_000);
    contact.answered();

    answersFor(2_500);
    assertFalse(contact.steady());

    answersFor(500);
    assertTrue(contact.steady());
  }

  @Test
  void aPauseTooShortToCostALeaseIsNoSilence() {
    answersFor(10_000);
    silence(1_900);

    contact.answered();

    assertTrue(contact.steady());
  }

  @Test
  void whileMachinesComeBackOthersMayFollow() {
    contact.answered();
    answersFor(2_500);
    contact.returned();
    answersFor(2_500);
    contact.returned();

    answersFor(2_500);
    assertFalse(contact.steady());

    answersFor(500);
    assertTrue(contact.steady());
  }

  @Test
  void whoeverComesBackAgainAndAgainHoldsUpNothingForEver() {
    contact.answered();
    for (int i = 0; i < 14; i++) {
      answersFor(1_000);
      contact.returned();
    }
    assertFalse(contact.steady());

    answersFor(1_000);
    assertTrue(contact.steady());
  }

  @Test
  void whoeverComesWhenAllHadTheirTimeHoldsUpNothing() {
    answersFor(10_000);

    contact.returned();

    assertTrue(contact.steady());
  }
}
