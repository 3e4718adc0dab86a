package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster;
import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What befalls machines, and must not touch a running unit. The chaos command does the same at
/// random; here each is done alone, and what must follow of it is said.
class TroubleIT extends ClusterTest {

  TroubleIT() {
    super("trouble", 27, StoreKind.ETCD);
  }

  @Test
  void whileTheStoreIsAwayARebootedMachineRunsWhatItHadAndNothingElseIsTouched() throws Exception {
    List<String> units = startSleepers("long", 8);
    var before = invocations(units, cluster.nodes());
    List<String> rebooted =
        units.stream().filter(unit -> before.getOrDefault(unit, "").startsWith("n3")).toList();

    stopStore();
    cluster.exec("n2", "systemctl", "restart", "fleet").orFail();
    kill("n3");
    cluster.start("n3");

    await("what n3 had", PATIENCE, rebooted, () -> running("n3", units));
    assertUndisturbed(without(before, rebooted));
    var meanwhile = invocations(units, cluster.nodes());
    cluster.etcd("start");
    await("all states", PATIENCE, 8L, () -> countRunning("long@"));
    startSleepers("after", 4);
    assertUndisturbed(meanwhile);
  }

  private long countRunning(String prefix) throws InterruptedException {
    return fleetctl("list-units", "--no-legend")
        .out()
        .lines()
        .filter(line -> line.startsWith(prefix) && line.endsWith("running"))
        .count();
  }

  /// How a machine falls silent, and is heard again.
  enum Silence {
    DAEMON_FROZEN,
    MACHINE_FROZEN,
    CUT_OFF
  }

  @ParameterizedTest
  @EnumSource
  void aLeaderThatFallsSilentIsReplacedAndHasNothingToSayWhenItReturns(Silence silence)
      throws Exception {
    List<String> units = startSleepers("term", 8);
    String leader = cluster.leader();
    sitElsewhere(leader);
    var others = cluster.nodesWithout(leader);
    var untouched = invocations(units, others);

    Step end =
        switch (silence) {
          case DAEMON_FROZEN -> freezeDaemon(leader);
          case MACHINE_FROZEN -> {
            freeze(leader);
            yield () -> cluster.resume(leader);
          }
          case CUT_OFF -> {
            cutOff(leader);
            yield () -> cluster.heal(leader);
          }
        };
    start("next.service", SLEEPER);
    await("all units elsewhere", PATIENCE, 8, () -> invocations(units, others).size());
    var moved = invocations(units, others);
    assertTrue(moved.entrySet().containsAll(untouched.entrySet()), untouched + ", now " + moved);

    end.run();
    await("it is back", PATIENCE, 4L, this::countMachines);
    await("no surplus copy", PATIENCE, List.of(), () -> running(leader, units));
    startSleepers("after", 4);
    assertUndisturbed(moved);
  }

  @Test
  void aWrongConfigurationIsTriedAgainInItsOwnTime() throws Exception {
    afterwards(this::configureAsBefore);
    cluster.exec("n3", "sh", "-c", "echo agent_ttl=soon >>/etc/fleet/fleet.conf").orFail();
    cluster.exec("n3", "systemctl", "restart", "fleet");
    assertEquals("0", property("n3", "StartLimitIntervalUSec"), "systemd never gives up");
    await("what is wrong", PATIENCE, true, () -> log("n3").contains("found \"soon\""));

    configureAsBefore();

    await("it is back", PATIENCE, 4L, this::countMachines);
  }

  private void configureAsBefore() throws InterruptedException {
    cluster.exec("n3", "sed", "-i", "/agent_ttl=soon/d", "/etc/fleet/fleet.conf").orFail();
  }

  private String property(String node, String name) throws InterruptedException {
    return cluster.exec(node, "systemctl", "show", "-p", name, "--value", "fleet").orFail();
  }

  @Test
  void aCopyOfAMachineIsToldApartAndTheFirstOneRunsOn() throws Exception {
    List<String> units = startSleepers("twin", 8);
    String id = cluster.machineId("n3");
    String own = cluster.machineId("n4");
    afterwards(() -> beItself("n4", own));
    cluster.stop("n4");
    await("all units", PATIENCE, 8, () -> invocations(units, cluster.nodesWithout("n4")).size());
    var before = invocations(units, cluster.nodesWithout("n4"));

    copy("n3", "n4");
    cluster.start("n4");

    await(
        "its daemon says so",
        PATIENCE,
        true,
        () -> log("n4").contains("a machine with the same ID is present"));
    assertTrue(log("n4").contains("machine=" + id), log("n4"));
    assertTrue(log("n4").contains("systemd-machine-id-setup"), log("n4"));
    assertEquals(List.of(), running("n4", units));
    assertEquals(3, countMachines());
    assertUndisturbed(before);
    beItself("n4", own);
    await("n4 is back", SOON, 4L, this::countMachines);
    assertUndisturbed(before);
  }

  private void beItself(String node, String id) throws Exception {
    if (!cluster.machineId(node).equals(id)) {
      cluster.kill(node);
      Files.writeString(cluster.root(node).resolve("etc/machine-id"), id + "\n");
    }
    cluster.start(node);
  }

  /// With its ID, and with what its agent keeps.
  private void copy(String from, String to) throws Exception {
    Files.writeString(cluster.root(to).resolve("etc/machine-id"), cluster.machineId(from) + "\n");
    Path kept = cluster.root(from).resolve("var/lib/fleet");
    Path copy = cluster.root(to).resolve("var/lib/fleet");
    Shell.run(
            new TreeMap<>(),
            "",
            List.of(
                "sh",
                "-c",
                "rm -rf \"$1\" && cp -a \"$0\" \"$1\"",
                kept.toString(),
                copy.toString()))
        .orFail();
  }

  @Test
  void whatOthersDoToSystemdTouchesNoUnit() throws Exception {
    List<String> units = startSleepers("hands", 8);
    var before = invocations(units, cluster.nodes());
    List<String> here = running("n2", units);

    for (String verb : List.of("restart dbus", "daemon-reexec", "daemon-reload")) {
      cluster.exec("n2", "sh", "-c", "systemctl " + verb).orFail();
      assertEquals(here, running("n2", units));
    }
    start("later.service", SLEEPER + "\n[X-Fleet]\nMachineID=" + cluster.machineId("n2") + "\n");
    fleetctl("destroy", "later.service").orFail();

    String edited = "/run/fleet/units/" + here.getFirst();
    String deleted = "/run/fleet/units/" + here.getLast();
    String text = cluster.exec("n2", "cat", edited).orFail();
    cluster
        .exec(
            "n2",
            "sh",
            "-c",
            "echo Restart=always >>" + edited + " && rm " + deleted + " && systemctl daemon-reload")
        .orFail();
    await("as it was", PATIENCE, text, () -> cluster.exec("n2", "cat", edited).out().strip());
    await("back", PATIENCE, text, () -> cluster.exec("n2", "cat", deleted).out().strip());
    assertUndisturbed(before);
  }

  @Test
  void aFullRunTouchesNoUnitAndANewOneStartsWhenThereIsSpace() throws Exception {
    List<String> units = startSleepers("full", 8);
    var before = invocations(units, cluster.nodes());
    String size =
        cluster.exec("n2", "df", "-k", "--output=size", "/run").orFail().replaceAll("\\D", "");

    Step enlarge =
        () -> cluster.exec("n2", "mount", "-o", "remount,size=" + size + "k", "/run").orFail();
    afterwards(enlarge);
    cluster.exec("n2", "sh", "-c", LocalCluster.FILL_RUN).orFail();
    write("new.service", SLEEPER + "\n[X-Fleet]\nMachineID=" + cluster.machineId("n2") + "\n");
    fleetctl("start", "--no-block", "/tmp/new.service").orFail();
    await("a word on it", PATIENCE, true, () -> log("n2").contains("No space left on device"));
    assertUndisturbed(before);
    assertNotEquals("active", cluster.unit("n2", "new.service").active());

    enlarge.run();
    await("it is there", PATIENCE, "active", () -> cluster.unit("n2", "new.service").active());
    await("all machines", PATIENCE, 4L, this::countMachines);
    assertUndisturbed(before);
  }

  @Test
  void aDaemonThatIsOutOfMemoryIsBackBeforeItsUnitsMove() throws Exception {
    List<String> units = startSleepers("memory", 8);
    var before = invocations(units, cluster.nodes());
    String daemon = mainPid("n2");
    afterwards(() -> cluster.exec("n2", "sh", "-c", "rm -f /hs_err_pid*"));

    cluster.exec("n2", "prlimit", "--pid", daemon, "--data=1").orFail();
    await(
        "the next daemon",
        PATIENCE,
        false,
        () -> {
          askForMetrics("n2");
          return List.of("0", daemon).contains(mainPid("n2"));
        });

    assertTrue(log("n2").contains("insufficient memory for the Java Runtime"), log("n2"));
    await("it answers", PATIENCE, 0, () -> cluster.fleetctl("n2", "list-machines").status());
    startSleepers("after", 4);
    assertUndisturbed(before);
  }

  private void askForMetrics(String node) throws InterruptedException {
    var _ =
        cluster.exec(node, "curl", "-sm1", "--unix-socket", "/run/fleet.sock", "http://f/metrics");
  }

  @Test
  void aUnitThatFailsTooOftenOnAMachineMovesAndHammersNobody() throws Exception {
    String broken = "/run/broken";
    String unit = "flaky.service";
    start(
        unit,
        """
        [Service]
        ExecStart=/bin/sh -c 'while ! [ -e %s ]; do sleep 0.1; done; exit 1'

        [X-Fleet]
        FailureLimit=2
        MachineMetadata=zone=a
        """
            .formatted(broken));
    List<String> eligible = List.of("n2", "n3");
    for (String node : eligible) {
      afterwards(() -> cluster.exec(node, "rm", "-f", broken));
    }
    String first = cluster.whereActive(unit);
    String second = eligible.get(1 - eligible.indexOf(first));

    cluster.exec(first, "touch", broken).orFail();
    await("moved", PATIENCE, List.of(second), () -> cluster.activeOn(eligible, unit));
    assertEquals(List.of(2L, 1L), List.of(starts(first, unit), starts(second, unit)));
    assertEquals(
        "WARNING: 1 unit was moved for failing too often: flaky.service (failed on "
            + cluster.machineId(first).substring(0, 8)
            + ")",
        fleetctl("list-units").err().strip());
    assertTrue(
        log(cluster.leader())
            .contains(
                "unassigned unit=flaky.service machine="
                    + cluster.machineId(first)
                    + " cause=\"it has failed here 2 times in a row\""),
        log(cluster.leader()));

    long written = storeRevision();
    cluster.exec(second, "touch", broken).orFail();
    await("tried again where it was", PATIENCE, 3L, () -> starts(first, unit));
    assertEquals(3L, starts(second, unit));
    long writes = storeRevision() - written;
    assertTrue(writes <= 25, writes + " writes");

    cluster.exec(first, "rm", broken).orFail();
    await("it runs", PATIENCE, List.of(first), () -> cluster.activeOn(eligible, unit));
  }

  /// How often systemd has started a unit there, as its journal says.
  private long starts(String node, String unit) throws InterruptedException {
    return cluster
        .exec(node, "journalctl", "--no-pager", "-b", "-o", "cat", "-u", unit)
        .out()
        .lines()
        .filter(line -> line.startsWith("Started "))
        .count();
  }

  /// How many changes the store has seen.
  private long storeRevision() throws InterruptedException {
    String answer =
        cluster
            .exec("n1", "curl", "-sSf", "-d", "{\"key\":\"AA==\"}", "http://host:2379/v3/kv/range")
            .orFail();
    return Long.parseLong(answer.replaceFirst("(?s).*\"revision\":\"(\\d+)\".*", "$1"));
  }

  private void assertUndisturbed(SortedMap<String, String> before) throws InterruptedException {
    assertEquals(before, invocations(new ArrayList<>(before.keySet()), cluster.nodes()));
  }
}
