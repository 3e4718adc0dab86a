package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.testing.machines.LocalCluster.StoreKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The whole on the embedded store of n1, which n1 serves to the others.
class EmbeddedIT extends EndToEnd {

  EmbeddedIT() {
    super("embit", 22, StoreKind.EMBEDDED);
  }

  @Test
  void whileTheMachineWithTheStoreIsOffNothingStopsAndNothingMoves() throws Exception {
    List<String> units = startSleepers("holder", 8);
    var others = cluster.nodesWithout("n1");
    var before = invocations(units, others);
    assertEquals(6, before.size());

    kill("n1");
    Thread.sleep(Duration.ofSeconds(20));
    assertEquals(before, invocations(units, others));

    comesBack("n1");
    await("all units", Duration.ofSeconds(20), 8, () -> invocations(units, cluster.nodes()).size());
    assertEquals(before, invocations(before.keySet().stream().toList(), others));
  }
}
