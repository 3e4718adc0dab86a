package fleet.agent;

import fleet.agent.pace.AgentOptions;
import fleet.agent.reconcile.Step;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/// Writes and deletes unit files, many at once, and has systemd read them with one reload. For one
/// thread.
final class FileChanges {

  private final Environment environment;
  private final Systemd systemd;
  private final AgentOptions options;
  private final UnitTable table;
  private final JobOutcomes outcomes;

  private boolean reloadOwed;
  private Duration nextReload = Duration.ZERO;

  FileChanges(
      Environment environment,
      Systemd systemd,
      AgentOptions options,
      UnitTable table,
      JobOutcomes outcomes) {
    this.environment = environment;
    this.systemd = systemd;
    this.options = options;
    this.table = table;
    this.outcomes = outcomes;
  }

  /// Whether files have changed since systemd last read them.
  boolean reloadOwed() {
    return reloadOwed;
  }

  /// Whether systemd should be asked to read files now.
  boolean reloadDue() {
    return reloadOwed && environment.uptime().compareTo(nextReload) >= 0;
  }

  void change(
      SortedMap<UnitName.Placeable, Assignment> toInstall, SortedSet<UnitName.Placeable> toRemove)
      throws InterruptedException {
    reloadOwed = true;
    var refused = new TreeMap<UnitName.Placeable, String>();
    if (!toInstall.isEmpty()) {
      var files = new TreeMap<UnitName.Placeable, UnitFile>();
      toInstall.forEach((unit, assignment) -> files.put(unit, assignment.file()));
      refused.putAll(systemd.install(files));
    }
    if (!toRemove.isEmpty()) {
      refused.putAll(systemd.remove(toRemove));
    }
    String noReload = reload();
    toRemove.forEach(
        unit -> {
          if (refused.containsKey(unit)) {
            outcomes.failed(unit, refused.getOrDefault(unit, ""), environment.uptime());
          } else {
            table.removed(unit);
          }
        });
    toInstall.forEach(
        (unit, assignment) -> {
          String problem = refused.getOrDefault(unit, noReload);
          if (problem.isEmpty()) {
            loaded(assignment);
          } else {
            outcomes.notInstalled(assignment, problem, environment.uptime());
          }
        });
  }

  private void loaded(Assignment assignment) {
    boolean repaired = table.isLoaded(assignment);
    table.loaded(assignment);
    if (!repaired
        && assignment.target() != TargetState.LAUNCHED
        && assignment.order().filter(Step::endsWithAStop).isPresent()) {
      table.order(
          assignment.unit(),
          known ->
              known.acting(assignment.order()).settled(assignment.order(), environment.uptime()));
    }
  }

  /// Has systemd read all files.
  ///
  /// @return why it will not; empty if it has
  String reload() throws InterruptedException {
    reloadOwed = true;
    try {
      systemd.reload();
      reloadOwed = false;
      return "";
    } catch (SystemdException.Refused e) {
      nextReload = environment.uptime().plus(options.firstBackOff());
      return "systemd will not reload: " + e.getMessage();
    }
  }
}
