package fleet.agent.order;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.LocalUnit.Run;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which units are told to be in a crash loop.
class RecentRestartsTest {

  private Optional<RecentRestarts> restarts = Optional.empty();
  private Duration now = Duration.ofHours(1);

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  private static LocalUnit restarted(long times) {
    return new LocalUnit(
        new OnDisk.Absent(), "loaded", "active", "running", "", "", new Run("1", times, ""));
  }

  /// Looks at the unit, which systemd has restarted so often since it was last started.
  ///
  /// @return whether it is in a loop
  private boolean look(long times) {
    restarts = RecentRestarts.seen(restarts, restarted(times), now);
    return restarts.filter(RecentRestarts::isLoop).isPresent();
  }

  @Test
  void threeRestartsWithinAMinuteAreALoopUntilAMinuteAfter() {
    assertFalse(look(0));
    assertFalse(look(1));
    pass(30);
    assertFalse(look(2));
    pass(30);
    assertTrue(look(3));
    assertTrue(look(3));

    pass(1);
    assertFalse(look(3));
  }

  @Test
  void oneRestartIsCountedOnceHoweverOftenTheUnitIsLookedAt() {
    for (int look = 0; look < 10; look++) {
      assertFalse(look(1));
      pass(1);
    }
  }

  @Test
  void whatHappenedLongBeforeTheFirstLookIsNoLoop() {
    assertFalse(look(4));
    assertFalse(look(6));
    assertTrue(look(7));
  }

  @Test
  void unitThatWasStartedAnewCountsFromZero() {
    assertTrue(look(3));
    assertFalse(look(0));
    assertFalse(look(2));
  }

  @Test
  void unitThatWasStartedAndRestartedBetweenTwoLooksIsCountedAnew() {
    assertFalse(look(9));
    assertFalse(look(2));
    assertTrue(look(3));
  }
}
