package fleet.scheduler.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.TargetState;
import fleet.cluster.registry.Decision;
import fleet.scheduler.plan.ClusterScene;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// In which order a plan is written.
class PlannedWritesTest {

  private final ClusterScene cluster = new ClusterScene();

  private void unit(String name, String... options) {
    cluster.unit(name, TargetState.LAUNCHED, List.of(options));
  }

  private void assigned(String name, String machine) {
    cluster.assign(name, machine);
    cluster.report(name, machine);
  }

  private List<String> written() {
    var writes = PlannedWrites.of(cluster.plan(), cluster.snapshot());
    return writes.decisions().stream().map(PlannedWritesTest::brief).toList();
  }

  private static String brief(Decision decision) {
    return switch (decision) {
      case Decision.Assign(var machine, var assignment) -> assignment.unit() + " to " + machine;
      case Decision.Unassign(var machine, var unit, _) -> unit + " off " + machine;
      case Decision.Withhold(var machine, var assignment, _) ->
          assignment.unit() + " withheld from " + machine;
      default -> decision.toString();
    };
  }

  @Test
  void lossesComeBeforeMovesAndTheseBeforeNewsAndThoseBeforeNewUnits() {
    cluster.machine("a", Map.of());
    cluster.machine("b", Map.of("disk", "ssd"));
    unit("a-new.service");
    unit("b-told.service");
    assigned("b-told.service", "a");
    unit("b-told.service", "ExecStart=/bin/other");
    unit("c-moved.service");
    assigned("c-moved.service", "a");
    unit("c-moved.service", "MachineMetadata=disk=ssd");
    unit("d-stopped.service");
    assigned("d-stopped.service", "b");
    cluster.target("d-stopped.service", TargetState.INACTIVE);
    unit("y-lost.service");
    cluster.assign("y-lost.service", "c");
    unit("z-lost-too.service", "Exclusive=true");
    cluster.assign("z-lost-too.service", "c");

    assertEquals(
        List.of(
            "Evict[machine=c]",
            "y-lost.service off c",
            "y-lost.service to a",
            "z-lost-too.service withheld from c",
            "c-moved.service off a",
            "d-stopped.service off b",
            "b-told.service to a",
            "a-new.service to b"),
        written());
  }
}
