package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Decision;
import fleet.unit.UnitFile;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// What becomes of units when assignments come, change and go.
final class AgentTest extends AgentScene {

  @Test
  void assignedUnitIsInstalledStartedAndReported() {
    within(
        () -> {
          startAgent();
          pass(500);

          launch("web.service", SERVICE);
          pass(200);

          assertEquals(lines("install web.service", "reload", "start web.service"), asked());
          assertEquals("[web.service]", running());
          assertEquals("web.service launched active", states());
        });
  }

  @Test
  void freshAssignmentOfAQuietMachineIsActedOnAtOnce() {
    within(
        () -> {
          startAgent();
          pass(10_000);

          launch("web.service", SERVICE);

          // Three calls to systemd, each of 10 ms at most, come before the start.
          pass(45);
          assertTrue(asked().endsWith("start web.service"));
        });
  }

  @Test
  void loadedUnitIsNotStartedAndLaterIs() {
    within(
        () -> {
          startAgent();
          assign("web.service", SERVICE, TargetState.LOADED, 1);
          pass(2_000);
          assertEquals("web.service loaded inactive", states());

          launch("web.service", SERVICE);
          pass(300);
          assertEquals("web.service launched active", states());

          assign("web.service", SERVICE, TargetState.LOADED, 1);
          pass(300);
          assertEquals("web.service loaded inactive", states());
        });
  }

  @Test
  void unassignedUnitIsStoppedRemovedAndItsStateGoes() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          unassign("web.service");
          pass(500);

          assertEquals(lines("stop web.service", "remove web.service", "reload"), asked());
          assertEquals("", states());
        });
  }

  @Test
  void changedFileReplacesTheUnitOnlyWhenItHasStopped() {
    within(
        () -> {
          startAgent();
          launch("web.service", SLOW_STOP);
          pass(2_000);
          asked();

          launch("web.service", OTHER);
          pass(15_000);
          assertEquals(
              lines(
                  "install web.service",
                  "reload",
                  "install web.service",
                  "reload",
                  "stop web.service"),
              asked());
          assertEquals("web.service launched deactivating", states());

          pass(6_000);
          assertEquals(lines("install web.service", "reload", "start web.service"), asked());
          assertEquals("web.service launched active", states());
          assertEquals(
              UnitFile.parse(OTHER).orElseThrow().hash(),
              state("web.service").hash().orElseThrow());
        });
  }

  @Test
  void jobThatIsDoneIsNotStartedAgain() {
    within(
        () -> {
          startAgent();
          launch("job.service", ONESHOT);
          pass(2_000);
          asked();
          assertEquals("job.service launched inactive", states());

          pass(200_000);

          assertEquals("", asked());
        });
  }

  @Test
  void serviceThatFailsAfterItsStartIsReportedAndLeftToSystemd() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          systemd.fail(unit("web.service"));
          pass(300);

          assertEquals("web.service launched failed", states());
          assertEquals("exit-code", state("web.service").result());
          pass(100_000);
          assertEquals("", asked());
        });
  }

  @Test
  void manyUnitsAreLoadedTogetherWithOneReload() {
    within(
        () -> {
          startAgent();
          pass(2_000);
          var decisions = new ArrayList<Decision>();
          for (int i = 0; i < 100; i++) {
            decisions.add(
                new Decision.Assign(
                    ID,
                    new Assignment(
                        unit("web@" + i + ".service"),
                        UnitFile.parse(SERVICE).orElseThrow(),
                        TargetState.LAUNCHED,
                        1)));
          }

          decide(decisions.toArray(Decision[]::new));
          pass(1_000);

          assertEquals(100, systemd.running().size());
          assertEquals(1, systemd.history().stream().filter("reload"::equals).count());
          assertEquals(100, published().size());
        });
  }

  @Test
  void slowStopOfOneUnitDelaysNoOther() {
    within(
        () -> {
          startAgent();
          launch("slow.service", SLOW_STOP);
          pass(2_000);
          unassign("slow.service");
          pass(300);

          launch("web.service", SERVICE);
          pass(300);

          assertEquals("slow.service launched deactivating; web.service launched active", states());
          pass(20_000);
          assertEquals("web.service launched active", states());
        });
  }

  @Test
  void unitThatIsStartingIsStoppedAtOnce() {
    within(
        () -> {
          startAgent();
          launch("gone.service", SLOW_START);
          launch("loaded.service", SLOW_START);
          launch("other.service", SLOW_START);
          pass(5_000);
          asked();

          unassign("gone.service");
          assign("loaded.service", SLOW_START, TargetState.LOADED, 1);
          launch("other.service", SERVICE);
          pass(1_000);

          assertEquals("loaded.service loaded inactive; other.service launched active", states());
          assertEquals("", problem("loaded.service") + problem("other.service"));
          pass(60_000);
          assertEquals("loaded.service loaded inactive; other.service launched active", states());
        });
  }

  @Test
  void unitThatAnAgentWasStartingWhenItWasKilledIsStoppedByTheNext() {
    within(
        () -> {
          startAgent();
          launch("slow.service", SLOW_START);
          pass(5_000);
          killAgent();

          assign("slow.service", SLOW_START, TargetState.LOADED, 1);
          startAgent();
          pass(3_000);

          assertEquals("slow.service loaded inactive", states());
        });
  }

  @Test
  void unitThatComesBackWhileItStopsStartsWhenItHasStopped() {
    within(
        () -> {
          startAgent();
          launch("web.service", SLOW_STOP);
          pass(2_000);
          unassign("web.service");
          pass(5_000);
          asked();

          launch("web.service", SLOW_STOP);
          pass(10_000);
          assertEquals("", asked());

          pass(6_000);
          assertEquals("start web.service", asked());
          assertEquals("web.service launched active", states());
        });
  }

  @Test
  void reportTellsHowFarEachUnitShouldComeAndWhatIsToldOfIt() {
    within(
        () -> {
          Agent agent = startAgent();
          launch("web.service", SERVICE);
          assign("db.service", SERVICE, TargetState.LOADED, 1);
          pass(2_000);

          assertEquals(
              "{db.service=LOADED, web.service=LAUNCHED}", agent.report().targets().toString());
          assertEquals(published(), agent.report().states());
          assertEquals("{}", agent.report().pending().toString());

          cable.pull();
          pass(10_000);
          assertEquals(agent.report().states(), agent.report().pending());
        });
  }
}
