package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of units on machines that are not heard any more and still run: one, or too many.
class SilenceIT extends ClusterTest {

  /// It hangs when it is to stop, and systemd restarts it whatever ends it.
  private static final String STUBBORN =
      """
      [Service]
      ExecStart=/bin/sh -c 'trap "" TERM; while :; do sleep 1; done'
      ExecStop=/bin/sleep 60
      Restart=always
      TimeoutStopSec=2s

      [X-Fleet]
      Exclusive=true
      """;

  /// On n2 or n3, and not where the user sits.
  private static final String MOVABLE = "MachineMetadata=zone=a\n";

  private static final String PAUSED =
      "WARNING: evictions are paused: 3 of 4 machines are silent, more than evict_share=0.5"
          + " (see: fleetctl help evict)";

  /// So long that it is told from all else that a daemon sends.
  private static final String TEXT = SLEEPER + "Environment=LONG=" + "x".repeat(8_000) + "\n";

  SilenceIT() {
    super("lence", 29, StoreKind.ETCD);
  }

  @Test
  void onAMachineThatIsCutOffEachUnitDoesWhatItAsksForAndTheYoungestPlacementWins()
      throws Exception {
    start("keep.service", SLEEPER + "\n[X-Fleet]\nDisconnect=keep\n" + MOVABLE);
    start("stop.service", SLEEPER + "\n[X-Fleet]\nDisconnect=stop\nMachineOf=keep.service\n");
    start("only.service", STUBBORN + "MachineOf=keep.service\n");
    List<String> units = List.of("keep.service", "only.service", "stop.service");
    String lost = cluster.whereActive("only.service");
    String other = lost.equals("n2") ? "n3" : "n2";
    var before = invocations(units, List.of(lost));
    assertEquals(units, List.copyOf(before.keySet()));

    cutOff(lost);
    await("all units elsewhere", PATIENCE, units, () -> running(other, units));

    assertEquals(
        without(before, List.of("only.service", "stop.service")),
        invocations(units, List.of(lost)));
    assertStoppedBeforeItStarted("only.service", lost, other);
    var moved = invocations(units, List.of(other));

    cluster.heal(lost);
    await("it is back", PATIENCE, 4L, this::countMachines);
    await("no surplus copy", PATIENCE, List.of(), () -> running(lost, units));
    assertEquals(moved, invocations(units, cluster.nodes()));
  }

  /// What becomes of the daemon.
  enum Daemon {
    FROZEN,
    KILLED_FOR_GOOD
  }

  @ParameterizedTest
  @EnumSource
  void anExclusiveUnitIsStoppedBySystemdWhereTheDaemonIsNotInAStateToDoSo(Daemon daemon)
      throws Exception {
    start("only.service", STUBBORN + MOVABLE);
    String lost = cluster.whereActive("only.service");
    String other = lost.equals("n2") ? "n3" : "n2";

    Step end =
        switch (daemon) {
          case FROZEN -> freezeDaemon(lost);
          case KILLED_FOR_GOOD -> killDaemonForGood(lost);
        };
    await("elsewhere", PATIENCE, List.of(other), () -> active("only.service"));

    assertStoppedBeforeItStarted("only.service", lost, other);
    assertTrue(monotonic(lost, "fleet-switch-only.service-fire.service", "ExecMainStart") > 0);
    var moved = invocations(List.of("only.service"), cluster.nodes());

    end.run();
    await("it is back", PATIENCE, 4L, this::countMachines);
    assertEquals(moved, invocations(List.of("only.service"), cluster.nodes()));
  }

  private Step killDaemonForGood(String node) throws InterruptedException {
    String override = "/run/systemd/system/fleet.service.d/dead.conf";
    Step restart =
        () ->
            cluster
                .exec(
                    node,
                    "sh",
                    "-c",
                    "rm -f " + override + "; systemctl daemon-reload; systemctl start fleet")
                .orFail();
    afterwards(restart);
    cluster.exec(node, "mkdir", "-p", "/run/systemd/system/fleet.service.d").orFail();
    cluster.put(node, override, "[Service]\nRestart=no\n");
    cluster.exec(node, "systemctl", "daemon-reload").orFail();
    cluster.exec(node, "kill", "-KILL", mainPid(node)).orFail();
    return restart;
  }

  private List<String> active(String unit) throws InterruptedException {
    return cluster.activeOn(cluster.nodes(), unit);
  }

  /// All nodes have one clock.
  private void assertStoppedBeforeItStarted(String unit, String there, String here)
      throws InterruptedException {
    long stopped = monotonic(there, unit, "InactiveEnter");
    long started = monotonic(here, unit, "ExecMainStart");
    assertEquals("0", show(there, unit, "MainPID"));
    assertTrue(
        stopped > 0 && stopped < started,
        unit + " stopped at " + stopped + " µs, started elsewhere at " + started + " µs");
  }

  /// @return microseconds; 0 if that has never happened
  private long monotonic(String node, String unit, String event) throws InterruptedException {
    return Long.parseLong(show(node, unit, event + "TimestampMonotonic"));
  }

  private String show(String node, String unit, String property) throws InterruptedException {
    return cluster.exec(node, "systemctl", "show", "--value", "-p", property, unit).orFail();
  }

  @Test
  void beyondAShareOfSilentMachinesNothingMovesUntilAnOperatorSaysSoAndASlowLossIsNone()
      throws Exception {
    List<String> units = startSleepers("many", 8);
    var before = invocations(units, cluster.nodes());
    assertEquals(8, before.size());
    List<String> ofN2 = running("n2", units);
    List<String> silent = List.of("n2", "n3", "n4");

    cutOff("n2", "n3", "n4");
    await("a warning", PATIENCE, PAUSED, () -> fleetctl("list-units").err().strip());
    await("the metrics", PATIENCE, List.of("1", "3"), this::paused);
    assertEquals(before, invocations(units, cluster.nodes()));

    fleetctl("evict", cluster.machineId("n2")).orFail();
    await("what n2 had", PATIENCE, 2 + ofN2.size(), () -> running("n1", units).size());
    assertEquals(PAUSED, fleetctl("list-units").err().strip());
    assertEquals(without(before, ofN2), without(invocations(units, cluster.nodes()), ofN2));
    var moved = invocations(units, List.of("n1", "n3", "n4"));

    for (String node : silent) {
      cluster.heal(node);
    }
    await("all are back", PATIENCE, 4L, this::countMachines);
    await("no surplus copy", PATIENCE, List.of(), () -> running("n2", units));
    await("no warning", PATIENCE, "", () -> fleetctl("list-units").err());
    assertEquals(moved, invocations(units, cluster.nodes()));

    List<String> ofN4 = running("n4", units);
    kill("n4");
    List<String> others = cluster.nodesWithout("n4");
    await("what n4 had", SOON, 8, () -> invocations(units, others).size());
    assertEquals(without(moved, ofN4), without(invocations(units, others), ofN4));
  }

  /// A leader that has decided is not heard by the store before its write is through, and frozen:
  /// it cannot call it back. Its kernel delivers it when another leads.
  @Test
  void aWriteOfAnOldLeaderThatArrivesInTheTermOfTheNextIsRefused() throws Exception {
    List<String> units = new ArrayList<>(startSleepers("term", 4));
    String leader = cluster.leader();
    Step thaw = decideUnheard(leader, "late@0.service");
    for (int i = 1; i < 5 && unheardBytes(leader) < TEXT.length(); i++) {
      thaw.run();
      cluster.heal(leader);
      await("all machines", PATIENCE, 4L, this::countMachines);
      leader = cluster.leader();
      thaw = decideUnheard(leader, "late@" + i + ".service");
    }
    String old = leader;
    assertTrue(unheardBytes(old) >= TEXT.length(), "nothing was on its way from " + old);
    List<String> others = cluster.nodesWithout(old);
    list("list-unit-files", "--fields=unit")
        .lines()
        .map(String::strip)
        .filter(unit -> unit.startsWith("late@"))
        .forEach(units::add);
    await("all elsewhere", PATIENCE, units.size(), () -> invocations(units, others).size());
    var placed = invocations(units, others);
    String assigned = assignments(others.getFirst());

    cluster.heal(old);
    await("the store has the old write", PATIENCE, 0L, () -> unheardBytes(old));
    assertEquals(assigned, assignments(others.getFirst()));

    thaw.run();
    await("it is back", PATIENCE, 4L, this::countMachines);
    await("no surplus copy", PATIENCE, List.of(), () -> running(old, units));
    assertEquals(placed, invocations(units, cluster.nodes()));
    assertEquals(assigned, assignments(others.getFirst()));
  }

  /// Has a leader find a new unit when the store does not hear it any more, and freezes it then.
  ///
  /// @return what thaws it
  private Step decideUnheard(String leader, String unit) throws Exception {
    sitElsewhere(leader);
    write(unit, TEXT);
    afterwards(() -> cluster.heal(leader));
    Step thaw = freezeDaemon(leader);
    fleetctl("start", "--no-block", "/tmp/" + unit).orFail();
    cluster.mute(leader, "host");
    thaw.run();
    for (int i = 0; i < 40 && unheardBytes(leader) < TEXT.length(); i++) {
      Thread.sleep(25);
    }
    return freezeDaemon(leader);
  }

  /// How much of what a node has sent to the store has not been acknowledged.
  private long unheardBytes(String node) throws InterruptedException {
    return cluster
        .exec(node, "ss", "-Htn", "state", "established", "dport", "=", ":2379")
        .orFail()
        .lines()
        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[1]))
        .max()
        .orElse(0);
  }

  /// All that is assigned, with the revision of each change, as a node sees it.
  private String assignments(String node) throws InterruptedException {
    String prefix = "/_coreos.com/fleet/assignments";
    String range =
        "{\"key\":\"%s\",\"range_end\":\"%s\"}"
            .formatted(base64(prefix + "/"), base64(prefix + "0"));
    String answer =
        cluster
            .exec(node, "curl", "-sSf", "-d", range, "http://host:2379/v3/kv/range")
            .orFail()
            .replaceFirst("\"header\":\\{[^}]*\\}", "");
    assertTrue(answer.contains("mod_revision"), answer);
    return answer;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Whether evictions are paused, and how many machines are silent, as the leader's metrics tell.
  private List<String> paused() throws InterruptedException {
    Output metrics =
        cluster.exec("n1", "curl", "-sSf", "--unix-socket", "/run/fleet.sock", "http://f/metrics");
    List<String> values = new ArrayList<>();
    for (String name : List.of("fleet_engine_evictions_paused", "fleet_engine_silent_machines")) {
      metrics
          .orFail()
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .forEach(line -> values.add(line.substring(name.length() + 1)));
    }
    return values;
  }
}
