package fleet.agent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How soon a unit is told of that goes up and down.
class FlapDampingTest {

  private static final UnitName.Placeable WEB =
      (UnitName.Placeable) UnitName.parse("web.service").orElseThrow();

  private final FlapDamping damper = new FlapDamping();
  private Duration now = Duration.ofHours(1);

  private static UnitState state(String active) {
    return new UnitState(
        TargetState.LAUNCHED, 1, "loaded", active, "", Optional.empty(), "", "", List.of());
  }

  /// Whether a change is told at this moment.
  private boolean changes() {
    damper.begin(now);
    return damper.admits(WEB, Optional.of(state("active")), state("failed"), now);
  }

  private void pass(long milliseconds) {
    now = now.plusMillis(milliseconds);
  }

  /// So that the next moment is none at which all that was held back is told.
  private void tick() {
    damper.begin(now);
    pass(1);
  }

  private int flap(int tenthsOfASecond) {
    int told = 0;
    for (int i = 0; i < tenthsOfASecond; i++) {
      told += changes() ? 1 : 0;
      pass(100);
    }
    return told;
  }

  @Test
  void unitThatGoesOnChangingIsToldOfAtEveryTick() {
    int first = flap(200);

    assertEquals(true, first >= 10 && first <= 20, () -> first + " in the first 20 s");
    assertEquals(10, flap(200));
    assertEquals(10, flap(200));
  }

  @Test
  void unitThatDoesNotComeToRestIsHeldBackAlsoIfItChangesSeldom() {
    flap(200);
    for (int i = 0; i < 20; i++) {
      pass(10_000);
      tick();
      assertEquals(false, changes(), "at change " + i);
    }
  }

  @Test
  void unitThatHasComeToRestIsToldOfAtOnceAgain() {
    flap(200);
    pass(60_000);
    tick();

    assertEquals(true, changes());
    assertEquals(true, changes());
  }
}
