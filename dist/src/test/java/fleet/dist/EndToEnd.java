package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What users rely on, on four real machines: once for each place where the cluster may lie.
abstract class EndToEnd extends ClusterTest {

  EndToEnd(String name, int net, StoreKind store) {
    super(name, net, store);
  }

  @Test
  void aUnitGoesThroughItsWholeLife() throws Exception {
    submit("life.service", SLEEPER);
    assertEquals("life.service\tinactive", states("life.service"));

    fleetctl("load", "life.service").orFail();
    assertEquals("life.service\tloaded", states("life.service"));
    String loadedOn = assigned("life.service");
    assertEquals("loaded", cluster.unit(loadedOn, "life.service").load());
    assertEquals("inactive", cluster.unit(loadedOn, "life.service").active());

    fleetctl("start", "life.service").orFail();
    assertEquals(loadedOn, cluster.whereActive("life.service"));
    assertEquals("life.service\tlaunched", states("life.service"));

    fleetctl("stop", "life.service").orFail();
    assertEquals("inactive", cluster.unit(loadedOn, "life.service").active());
    assertEquals("life.service\tloaded", states("life.service"));

    fleetctl("start", "life.service").orFail();
    fleetctl("unload", "life.service").orFail();
    assertEquals(List.of(), cluster.activeOn(cluster.nodes(), "life.service"));
    assertEquals("life.service\tinactive", states("life.service"));
    await(
        "gone from the machine",
        SOON,
        "not-found",
        () -> cluster.unit(loadedOn, "life.service").load());

    fleetctl("destroy", "life.service").orFail();
    assertEquals("", list("list-unit-files"));
  }

  private String states(String unit) throws InterruptedException {
    return list("list-unit-files", "--fields=unit,state")
        .lines()
        .filter(line -> line.startsWith(unit))
        .map(line -> line.replaceAll("\t+", "\t"))
        .findFirst()
        .orElse("no " + unit);
  }

  private String assigned(String unit) throws InterruptedException {
    String machine =
        list("list-units", "--full", "--fields=unit,machine")
            .lines()
            .filter(line -> line.startsWith(unit + "\t"))
            .map(line -> line.replaceAll("^.*\t+|/.*$", ""))
            .findFirst()
            .orElse("");
    for (String node : cluster.nodes()) {
      if (cluster.machineId(node).equals(machine)) {
        return node;
      }
    }
    throw new AssertionError(unit + " is on machine \"" + machine + "\"");
  }

  @Test
  void whatIsSubmittedReadsBackAsItWas() throws Exception {
    String contents = "[Unit]\nDescription=A and B\n\n[Service]\nExecStart=/bin/sleep 9\n";
    submit("cat.service", contents);

    assertEquals(contents, fleetctl("cat", "cat.service").out());
  }

  @Test
  void aSocketStartsItsServiceWhichFleetOnlyLoaded() throws Exception {
    fleetctl("load", EXAMPLES + "notes.service").orFail();
    fleetctl("start", EXAMPLES + "notes.socket").orFail();
    String node = cluster.whereActive("notes.socket");
    assertEquals("inactive", cluster.unit(node, "notes.service").active());

    cluster.exec(node, "bash", "-c", "echo 'buy milk' >/dev/udp/127.0.0.1/7070").orFail();
    await("the note", SOON, true, () -> journal(node, "notes.service").contains("buy milk"));
    assertEquals("notes.service\tloaded", states("notes.service"));
    assertEquals("active", cluster.unit(node, "notes.service").active(), "and leaves alone");
  }

  private String journal(String node, String unit) throws InterruptedException {
    return cluster.exec(node, "journalctl", "--no-pager", "-o", "cat", "-u", unit).orFail();
  }

  @Test
  void aTimerStartsItsServiceAgainAndAgain() throws Exception {
    fleetctl("load", EXAMPLES + "tick.service").orFail();
    fleetctl("start", EXAMPLES + "tick.timer").orFail();
    String node = cluster.whereActive("tick.timer");

    await(
        "two ticks",
        Duration.ofSeconds(40),
        true,
        () -> journal(node, "tick.service").lines().filter(l -> l.startsWith("It is")).count() > 1);
  }

  @Test
  void theOtherExamplesRunAsTheyAre() throws Exception {
    fleetctl(
            "start",
            EXAMPLES + "hello.service",
            EXAMPLES + "hello-echo.service",
            EXAMPLES + "hello@1.service",
            EXAMPLES + "hello@2.service",
            EXAMPLES + "node-info.service",
            EXAMPLES + "disk-report.service")
        .orFail();

    assertEquals(cluster.whereActive("hello.service"), cluster.whereActive("hello-echo.service"));
    assertNotEquals(cluster.whereActive("hello@1.service"), cluster.whereActive("hello@2.service"));
    assertEquals("n2", cluster.whereActive("disk-report.service"));
    await(
        "one on every machine",
        SOON,
        cluster.nodes(),
        () -> cluster.activeOn(cluster.nodes(), "node-info.service"));
  }

  @Test
  void instancesThatConflictSpreadOverAllMachines() throws Exception {
    write("spread@.service", SLEEPER + "\n[X-Fleet]\nConflicts=spread@*.service\n");
    fleetctl(
            "start",
            "/tmp/spread@1.service",
            "/tmp/spread@2.service",
            "/tmp/spread@3.service",
            "/tmp/spread@4.service")
        .orFail();
    var nodes = new TreeMap<String, String>();
    for (int i = 1; i <= 4; i++) {
      nodes.put(cluster.whereActive("spread@" + i + ".service"), "spread@" + i);
    }
    assertEquals(cluster.nodes(), List.copyOf(nodes.keySet()));

    Output fifth = fleetctl("start", "/tmp/spread@5.service");
    assertNotEquals(0, fifth.status(), fifth.all());
    for (String node : cluster.nodes()) {
      assertTrue(fifth.all().contains(cluster.machineId(node).substring(0, 8)), fifth.all());
    }
    assertTrue(fifth.all().contains("spread@"), fifth.all());
  }

  @Test
  void unitsLandWhereTheyMust() throws Exception {
    start("ssd.service", SLEEPER + "\n[X-Fleet]\nMachineMetadata=disk=ssd\n");
    start("beside.service", SLEEPER + "\n[X-Fleet]\nMachineOf=ssd.service\n");
    start("pinned.service", SLEEPER + "\n[X-Fleet]\nMachineID=" + cluster.machineId("n3") + "\n");
    start("everywhere.service", SLEEPER + "\n[X-Fleet]\nGlobal=true\nMachineMetadata=zone=a\n");

    assertEquals("n2", cluster.whereActive("ssd.service"));
    assertEquals("n2", cluster.whereActive("beside.service"));
    assertEquals("n3", cluster.whereActive("pinned.service"));
    await(
        "the global unit",
        SOON,
        List.of("n2", "n3"),
        () -> cluster.activeOn(cluster.nodes(), "everywhere.service"));

    Output nowhere =
        startRefused("tape.service", SLEEPER + "\n[X-Fleet]\nMachineMetadata=disk=tape\n");
    assertTrue(nowhere.all().contains("disk=tape"), nowhere.all());
  }

  private Output startRefused(String unit, String contents) throws InterruptedException {
    write(unit, contents);
    Output output = fleetctl("start", "/tmp/" + unit);
    assertNotEquals(0, output.status(), output.all());
    return output;
  }

  @Test
  void aPowerCutMovesTheUnitsOfItsMachineAndNothingElse() throws Exception {
    List<String> units = startSleepers("power", 12);
    String lost = victim();
    var before = invocations(units, cluster.nodes());
    List<String> moving =
        units.stream().filter(unit -> before.getOrDefault(unit, "").startsWith(lost)).toList();
    assertEquals(3, moving.size(), before.toString());

    kill(lost);
    var survivors = cluster.nodesWithout(lost);
    await("all units", SOON, 12, () -> invocations(units, survivors).size());

    var after = invocations(units, survivors);
    for (String unit : units) {
      if (!moving.contains(unit)) {
        assertEquals(before.get(unit), after.get(unit), unit);
      }
    }
    comesBack(lost);
    var atLast = invocations(units, cluster.nodes());
    assertEquals(after, atLast, "the node that returns does not run what has moved");
  }

  /// A node that holds neither the store nor, if it can be helped, the leadership.
  private String victim() throws InterruptedException {
    String leader = cluster.leader();
    return leader.equals("n4") ? "n3" : "n4";
  }

  @Test
  void killingTheDaemonStopsNothing() throws Exception {
    lengthenLeases();
    List<String> units = startSleepers("kill9", 4);
    var before = invocations(units, cluster.nodes());

    for (String node : cluster.nodes()) {
      String old = mainPid(node);
      cluster.exec(node, "kill", "-KILL", old).orFail();
      await(
          "the daemon of " + node,
          PATIENCE,
          true,
          () -> !Set.of(old, "0").contains(mainPid(node)) && countMachines() == 4);
    }
    startSleepers("after", 4);

    assertEquals(before, invocations(units, cluster.nodes()));
    shortenLeases();
    assertEquals(before, invocations(units, cluster.nodes()), "a restart stops nothing either");
  }

  @Test
  void stoppingTheDaemonLeavesTheClusterInOrderAndSignalsDoNot() throws Exception {
    lengthenLeases();
    List<String> units = startSleepers("stop", 8);
    String leaving = victim();
    var before = invocations(units, cluster.nodes());

    String old = mainPid(leaving);
    cluster.exec(leaving, "kill", "-TERM", old).orFail();
    await(
        "the next daemon",
        SOON,
        true,
        () -> !Set.of(old, "0").contains(mainPid(leaving)) && countMachines() == 4);
    assertEquals(before, invocations(units, cluster.nodes()), "systemd has not asked for that");

    afterwards(() -> cluster.exec(leaving, "systemctl", "start", "fleet").orFail());
    cluster.exec(leaving, "systemctl", "stop", "fleet").orFail();
    assertEquals(new TreeMap<>(), invocations(units, List.of(leaving)));
    await("no lease to wait for", SOON, 3L, this::countMachines);
    var others = cluster.nodesWithout(leaving);
    await("all units", SOON, 8, () -> invocations(units, others).size());

    cluster.exec(leaving, "systemctl", "start", "fleet.socket", "fleet").orFail();
    await("it is back", SOON, 4L, this::countMachines);
  }

  @Test
  void oneUnitThatCannotRunDisturbsNoOther() throws Exception {
    Output bad = startRefused("bad.service", "[Service]\nExecStart=/does/not/exist\n");
    assertTrue(bad.all().contains("bad.service"), bad.all());

    startSleepers("good", 8);
  }

  @Test
  void badInputIsNamedAndCostsNothingElse() throws Exception {
    write("half.service", "[Service\nExecStart=/bin/true\n");
    write("scope.scope", "[Scope]\n");
    write("meta.service", SLEEPER + "\n[X-Fleet]\nMachineMetadata=a=b c=d\n");
    write("fine.service", SLEEPER);

    Output output =
        fleetctl(
            "start",
            "/tmp/half.service",
            "/tmp/scope.scope",
            "/tmp/meta.service",
            "/tmp/fine.service");

    assertNotEquals(0, output.status());
    assertTrue(output.all().contains("unable to find end of section"), output.all());
    assertTrue(output.all().contains("scope.scope"), output.all());
    assertTrue(output.all().contains("a=b c=d"), output.all());
    cluster.whereActive("fine.service");
  }

  @Test
  void anUnreadableFileInTheUnitsDirectoryStopsNobody() throws Exception {
    for (String node : cluster.nodes()) {
      cluster.put(node, "/run/fleet/units/garbage.service", "[Service\n");
      cluster.exec(node, "systemctl", "restart", "fleet").orFail();
    }
    await("the daemons", SOON, 4L, this::countMachines);

    startSleepers("beside-garbage", 4);
    for (String node : cluster.nodes()) {
      cluster.exec(node, "rm", "-f", "/run/fleet/units/garbage.service").orFail();
    }
  }
}
