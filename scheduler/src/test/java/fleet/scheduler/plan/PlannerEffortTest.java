package fleet.scheduler.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.TargetState;
import fleet.scheduler.plan.Plan.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How much work a plan is, counted and not timed: it grows as the cluster does, and no faster,
/// with more units than machines that can take them.
@Tag("slow")
class PlannerEffortTest {

  /// So many questions for each machine and each unit there is, at most.
  private static final int FEW = 8;

  /// Units of which a machine can take one only: half of them wait, if there are twice as many as
  /// machines. Some have run before, and machines have other units, so that loads differ.
  static ClusterScene onePerMachine(int machines, int units, List<String> options) {
    var cluster = new ClusterScene();
    for (int i = 0; i < machines; i++) {
      cluster.machine(machine(i), Map.of("disk", i % 2 == 0 ? "ssd" : "hdd"));
    }
    for (int i = 0; i < units; i++) {
      cluster.unit("web@" + i + ".service", TargetState.LAUNCHED, options);
    }
    return cluster;
  }

  private static String machine(int i) {
    return "%08x%024x".formatted(i * 0x9e3779b1, i);
  }

  private static long work(ClusterScene.Question question, ClusterScene.Answer planner) {
    var effort = planner.worked(question.cluster(), question.conditions()).effort();
    return effort.vetoesAsked() + effort.lookUps();
  }

  private static void growsWithTheCluster(List<String> options) {
    for (int machines : List.of(250, 500, 1_000, 2_000)) {
      int units = 2 * machines;
      int enough = FEW * (machines + units);
      var cluster = onePerMachine(machines, units, options);
      assertLittle(enough, cluster, "placing all");
      cluster.carryOut(cluster.plan());
      cluster.reportAll();
      assertLittle(enough, cluster, "with nothing to do");
      cluster.machineGone(machine(7));
      assertLittle(enough, cluster, "with a machine lost");
    }
  }

  private static void assertLittle(int enough, ClusterScene cluster, String when) {
    long work = work(cluster.question(), Planner::worked);
    assertTrue(work <= enough, () -> when + " took " + work + " questions, more than " + enough);
  }

  @Test
  void unitsThatExcludeEachOtherOnAMachineAreNotTriedOnEachOne() {
    growsWithTheCluster(List.of("Conflicts=web@*.service"));
  }

  @Test
  void unitsThatOnlySomeMachinesCanTakeAreNotTriedOnEachOne() {
    growsWithTheCluster(List.of("Conflicts=web@*.service", "MachineMetadata=disk=ssd"));
  }

  @Test
  void unitsThatMustBeWithAGlobalOneAreNotTriedOnEachOne() {
    int machines = 500;
    var options = List.of("Conflicts=web@*.service", "MachineOf=proxy.service");
    var cluster = onePerMachine(machines, 2 * machines, options);
    cluster.unit("proxy.service", TargetState.LAUNCHED, List.of("Global=true"));

    assertLittle(FEW * 3 * machines, cluster, "placing all");
  }

  @Test
  void thePlainPlannerTakesFarMore() {
    var cluster = onePerMachine(50, 100, List.of("Conflicts=web@*.service"));

    assertTrue(work(cluster.question(), Planner::worked) <= FEW * 150);
    assertTrue(work(cluster.question(), PlainPlanner::worked) > 20 * FEW * 150);
  }

  @Test
  void machinesThatHaveOneAreNotAskedAgainThoughTheyHaveTheFewestUnits() {
    int machines = 400;
    var cluster = onePerMachine(machines, machines, List.of("Conflicts=web@*.service"));
    for (int i = 0; i < machines; i++) {
      if (i % 2 == 0) {
        cluster.assign("web@" + i + ".service", machine(i));
      } else {
        for (int j = 0; j < 3; j++) {
          String other = "other" + i + "-" + j + ".service";
          cluster.unit(other, TargetState.LAUNCHED, List.of());
          cluster.assign(other, machine(i));
        }
      }
    }

    assertLittle(FEW * 3 * machines, cluster, "placing half");
  }

  @Test
  void unitsForWhichThereIsNoMachineShareTheirReasons() {
    var plan = onePerMachine(3, 9, List.of("Conflicts=web@*.service")).plan();

    var obstacles =
        plan.steps().stream()
            .filter(step -> step instanceof Step.Leave)
            .map(step -> ((Step.Leave) step).obstacle())
            .toList();
    assertEquals(6, obstacles.size());
    obstacles.forEach(obstacle -> assertSame(obstacles.getFirst(), obstacle));
  }
}
