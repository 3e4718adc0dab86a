package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole on a real etcd, which no machine of the cluster holds.
class EtcdIT extends EndToEnd {

  EtcdIT() {
    super("etcdit", 21, StoreKind.ETCD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "stop", "destroy"})
  void aSlowSecondOfTheStoreEndsNoBatch(String verb) throws Exception {
    List<String> units = startSleepers("slow", 24);
    if (verb.equals("start")) {
      fleetctl(together("destroy", units)).orFail();
      units = units.stream().map(unit -> "/tmp/" + unit).toList();
    }
    afterwards(() -> cluster.etcd("resume"));
    cluster.etcd("pause");
    var thaw = new FutureTask<>(() -> resumeAfter(Duration.ofMillis(2_500)));
    Thread.ofPlatform().start(thaw);

    Output batch = fleetctl(together(verb, units));

    thaw.get();
    assertEquals(0, batch.status(), batch.all());
  }

  private boolean resumeAfter(Duration pause) throws InterruptedException {
    Thread.sleep(pause);
    cluster.etcd("resume");
    return true;
  }

  private static String[] together(String verb, List<String> units) {
    return Stream.concat(Stream.of(verb), units.stream()).toArray(String[]::new);
  }

  @Test
  void etcdStoppedForAMinuteStopsNothing() throws Exception {
    List<String> units = startSleepers("outage", 8);
    var before = invocations(units, cluster.nodes());

    stopStore();
    Thread.sleep(Duration.ofSeconds(60));
    assertEquals(before, invocations(units, cluster.nodes()));
    cluster.etcd("start");

    await(
        "all states",
        Duration.ofSeconds(20),
        8L,
        () ->
            fleetctl("list-units", "--no-legend")
                .out()
                .lines()
                .filter(line -> line.contains("active"))
                .count());
    assertEquals(before, invocations(units, cluster.nodes()));
  }

  @Test
  void theLeadersPowerCutMovesItsUnitsAndNothingElse() throws Exception {
    List<String> units = startSleepers("leader", 12);
    String leader = cluster.leader();
    var before = invocations(units, cluster.nodes());

    kill(leader);
    var survivors = cluster.nodesWithout(leader);
    await("all units", Duration.ofSeconds(15), 12, () -> invocations(units, survivors).size());

    var after = invocations(units, survivors);
    units.stream()
        .filter(unit -> !before.getOrDefault(unit, "").startsWith(leader))
        .forEach(unit -> assertEquals(before.get(unit), after.get(unit), unit));
    comesBack(leader);
    assertEquals(after, invocations(units, cluster.nodes()));
  }

  @Test
  void aReloadTakesOverWhatItCanAndAWrongFileChangesNothing() throws Exception {
    String pid = mainPid("n4");
    afterwards(this::configureAsBefore);
    reload("echo metadata=rack=r7 >>/etc/fleet/fleet.conf");
    await("metadata", SOON, true, () -> list("list-machines").contains("rack=r7"));

    reload("echo token_limit=abc >>/etc/fleet/fleet.conf");
    await(
        "the mistake in the log",
        SOON,
        true,
        () ->
            log("n4").contains("the old configuration stays: ")
                && log("n4").contains("found \"abc\""));
    assertTrue(list("list-machines").contains("rack=r7"));

    configureAsBefore();
    await("no metadata", SOON, false, () -> list("list-machines").contains("rack=r7"));
    assertEquals(pid, mainPid("n4"));
  }

  private void configureAsBefore() throws InterruptedException {
    reload("sed -i '/metadata=rack/d; /token_limit/d' /etc/fleet/fleet.conf");
  }

  private void reload(String change) throws InterruptedException {
    cluster.exec("n4", "sh", "-c", change + " && systemctl reload fleet").orFail();
  }
}
