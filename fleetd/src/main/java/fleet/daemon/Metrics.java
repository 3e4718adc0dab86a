package fleet.daemon;

import fleet.agent.AgentStatus;
import fleet.scheduler.EngineStatus;

/// What the daemon counts, in the text format of Prometheus, under fleet v1's names where it had
/// them.
final class Metrics {

  private final StringBuilder text = new StringBuilder();

  private Metrics() {}

  static String text(EngineStatus engine, AgentStatus agent) {
    var metrics = new Metrics();
    metrics.add(
        "fleet_engine_leader_start_time",
        "gauge",
        "When this engine's present term began, in seconds since 1970; 0 if it does not lead.",
        "",
        engine.leadingSince().map(since -> since.getEpochSecond()).orElse(0L));
    metrics.add(
        "fleet_engine_reconcile_count_total",
        "counter",
        "How often this engine has planned.",
        "",
        engine.plans());
    metrics.add(
        "fleet_engine_task_count_total",
        "counter",
        "What this engine has decided.",
        "{type=\"attemptscheduleunit\"}",
        engine.assigned());
    metrics.line("fleet_engine_task_count_total", "{type=\"unscheduleunit\"}", engine.unassigned());
    metrics.add(
        "fleet_engine_reconcile_failure_count_total",
        "counter",
        "How often this engine could not write what it had planned.",
        "{type=\"run\"}",
        engine.failures());
    metrics.add(
        "fleet_store_away_since",
        "gauge",
        "Since when the store has not answered, in seconds since 1970; 0 if it does.",
        "",
        agent.storeAwaySince().map(since -> since.getEpochSecond()).orElse(0L));
    return metrics.text.toString();
  }

  private void add(String name, String type, String help, String labels, long value) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    line(name, labels, value);
  }

  private void line(String name, String labels, long value) {
    text.append(name).append(labels).append(' ').append(value).append('\n');
  }
}
