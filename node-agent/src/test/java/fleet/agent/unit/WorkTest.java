package fleet.agent.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkTest {

  private static Optional<LocalUnit> seen(String active) {
    return Optional.of(new LocalUnit(new OnDisk.Absent(), "loaded", active, "", "", ""));
  }

  @Test
  void whatWasRemovedIsUnderWayUntilItIsSeenToRest() {
    Work removed = Work.NONE.removed(true);
    assertTrue(removed.seen(seen("active"), false).isUnderWay());

    assertEquals(Work.NONE, removed.seen(seen("inactive"), false));
    assertEquals(Work.NONE, removed.seen(Optional.empty(), false));
    assertEquals(Work.NONE, removed.seen(seen("active"), true), "it is not ours");
  }

  @Test
  void startIsUnderWayUntilItHasEnded() {
    assertFalse(Work.NONE.isUnderWay());
    Work starting = Work.NONE.starting();
    assertTrue(starting.isUnderWay());

    assertEquals(Work.NONE, starting.startEnded());
  }

  @Test
  void stopIsUnderWayUntilItHasEnded() {
    Work stopping = Work.NONE.stopBegan();
    assertTrue(stopping.isUnderWay());

    assertEquals(Work.NONE, stopping.stopEnded());
  }

  @Test
  void whatWasStoppedIsUnderWayUntilItIsSeenToRest() {
    Work stopped = Work.NONE.stopped(true);
    assertTrue(stopped.seen(seen("active"), false).isUnderWay());

    assertEquals(Work.NONE, stopped.seen(seen("inactive"), false));
    assertEquals(Work.NONE, stopped.seen(Optional.empty(), false));
  }

  @Test
  void whatSomethingElseRunsInPlaceOfWhatWasStoppedIsNoStopInVain() {
    assertEquals(Work.NONE, Work.NONE.stopped(true).seen(seen("active"), true));
  }

  @Test
  void startIsOvertakenByAStopUntilItsEnd() {
    assertFalse(Work.NONE.stopping().overtaken());
    Work overtaken = Work.NONE.starting().stopping();
    assertTrue(overtaken.overtaken());

    assertFalse(overtaken.startEnded().overtaken());
    assertFalse(overtaken.starting().overtaken());
  }
}
