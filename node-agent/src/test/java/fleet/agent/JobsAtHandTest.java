package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.AgentAction.Reason;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.cluster.env.Environment.Task;
import fleet.cluster.env.VirtualEnvironment;
import fleet.unit.UnitName;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class JobsAtHandTest {

  private static final UnitName.Placeable WEB =
      (UnitName.Placeable) UnitName.parse("web.service").orElseThrow();

  private final Task job = new VirtualEnvironment(1).fork("job", () -> {});
  private final JobsAtHand jobs = new JobsAtHand();

  private void see(String active, SortedSet<UnitName.Placeable> foreign) {
    var observed = new TreeMap<UnitName.Placeable, LocalUnit>();
    observed.put(WEB, new LocalUnit(new OnDisk.Absent(), "loaded", active, "", "", ""));
    jobs.seen(observed, foreign);
  }

  @Test
  void nothingIsIdleWhileAStartIsUnderWay() {
    assertTrue(jobs.isIdle());
    jobs.starts(WEB, job);
    assertFalse(jobs.isIdle());

    jobs.startEnded(WEB);

    assertTrue(jobs.isIdle());
  }

  @Test
  void nothingIsIdleWhileAStopIsUnderWay() {
    jobs.stops(WEB, job);
    assertFalse(jobs.isIdle());

    jobs.stopEnded(WEB);

    assertTrue(jobs.isIdle());
  }

  @Test
  void nothingIsIdleBeforeWhatWasStoppedIsSeenToRest() {
    jobs.stopped(WEB);
    see("active", new TreeSet<>());
    assertFalse(jobs.isIdle());

    see("inactive", new TreeSet<>());

    assertTrue(jobs.isIdle());
    assertFalse(jobs.wasStoppedInVain(WEB));
  }

  @Test
  void whatSomethingElseRunsInPlaceOfWhatWasStoppedIsNoStopInVain() {
    jobs.stopped(WEB);
    see("active", new TreeSet<>(List.of(WEB)));

    assertFalse(jobs.wasStoppedInVain(WEB));
  }

  @Test
  void stopInVainIsToldOnce() {
    jobs.stopped(WEB);
    see("active", new TreeSet<>());

    assertTrue(jobs.wasStoppedInVain(WEB));
    assertFalse(jobs.wasStoppedInVain(WEB));
  }

  @Test
  void unitsThatHaveJobsAreLeftAlone() {
    var held = new TreeMap<UnitName.Placeable, Reason>();
    jobs.starts(WEB, job);
    jobs.hold(held);
    assertEquals("{web.service=STARTING}", held.toString());

    jobs.stops(WEB, job);
    jobs.hold(held);
    assertEquals("{web.service=JOB_RUNS}", held.toString());
  }

  @Test
  void startIsOvertakenByAStopUntilItsEnd() {
    jobs.stopping(WEB);
    assertFalse(jobs.isOvertaken(WEB));
    jobs.starts(WEB, job);
    jobs.stopping(WEB);
    assertTrue(jobs.isOvertaken(WEB));

    jobs.startEnded(WEB);

    assertFalse(jobs.isOvertaken(WEB));
  }
}
