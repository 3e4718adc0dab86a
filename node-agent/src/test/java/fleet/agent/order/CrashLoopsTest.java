package fleet.agent.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.LocalUnit.Run;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Which units are told to be in a crash loop.
class CrashLoopsTest {

  private static final UnitName.Placeable WEB =
      (UnitName.Placeable) UnitName.parse("web.service").orElseThrow();

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final CrashLoops loops = new CrashLoops(environment);

  private void pass(long seconds) {
    environment.run(Duration.ofSeconds(seconds));
  }

  private static LocalUnit restarted(long times) {
    return new LocalUnit(
        new OnDisk.Absent(), "loaded", "active", "running", "", "", new Run("1", times, ""));
  }

  /// Looks at the unit, which systemd has restarted so often since it was last started.
  ///
  /// @return whether it is in a loop
  private boolean look(long times) {
    var observed = new TreeMap<UnitName.Placeable, LocalUnit>();
    observed.put(WEB, restarted(times));
    loops.seen(observed);
    return loops.invocation(WEB, restarted(times)).crashLooping();
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

  @Test
  void loopsAreIdleOnceTheLastRestartIsAMinuteOld() {
    look(1);
    assertFalse(loops.isIdle());

    pass(61);
    look(1);

    assertTrue(loops.isIdle());
    assertEquals(1, loops.invocation(WEB, restarted(1)).restarts());
  }
}
