package fleet.scheduler.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.TargetState;
import fleet.cluster.registry.Decision;
import fleet.scheduler.plan.ClusterScene;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is said of the units that wait, and how it is counted.
class ExplanationsTest {

  private final ClusterScene cluster = new ClusterScene();

  private void unit(String name, String... options) {
    cluster.unit(name, TargetState.LAUNCHED, List.of(options));
  }

  private static String brief(Decision decision) {
    return switch (decision) {
      case Decision.Share _ -> "reasons";
      case Decision.ExplainBy(var unit, _, _) -> unit + " by reasons";
      case Decision.Explain(var unit, _) -> unit + " by itself";
      default -> decision.toString();
    };
  }

  @Test
  void reasonsThatUnitsShareAreSaidOnceAndUnitsAreCountedHoweverTheyAreExplained() {
    cluster.machine("a", Map.of());
    cluster.machine("b", Map.of());
    unit("1.service", "MachineMetadata=disk=ssd");
    unit("2.service", "MachineMetadata=disk=ssd");
    unit("app@.service");
    unit("web@.service");

    var said = Explanations.of(cluster.plan(), cluster.snapshot()).next();

    assertEquals(
        List.of(
            "reasons",
            "1.service by reasons",
            "2.service by reasons",
            "app@.service by itself",
            "web@.service by itself"),
        said.decisions().stream().map(ExplanationsTest::brief).toList());
    assertEquals(new WriteCount(0, 0, 0, 4), said.tally());
  }
}
