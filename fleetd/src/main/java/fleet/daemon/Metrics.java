package fleet.daemon;

import fleet.agent.presence.AgentStatus;
import fleet.agent.presence.AgentStatus.Standing;
import fleet.daemon.MeteredStore.Operation;
import fleet.scheduler.lead.EngineStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What the daemon counts, under the names that fleet v1 gave or documented.
///
/// fleet v1 never registered four of its series, counted rounds twice and healthy units as
/// failures, and added up the starts of its terms; here each says what its help says.
final class Metrics {

  private static final String TASKS = "fleet_engine_task_count_total";
  private static final String FAILED_TASKS = "fleet_engine_task_failure_count_total";
  private static final String FAILURES = "fleet_engine_reconcile_failure_count_total";
  private static final String OPERATIONS = "fleet_registry_operation_count_total";
  private static final String FAILED_OPERATIONS = "fleet_registry_operation_failed_count_total";
  private static final String DURATIONS = "fleet_registry_operation_duration_second";
  private static final String STANDING = "fleet_machine_standing";

  private final Exposition out = new Exposition();

  private Metrics() {}

  /// @param started when this daemon was
  static String text(Instant started, EngineStatus engine, AgentStatus agent, MeteredStore store) {
    var metrics = new Metrics();
    metrics.daemon(started);
    metrics.machine(agent);
    metrics.engine(engine);
    metrics.registry(store);
    return metrics.out.text();
  }

  private void daemon(Instant started) {
    out.family("fleet_build_info", "gauge", "The version of this fleetd; always 1.")
        .sample("fleet_build_info", 1, "version", Version.TEXT);
    out.family(
            "process_start_time_seconds", "gauge", "When this fleetd started, in seconds of 1970.")
        .sample("process_start_time_seconds", started.toEpochMilli() / 1000.0);
  }

  private void machine(AgentStatus agent) {
    out.family(STANDING, "gauge", "1 for where this machine stands with the cluster, else 0.");
    for (Standing standing : Standing.values()) {
      out.sample(STANDING, agent.standing() == standing ? 1 : 0, "standing", lowerCase(standing));
    }
    out.family(
            "fleet_store_away_since",
            "gauge",
            "Since when the store has not answered, in seconds of 1970; 0 if it does.")
        .sample(
            "fleet_store_away_since",
            agent.storeAwaySince().map(Instant::getEpochSecond).orElse(0L));
  }

  private void engine(EngineStatus engine) {
    out.family("fleet_engine_leader", "gauge", "1 if this engine leads, else 0.")
        .sample("fleet_engine_leader", engine.leadingSince().isPresent() ? 1 : 0);
    out.family(
            "fleet_engine_leader_start_time",
            "gauge",
            "When this engine's present term began, in seconds of 1970; 0 if it does not lead.")
        .sample(
            "fleet_engine_leader_start_time",
            engine.leadingSince().map(Instant::getEpochSecond).orElse(0L));
    out.family(
            "fleet_engine_silent_machines",
            "gauge",
            "Machines that should run something and are not there; 0 if this engine does not lead.")
        .sample("fleet_engine_silent_machines", engine.silent());
    out.family(
            "fleet_engine_evictions_paused",
            "gauge",
            "1 if this engine leads and evicts nobody, since too many machines are silent, else 0.")
        .sample("fleet_engine_evictions_paused", engine.pause().isPresent() ? 1 : 0);
    out.family(TASKS, "counter", "Units that this engine has put on a machine or taken off one.")
        .sample(TASKS, engine.done().assigned(), "type", "attemptscheduleunit")
        .sample(TASKS, engine.done().unassigned(), "type", "unscheduleunit");
    out.family(FAILED_TASKS, "counter", "Those of which it is not known whether they were written.")
        .sample(FAILED_TASKS, engine.failed().assigned(), "type", "attemptscheduleunit")
        .sample(FAILED_TASKS, engine.failed().unassigned(), "type", "unscheduleunit");
    out.family(
            "fleet_engine_reconcile_count_total",
            "counter",
            "How often this engine has planned, and written what it planned.")
        .sample("fleet_engine_reconcile_count_total", engine.planning().count());
    out.family(
            "fleet_engine_reconcile_duration_second", "histogram", "How long a plan takes to make.")
        .histogram("fleet_engine_reconcile_duration_second", engine.planning());
    out.family(
            FAILURES,
            "counter",
            "machine_away: units taken off machines that were gone; schedule: units found to fit"
                + " nowhere; run: plans that could not be written.")
        .sample(FAILURES, engine.done().lost(), "type", "machine_away")
        .sample(FAILURES, engine.failures(), "type", "run")
        .sample(FAILURES, engine.done().unplaced(), "type", "schedule");
  }

  private void registry(MeteredStore store) {
    Optional<Instant> unwritable = store.unwritableSince();
    out.family(
            "fleet_store_writable",
            "gauge",
            "0 while the disk of the store that this machine holds takes nothing or only deletions,"
                + " else 1.")
        .sample("fleet_store_writable", unwritable.isPresent() ? 0 : 1);
    out.family(
            "fleet_store_unwritable_since",
            "gauge",
            "Since when it does, in seconds of 1970; 0 if it takes everything.")
        .sample("fleet_store_unwritable_since", unwritable.map(Instant::getEpochSecond).orElse(0L));
    out.family(OPERATIONS, "counter", "What the store has been asked, and has answered.");
    for (Operation operation : Operation.values()) {
      out.sample(OPERATIONS, store.of(operation).answered().count(), "type", lowerCase(operation));
    }
    out.family(FAILED_OPERATIONS, "counter", "What the store has not answered, or has refused.");
    for (Operation operation : Operation.values()) {
      out.sample(FAILED_OPERATIONS, store.of(operation).failed(), "type", lowerCase(operation));
    }
    out.family(DURATIONS, "histogram", "How long the store takes to answer.");
    for (Operation operation : Operation.values()) {
      out.histogram(DURATIONS, store.of(operation).answered(), "ops", lowerCase(operation));
    }
  }

  private static String lowerCase(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
