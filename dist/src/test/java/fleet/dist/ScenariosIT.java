package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// What fleet 1.0's own functional suite (`functional/`) asked of a cluster, on real machines.
class ScenariosIT extends ClusterTest {

  private static final String SPREAD = SLEEPER + "\n[X-Fleet]\nConflicts=spread@*.service\n";

  /// Longer than a lease, as in fleet 1.0's `connectivity-loss_test.go`.
  private static final Duration CONNECTIVITY_LOSS = Duration.ofSeconds(3 + 7);

  ScenariosIT() {
    super("scene", 23, StoreKind.ETCD);
  }

  @Test
  void unitsOfANodeThatLeavesStopThereBeforeTheyStartElsewhere() throws Exception {
    String service =
        """
        [Service]
        ExecStart=/bin/sleep infinity
        ExecStop=/bin/sh -c 'sleep %i; cut -d" " -f1 /proc/uptime >/root/%n.stopped'
        """;
    write("leave@.service", service);
    List<String> units = new ArrayList<>();
    for (String delay : List.of("0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8")) {
      units.add("leave@" + delay + ".service");
    }
    fleetctl(command("start", "/tmp/", units)).orFail();
    var before = invocations(units, cluster.nodes());
    String leaver = "n4";
    List<String> moving =
        units.stream().filter(unit -> before.getOrDefault(unit, "").startsWith(leaver)).toList();
    assertEquals(2, moving.size(), before.toString());

    afterwards(() -> cluster.exec(leaver, "systemctl", "start", "fleet").orFail());
    cluster.exec(leaver, "systemctl", "stop", "fleet").orFail();

    assertEquals(3, countMachines());
    var others = cluster.nodesWithout(leaver);
    await("all units elsewhere", SOON, 8, () -> invocations(units, others).size());
    assertUndisturbed(without(before, moving), others);
    assertEquals(List.of(), cluster.activeOn(List.of(leaver), String.join(" ", moving)));
    for (String unit : moving) {
      double stopped =
          Double.parseDouble(cluster.exec(leaver, "cat", "/root/" + unit + ".stopped").orFail());
      double started = cluster.unit(cluster.whereActive(unit), unit).activeSince() / 1e9;
      assertTrue(started >= stopped, unit + " stopped at " + stopped + ", started at " + started);
    }
    assertEquals("", cluster.exec(leaver, "ls", "/run/fleet/units").orFail());

    var after = invocations(units, others);
    cluster.exec(leaver, "systemctl", "start", "fleet").orFail();
    await("it has come back", SOON, 4L, this::countMachines);
    assertUndisturbed(after, cluster.nodes());
  }

  @Test
  void restartOfEveryDaemonStopsNothing() throws Exception {
    lengthenLeases();
    List<String> units = startSleepers("restart", 8);
    var before = invocations(units, cluster.nodes());

    for (String node : cluster.nodes()) {
      cluster.exec(node, "systemctl", "restart", "fleet").orFail();
    }
    await("the daemons", SOON, 4L, this::countMachines);

    startSleepers("after", 4);
    assertUndisturbed(before, cluster.nodes());
  }

  @Test
  void ofConflictingUnitsOnlyThatOfTheRebuiltNodeMoves() throws Exception {
    List<String> units = startSpread();
    var before = invocations(units, cluster.nodes());
    List<String> moving =
        units.stream().filter(unit -> before.getOrDefault(unit, "").startsWith("n4")).toList();
    assertEquals(1, moving.size(), before.toString());

    String old = cluster.machineId("n4");
    kill("n4");
    cluster.rebuild("n4");
    cluster.start("n4");

    await("the unit is on the new machine", SOON, moving, () -> running("n4", units));
    assertFalse(cluster.machineId("n4").equals(old), "n4 is another machine");
    assertUndisturbed(without(before, moving), cluster.nodes());
  }

  private List<String> startSpread() throws InterruptedException {
    write("spread@.service", SPREAD);
    List<String> units = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      units.add("spread@" + i + ".service");
    }
    fleetctl(command("start", "/tmp/", units)).orFail();
    return units;
  }

  @Test
  void storeOutOfReachLeavesUnitsLinkedAndRunning() throws Exception {
    List<String> units = startSpread();
    var before = invocations(units, cluster.nodes());

    stopStore();
    Thread.sleep(CONNECTIVITY_LOSS);
    assertLinkedAndNeverStopped(units);
    cluster.etcd("start");

    await("all machines", SOON, 4L, this::countMachines);
    assertUndisturbed(before, cluster.nodes());
    assertLinkedAndNeverStopped(units);
  }

  /// No other machine can take the units, each having its own: so there is nobody to move them to.
  @Test
  void machineCutOffKeepsWhatNobodyElseCanTake() throws Exception {
    List<String> units = startSpread();
    start("everywhere.service", SLEEPER + "\n[X-Fleet]\nGlobal=true\n");
    units.add("everywhere.service");
    await("everywhere", SOON, 4, () -> cluster.activeOn(cluster.nodes(), units.getLast()).size());
    var before = invocations(units, List.of("n4"));

    cutOff("n4");
    Thread.sleep(CONNECTIVITY_LOSS);
    assertUndisturbed(before, List.of("n4"));
    cluster.heal("n4");

    await("all machines", SOON, 4L, this::countMachines);
    assertUndisturbed(before, List.of("n4"));
    assertLinkedAndNeverStopped(units);
  }

  private void assertLinkedAndNeverStopped(List<String> units) throws InterruptedException {
    for (String node : cluster.nodes()) {
      for (String unit : running(node, units)) {
        assertEquals(
            "linked-runtime",
            cluster
                .exec(node, "systemctl", "show", "-p", "UnitFileState", "--value", unit)
                .orFail());
        String log = cluster.exec(node, "journalctl", "-b", "-u", unit, "-o", "cat").orFail();
        String invocation = log.substring(log.lastIndexOf("Started "));
        assertFalse(invocation.contains("Stopping"), log);
        assertFalse(invocation.contains("Stopped"), log);
      }
    }
  }

  @Test
  void unitsAreReplacedBySubmitLoadAndStart() throws Exception {
    List<String> units = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      units.add("replace@" + i + ".service");
    }
    for (String verb : List.of("submit", "load", "start")) {
      describe(units, "before " + verb);
      fleetctl(command(verb, "/tmp/", units)).orFail();

      describe(units, "after " + verb);
      var command = new ArrayList<>(List.of(command(verb, "/tmp/", units)));
      command.add("--replace");
      fleetctl(command.toArray(String[]::new)).orFail();

      for (String unit : units) {
        assertTrue(fleetctl("cat", unit).orFail().contains("after " + verb), unit);
      }
      if (verb.equals("start")) {
        await("all run the new text", SOON, 10L, () -> countDescribed(units, "after start"));
      }
      fleetctl(command("destroy", "", units)).orFail();
    }
  }

  private void describe(List<String> units, String description) throws InterruptedException {
    for (String unit : units) {
      write(unit, "[Unit]\nDescription=" + description + "\n\n" + SLEEPER);
    }
  }

  private long countDescribed(List<String> units, String description) throws InterruptedException {
    long count = 0;
    for (String node : cluster.nodes()) {
      var command = new ArrayList<>(List.of("systemctl", "show", "-p", "Description,ActiveState"));
      command.addAll(units);
      String shown = cluster.exec(node, command.toArray(String[]::new)).orFail();
      for (String block : shown.split("\n\n")) {
        count +=
            block.contains("Description=" + description) && block.contains("ActiveState=active")
                ? 1
                : 0;
      }
    }
    return count;
  }

  @Test
  void listsAreInOrder() throws Exception {
    write("order@.service", SLEEPER);
    List<String> units = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      units.add("order@%03d.service".formatted(i * 37 % 120));
    }
    fleetctl(command("submit", "/tmp/", units)).orFail();
    fleetctl(command("start", "/tmp/", units.subList(0, 20))).orFail();

    List<String> sorted = new ArrayList<>(units);
    Collections.sort(sorted);
    assertEquals(sorted, column("list-unit-files", "--fields=unit"));
    List<String> started = new ArrayList<>(units.subList(0, 20));
    Collections.sort(started);
    assertEquals(started, column("list-units", "--fields=unit"));
    List<String> machines = new ArrayList<>();
    for (String node : cluster.nodes()) {
      machines.add(cluster.machineId(node));
    }
    Collections.sort(machines);
    assertEquals(machines, column("list-machines", "--full", "--fields=machine"));
  }

  private List<String> column(String... command) throws InterruptedException {
    return list(command).lines().map(String::strip).toList();
  }

  @Test
  void metadataSetThroughTheApiPlacesUnitsAtOnce() throws Exception {
    write("meta.service", SLEEPER + "\n[X-Fleet]\nMachineMetadata=role=db\n");
    Output refused = fleetctl("start", "/tmp/meta.service");
    assertTrue(refused.status() != 0 && refused.all().contains("role"), refused.all());

    afterwards(this::withdrawMetadata);
    patch("n3", "add", "role", ",\"value\":{\"value\":\"db\"}");
    await("placed", SOON, List.of("n3"), () -> cluster.activeOn(cluster.nodes(), "meta.service"));
    assertTrue(list("list-machines").contains("disk=hdd,role=db,zone=a"));

    patch("n4", "add", "role", ",\"value\":\"db\"");
    patch("n3", "remove", "role", "");
    await("moved", SOON, List.of("n4"), () -> cluster.activeOn(cluster.nodes(), "meta.service"));

    patch("n3", "remove", "disk", "");
    assertFalse(list("list-machines").contains("disk=hdd"), "what is configured can be hidden");
  }

  private void withdrawMetadata() throws Exception {
    patch("n3", "add", "disk", ",\"value\":\"hdd\"");
    patch("n3", "remove", "role", "");
    patch("n4", "remove", "role", "");
  }

  private void patch(String node, String op, String key, String value) throws Exception {
    String path = "/" + cluster.machineId(node) + "/metadata/" + key;
    String body = "[{\"op\":\"" + op + "\",\"path\":\"" + path + "\"" + value + "}]";
    String status =
        cluster
            .exec(
                "n1",
                "curl",
                "-sS",
                "-o",
                "/dev/stderr",
                "-w",
                "%{http_code}",
                "--unix-socket",
                "/var/run/fleet.sock",
                "-X",
                "PATCH",
                "-d",
                body,
                "http://fleet/fleet/v1/machines")
            .orFail();
    assertEquals("204", status);
  }

  private static String[] command(String verb, String directory, List<String> units) {
    List<String> command = new ArrayList<>(List.of(verb));
    units.forEach(unit -> command.add(directory + unit));
    return command.toArray(String[]::new);
  }

  private void assertUndisturbed(SortedMap<String, String> before, List<String> nodes)
      throws InterruptedException {
    assertEquals(before, invocations(List.copyOf(before.keySet()), nodes));
  }
}
