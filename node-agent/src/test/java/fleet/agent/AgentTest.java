package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Registry.Decision;
import fleet.unit.UnitFile;
import java.util.ArrayList;
import java.util.List;
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
          assertEquals("stop web.service", asked());
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
  void restartStopsAndStarts() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          assign("web.service", SERVICE, TargetState.LAUNCHED, 2);
          pass(500);

          assertEquals(lines("stop web.service", "start web.service"), asked());
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
  void oneFailingUnitAmongFiftyDisturbsNobody() {
    within(
        () -> {
          startAgent();
          launch("bad.service", FAILING);
          launch("empty.service", "[Service]\nType=simple\n");
          launch("unable.service", SERVICE + "\n[Install]\nAlias=unable.socket\n");
          for (int i = 0; i < 47; i++) {
            launch("web@" + i + ".service", SERVICE);
          }
          pass(3_000);

          assertEquals(47, systemd.running().size());
          assertEquals("its start ended with \"failed\"", problem("bad.service"));
          assertEquals("Unit empty.service has a bad unit file setting.", problem("empty.service"));
          assertEquals(
              "Failed to enable systemd unit unable.service: Invalid cross-device link",
              problem("unable.service"));
          assertEquals("", problem("web@1.service"));
        });
  }

  @Test
  void startThatFailsIsTriedAgainLessAndLessOften() {
    within(
        () -> {
          startAgent();
          launch("bad.service", FAILING);
          pass(300_000);

          long starts = systemd.history().stream().filter("start bad.service"::equals).count();

          // After 1, 2, 4, 8, 16, 32 s and then every minute, give or take a quarter.
          assertTrue(starts >= 8 && starts <= 12, () -> starts + " starts");
        });
  }

  @Test
  void newFileForAFailingUnitIsTriedAtOnce() {
    within(
        () -> {
          startAgent();
          launch("bad.service", FAILING);
          pass(60_000);
          asked();

          launch("bad.service", SERVICE);
          pass(300);

          assertEquals("bad.service launched active", states());
          assertEquals("", problem("bad.service"));
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
  void fileThatSomebodySpoilsIsWrittenAnewWithoutARestart() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("db.service", SERVICE);
          pass(2_000);
          asked();

          systemd.write(unit("web.service"), "garbage");
          systemd.delete(unit("db.service"));
          pass(80_000);

          assertEquals(lines("install db.service, web.service", "reload"), asked());
          assertEquals("db.service launched active; web.service launched active", states());
        });
  }

  @Test
  void strangersInTheUnitsDirectoryAreRemoved() {
    within(
        () -> {
          systemd.write(unit("old.service"), "garbage");
          startAgent();
          launch("web.service", SERVICE);
          pass(3_000);

          assertEquals("web.service launched active", states());
        });
  }

  @Test
  void assignmentThatCannotBeUnderstoodLeavesItsUnitAsItIs() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("db.service", SERVICE);
          pass(2_000);
          asked();

          scribble("assignments/" + ID + "/web.service", "not JSON", 0);
          scribble("assignments/" + ID + "/no-unit", "whatever", 0);
          scribble("assignments/" + ID + "/new.service", "{}", 0);
          pass(3_000);
          killAgent();
          startAgent();
          pass(10_000);

          assertEquals("", asked());
          assertEquals("[db.service, web.service]", running());
        });
  }

  @Test
  void assignmentThatCannotBeUnderstoodLeavesItsUnitAsItIsAlsoIfTheCopyIsLost() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          scribble("assignments/" + ID + "/web.service", "not JSON", 0);
          killAgent();
          assignments.write("");
          startAgent();
          pass(5_000);

          assertEquals("", asked());
          assertEquals("[web.service]", running());
          assertTrue(
              problem("web.service").startsWith("its assignment cannot be understood: "),
              problem("web.service"));
        });
  }

  @Test
  void systemdThatGoesAwayIsWaitedFor() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          systemd.away(true);
          launch("db.service", SERVICE);
          pass(30_000);
          assertTrue(present());
          systemd.away(false);
          pass(300);

          assertEquals(lines("install db.service", "reload", "start db.service"), asked());
          assertEquals(List.of("[db.service, web.service]"), List.of(running()));
        });
  }

  @Test
  void unitThatSomethingElseKeepsStartingIsNotStoppedOverAndOver() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();
          systemd.startsAgain(unit("web.service"));

          unassign("web.service");
          pass(30_000);

          long stops = systemd.history().stream().filter("stop web.service"::equals).count();
          assertTrue(stops >= 3 && stops <= 8, () -> stops + " stops");
          assertEquals("it was stopped and is active again", problem("web.service"));
        });
  }

  @Test
  void reloadThatIsRefusedIsAskedForAgain() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          systemd.refuseReloads(3);

          launch("db.service", SERVICE);
          pass(700);
          assertEquals(
              "systemd will not reload: Reload() request rejected due to rate limit.",
              problem("db.service"));
          assertEquals("web.service launched active", states().split("; ")[1]);

          pass(30_000);
          assertEquals("db.service launched active; web.service launched active", states());
        });
  }
}
