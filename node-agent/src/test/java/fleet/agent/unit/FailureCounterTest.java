package fleet.agent.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.cluster.UnitState.Trial;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailureCounterTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration NOON = Duration.ofHours(12);

  private static LocalUnit seen(String active) {
    return new LocalUnit(new OnDisk.Absent(), "loaded", active, "", "", "");
  }

  private static FailureCounter failed(FailureCounter before) {
    return before.failed("it has failed", false, NOON.plus(before.pause(SECOND)), "12:00:01Z");
  }

  @Test
  void eachFailureInARowDoublesThePauseUpToFiveMinutes() {
    var counter = FailureCounter.NEW;
    assertEquals(SECOND, counter.pause(SECOND));
    counter = failed(counter);
    assertEquals(SECOND.multipliedBy(2), counter.pause(SECOND));
    for (int i = 0; i < 30; i++) {
      counter = failed(counter);
    }

    assertEquals(Duration.ofMinutes(5), counter.pause(SECOND));
    assertEquals(new Trial(31, false), counter.trial());
  }

  @Test
  void whatHasFailedIsCountedOnceUntilItIsStartedAgain() {
    assertTrue(FailureCounter.NEW.hasFailed(seen("failed")));
    var counter = failed(FailureCounter.NEW);
    assertFalse(counter.hasFailed(seen("failed")));
    assertEquals(
        "it has failed, once in a row here; it is started again at 12:00:01Z", counter.down());

    var started = counter.starting();

    assertTrue(started.hasFailed(seen("failed")));
    assertEquals("", started.down());
    assertEquals(new Trial(1, false), started.trial());
    assertTrue(failed(started).down().startsWith("it has failed, 2 times in a row here; "));
  }

  @Test
  void unitThatHasBeenUpForFiveMinutesHasProvenItself() {
    var counter = failed(FailureCounter.NEW).starting().seen(seen("active"), NOON);

    counter = counter.seen(seen("active"), NOON.plus(Duration.ofMillis(299_999)));
    assertEquals(new Trial(1, false), counter.trial());
    counter = counter.seen(seen("active"), NOON.plus(Duration.ofMinutes(5)));

    assertEquals(new Trial(0, true), counter.trial());
    assertEquals(Optional.empty(), counter.retry());
  }

  @Test
  void timeInWhichItIsNotQuiteUpDoesNotCount() {
    var counter = FailureCounter.NEW.seen(seen("active"), NOON);
    counter = counter.seen(seen("activating"), NOON.plus(SECOND));
    counter = counter.seen(seen("active"), NOON.plus(SECOND.multipliedBy(2)));

    counter = counter.seen(seen("active"), NOON.plus(Duration.ofMinutes(5)));

    assertEquals(new Trial(0, false), counter.trial());
  }

  @Test
  void unitThatHasEndedWellHasProvenItself() {
    var counter = failed(FailureCounter.NEW).starting();

    assertEquals(new Trial(0, true), counter.seen(seen("inactive"), NOON).trial());
  }

  @Test
  void failureAfterAProofBeginsAnew() {
    var proven = FailureCounter.NEW.seen(seen("inactive"), NOON);

    assertEquals(new Trial(1, false), failed(proven).trial());
  }
}
