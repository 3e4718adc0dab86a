package fleet.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster;
import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// What fleetctl's restart does on real machines.
class RestartIT extends ClusterTest {

  private static final String EVERYWHERE = SLEEPER + "\n[X-Fleet]\nGlobal=true\n";

  RestartIT() {
    super("again", 26, StoreKind.EMBEDDED, 3);
  }

  @Test
  void unitsAreRestartedWhereTheyAreAndOneAfterTheOther() throws Exception {
    List<String> units = startSleepers("roll", 6);
    var before = invocations(units, cluster.nodes());

    Output output = fleetctl(words("restart", units));

    output.orFail();
    var after = invocations(units, cluster.nodes());
    assertEquals(nodes(before), nodes(after));
    units.forEach(unit -> assertNotEquals(before.get(unit), after.get(unit), unit));
    List<Long> began = new ArrayList<>();
    for (String unit : units) {
      began.add(began(unit));
    }
    assertEquals(began.stream().sorted().toList(), began);
    assertEquals(
        units, output.out().lines().map(line -> line.split(" ")[1]).toList(), output.all());
  }

  @Test
  void theFirstThatFailsIsTheLast() throws Exception {
    start(
        "once.service",
        """
        [Service]
        Type=notify
        NotifyAccess=all
        ExecStart=/bin/sh -c 'mkdir /tmp/once || exit 3; systemd-notify --ready; exec sleep infinity'
        """);
    List<String> others = startSleepers("after", 2);
    var before = invocations(others, cluster.nodes());

    Output output =
        fleetctl("restart", others.getFirst(), "once.service", others.getLast(), "--timeout=20s");

    assertEquals(1, output.status(), output.all());
    assertTrue(output.err().contains("mkdir: cannot create directory"), output.all());
    assertTrue(output.err().contains("result exit-code"), output.all());
    assertTrue(output.err().contains("Not restarted: [after@2.service]."), output.all());
    var after = invocations(others, cluster.nodes());
    assertNotEquals(before.get("after@1.service"), after.get("after@1.service"));
    assertEquals(before.get("after@2.service"), after.get("after@2.service"));
  }

  @Test
  void aGlobalUnitIsRestartedOnEveryMachineOrOnOne() throws Exception {
    start("everywhere.service", EVERYWHERE);
    for (String node : cluster.nodes()) {
      LocalCluster.await(
          "started on " + node,
          SOON,
          "active",
          () -> cluster.unit(node, "everywhere.service").active());
    }
    List<String> before = everywhere();

    fleetctl("restart", "--machine=" + cluster.machineId("n2"), "everywhere").orFail();
    List<String> once = everywhere();
    assertEquals(before.get(0), once.get(0));
    assertNotEquals(before.get(1), once.get(1));
    assertEquals(before.get(2), once.get(2));

    fleetctl("restart", "everywhere.service").orFail();
    List<String> twice = everywhere();
    fleetctl("restart", "--all-at-once", "everywhere.service").orFail();
    List<String> thrice = everywhere();
    for (int i = 0; i < before.size(); i++) {
      assertNotEquals(once.get(i), twice.get(i));
      assertNotEquals(twice.get(i), thrice.get(i));
    }
  }

  private List<String> everywhere() throws InterruptedException {
    List<String> invocations = new ArrayList<>();
    for (String node : cluster.nodes()) {
      invocations.add(cluster.unit(node, "everywhere.service").invocation());
    }
    return invocations;
  }

  private long began(String unit) throws Exception {
    return Long.parseLong(
        cluster
            .exec(
                cluster.whereActive(unit),
                "systemctl",
                "show",
                "--value",
                "--property=ExecMainStartTimestampMonotonic",
                unit)
            .orFail());
  }

  private static List<String> nodes(SortedMap<String, String> invocations) {
    return invocations.values().stream().map(where -> where.split(" ")[0]).toList();
  }

  private static String[] words(String verb, List<String> units) {
    List<String> words = new ArrayList<>(List.of(verb));
    words.addAll(units);
    return words.toArray(String[]::new);
  }
}
