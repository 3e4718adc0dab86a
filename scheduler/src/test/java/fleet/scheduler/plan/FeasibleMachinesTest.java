package fleet.scheduler.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.TargetState;
import fleet.scheduler.plan.Plan.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A machine that has said no is asked again when it may say yes: clusters of so many machines that
/// vetoes are remembered.
class FeasibleMachinesTest {

  private static final int MACHINES = 20;

  private final ClusterScene cluster = new ClusterScene();

  FeasibleMachinesTest() {
    IntStream.range(0, MACHINES).forEach(i -> cluster.machine("m" + i, Map.of()));
  }

  private void unit(String name, String... options) {
    cluster.unit(name, TargetState.LAUNCHED, List.of(options));
  }

  /// Where the plan puts a unit, which is where the plain one puts it.
  private Optional<String> planned(String unit) {
    var question = cluster.question();
    Plan plan = question.answer(Planner::worked);
    assertEquals(question.answer(PlainPlanner::worked).steps(), plan.steps());
    return plan.steps().stream()
        .filter(step -> step instanceof Step.Assign && step.unit().text().equals(unit))
        .map(step -> ((Step.Assign) step).machine().text())
        .findFirst();
  }

  @Test
  void machineThatAUnitIsDrivenOffIsAskedAgain() {
    for (int i = 0; i < MACHINES; i++) {
      unit("web@" + i + ".service");
      cluster.assign("web@" + i + ".service", "m" + i);
    }
    unit("app@1.service", "Conflicts=web@*.service");
    unit("app@2.service", "Conflicts=web@*.service");
    assertEquals(Optional.empty(), planned("app@1.service"));

    unit("zone.service", "Replaces=web@7.service", "MachineID=m7");

    assertEquals(Optional.of("m7"), planned("app@1.service"));
  }

  @Test
  void machineThatAPeerComesToIsAskedAgain() {
    unit("peer.service");
    cluster.assign("peer.service", "m7");
    unit("held.service");
    cluster.assign("held.service", "m7");
    for (int i = 0; i < MACHINES; i++) {
      unit("app@%02d.service".formatted(i), "MachineOf=peer.service", "Conflicts=app@*.service");
    }
    assertEquals(Optional.of("m7"), planned("app@00.service"));

    // Has its way only when the last has had its own: by then all apps have been refused by m7.
    unit("a.service", "Replaces=peer.service", "Conflicts=held.service", "MachineID=m7");
    unit("z.service", "Replaces=held.service", "MachineID=m7");

    assertEquals(Optional.of("m1"), planned("peer.service"));
    assertEquals(Optional.of("m1"), planned("app@00.service"));
  }

  @Test
  void machineThatHasComeToHaveMoreUnitsIsNotTheFirstToBeAsked() {
    for (int i = 0; i < MACHINES; i++) {
      unit("web@" + i + ".service");
      cluster.assign("web@" + i + ".service", "m" + i);
    }
    cluster.machine("n1", Map.of());
    cluster.machine("n2", Map.of());
    unit("app@1.service", "Conflicts=web@*.service", "Conflicts=app@1.service");
    unit("app@2.service", "Conflicts=web@*.service", "Conflicts=app@1.service");
    unit("app@3.service", "Conflicts=web@*.service");
    unit("app@4.service", "Conflicts=web@*.service");

    assertEquals(Optional.of("n1"), planned("app@1.service"));
    assertEquals(Optional.of("n2"), planned("app@2.service"));
    assertEquals(Optional.of("n1"), planned("app@3.service"));
    assertEquals(Optional.of("n2"), planned("app@4.service"));
  }
}
