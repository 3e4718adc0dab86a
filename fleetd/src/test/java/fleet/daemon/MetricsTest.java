package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.presence.AgentStatus;
import fleet.agent.presence.AgentStatus.Standing;
import fleet.cluster.Pause;
import fleet.cluster.env.Histogram;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import fleet.daemon.MeteredStore.Operation;
import fleet.scheduler.commit.WriteCount;
import fleet.scheduler.lead.EngineStatus;
import fleet.testing.store.MemoryStore;
import fleet.testing.time.VirtualEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final Instant STARTED = Instant.ofEpochSecond(1_000);
  private static final AgentStatus PRESENT =
      new AgentStatus(Standing.PRESENT, Optional.empty(), "");

  private final VirtualEnvironment world = new VirtualEnvironment(1);
  private final MeteredStore store = new MeteredStore(new MemoryStore(world), world);

  private String text(EngineStatus engine, AgentStatus agent) {
    return Metrics.text(STARTED, engine, agent, store);
  }

  private static void has(String line, String text) {
    assertTrue(text.lines().toList().contains(line), () -> line + " is not in\n" + text);
  }

  @Test
  void everySeriesThatFleetV1DocumentedIsThereFromTheStart() {
    var names = new TreeSet<String>();
    Pattern.compile("(?m)^# TYPE (\\S+ \\S+)$")
        .matcher(text(EngineStatus.NEW, PRESENT))
        .results()
        .forEach(type -> names.add(type.group(1)));

    assertEquals(
        List.of(
            "fleet_build_info gauge",
            "fleet_engine_evictions_paused gauge",
            "fleet_engine_leader gauge",
            "fleet_engine_leader_start_time gauge",
            "fleet_engine_reconcile_count_total counter",
            "fleet_engine_reconcile_duration_second histogram",
            "fleet_engine_reconcile_failure_count_total counter",
            "fleet_engine_silent_machines gauge",
            "fleet_engine_task_count_total counter",
            "fleet_engine_task_failure_count_total counter",
            "fleet_machine_standing gauge",
            "fleet_registry_operation_count_total counter",
            "fleet_registry_operation_duration_second histogram",
            "fleet_registry_operation_failed_count_total counter",
            "fleet_store_away_since gauge",
            "fleet_store_unwritable_since gauge",
            "fleet_store_writable gauge",
            "process_start_time_seconds gauge"),
        List.copyOf(names));
  }

  @Test
  void everyLineIsWhatPrometheusReads() {
    var sample = Pattern.compile("[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [0-9.E-]+");
    String text = text(EngineStatus.NEW, PRESENT);

    text.lines()
        .filter(line -> !line.startsWith("# HELP ") && !line.startsWith("# TYPE "))
        .forEach(line -> assertTrue(sample.matcher(line).matches(), line));
    assertTrue(text.endsWith("\n"));
  }

  @Test
  void anEngineIsCountedAsItSaysItself() {
    var engine =
        new EngineStatus(
            Optional.of(Instant.ofEpochSecond(5_000)),
            Histogram.EMPTY.plus(Duration.ofMillis(7)).plus(Duration.ofMillis(200)),
            new WriteCount(11, 7, 5, 3),
            2,
            new WriteCount(1, 0, 0, 0),
            4,
            Optional.of(new Pause(new TreeSet<>(), 4, 6, 0.5)));

    String text = text(engine, PRESENT);

    has("fleet_engine_silent_machines 4", text);
    has("fleet_engine_evictions_paused 1", text);

    has("fleet_engine_leader 1", text);
    has("fleet_engine_leader_start_time 5000", text);
    has("fleet_engine_task_count_total{type=\"attemptscheduleunit\"} 11", text);
    has("fleet_engine_task_count_total{type=\"unscheduleunit\"} 7", text);
    has("fleet_engine_task_failure_count_total{type=\"attemptscheduleunit\"} 1", text);
    has("fleet_engine_task_failure_count_total{type=\"unscheduleunit\"} 0", text);
    has("fleet_engine_reconcile_count_total 2", text);
    has("fleet_engine_reconcile_duration_second_bucket{le=\"0.005\"} 0", text);
    has("fleet_engine_reconcile_duration_second_bucket{le=\"0.01\"} 1", text);
    has("fleet_engine_reconcile_duration_second_bucket{le=\"0.25\"} 2", text);
    has("fleet_engine_reconcile_duration_second_bucket{le=\"+Inf\"} 2", text);
    has("fleet_engine_reconcile_duration_second_sum 0.207", text);
    has("fleet_engine_reconcile_duration_second_count 2", text);
    has("fleet_engine_reconcile_failure_count_total{type=\"machine_away\"} 5", text);
    has("fleet_engine_reconcile_failure_count_total{type=\"run\"} 2", text);
    has("fleet_engine_reconcile_failure_count_total{type=\"schedule\"} 3", text);
  }

  @Test
  void theMachineSaysWhereItStands() {
    String text =
        text(
            EngineStatus.NEW,
            new AgentStatus(Standing.NAMESAKE, Optional.of(Instant.ofEpochSecond(77)), "away"));

    has("fleet_machine_standing{standing=\"present\"} 0", text);
    has("fleet_machine_standing{standing=\"namesake\"} 1", text);
    has("fleet_store_away_since 77", text);
    has("fleet_engine_leader 0", text);
    has("process_start_time_seconds 1000", text);
    has("fleet_build_info{version=\"development\"} 1", text);
  }

  @Test
  void theStoreSaysSinceWhenItsDiskTakesNothing() {
    has("fleet_store_writable 1", text(EngineStatus.NEW, PRESENT));
    has("fleet_store_unwritable_since 0", text(EngineStatus.NEW, PRESENT));

    var full =
        new MeteredStore(
            new MemoryStore(world), world, () -> Optional.of(Instant.ofEpochSecond(88)));
    String text = Metrics.text(STARTED, EngineStatus.NEW, PRESENT, full);

    has("fleet_store_writable 0", text);
    has("fleet_store_unwritable_since 88", text);
  }

  @Test
  void whatTheStoreIsAskedIsCountedByKind() {
    world.fork(
        "user",
        () -> {
          store.read("a");
          store.range("");
          store.range("", 1);
          store.commit(List.of(), List.of(new Op.Put("a", "b", 0)));
          long lease = store.grant(Duration.ofSeconds(3));
          store.keepAlive(lease);
          store.revoke(lease);
          assertThrows(StoreException.class, () -> store.range("", 1_000));
        });
    world.run(Duration.ofSeconds(1));

    assertEquals(1, store.of(Operation.GET).answered().count());
    assertEquals(2, store.of(Operation.GET_ALL).answered().count());
    assertEquals(1, store.of(Operation.GET_ALL).failed());
    String text = text(EngineStatus.NEW, PRESENT);
    has("fleet_registry_operation_count_total{type=\"get\"} 1", text);
    has("fleet_registry_operation_count_total{type=\"get_all\"} 2", text);
    has("fleet_registry_operation_count_total{type=\"set\"} 1", text);
    has("fleet_registry_operation_count_total{type=\"lease_keep_alive\"} 1", text);
    has("fleet_registry_operation_failed_count_total{type=\"get_all\"} 1", text);
    has("fleet_registry_operation_duration_second_count{ops=\"set\"} 1", text);
    has("fleet_registry_operation_duration_second_bucket{ops=\"set\",le=\"+Inf\"} 1", text);
  }

  @Test
  void whatLabelsAndHelpCannotHoldIsEscaped() {
    assertEquals(
        """
        # HELP a one\\ntwo \\\\ three
        # TYPE a gauge
        a{b="\\"\\\\\\n"} 0.5
        """,
        new Exposition()
            .family("a", "gauge", "one\ntwo \\ three")
            .sample("a", 0.5, "b", "\"\\\n")
            .text());
  }
}
