package fleet.agent;

import fleet.agent.order.Needs;
import fleet.agent.order.OrderHistory;
import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.Systemd;
import fleet.cluster.Assignment;
import fleet.cluster.env.Environment;
import fleet.cluster.env.LastingTrouble;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.requirements.Requirements;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Asks systemd whether it could start other texts of units that run, before these are stopped.
///
/// systemd tells that of a unit only when it has read the text in the unit's own place, with all
/// that belongs to the name. So the text is written there, and read; then the one that runs is put
/// back, and read. What is to be put back is written down before: an agent that is killed in
/// between leaves that to the next one.
///
/// Where nothing can be written down, or put back, systemd is not asked; nor of exclusive units,
/// whose dead man's switches go by their texts.
final class Tryout {

  private static final Logger LOG = System.getLogger(Tryout.class.getName());

  private final Environment environment;
  private final Systemd systemd;
  private final UnitTable table;
  private final AppliedLog appliedLog;
  private final FileChanges files;
  private final JobOutcomes outcomes;
  private final LastingTrouble trouble;

  Tryout(
      Environment environment,
      Systemd systemd,
      UnitTable table,
      AppliedLog appliedLog,
      FileChanges files,
      JobOutcomes outcomes) {
    this.environment = environment;
    this.trouble = new LastingTrouble(environment);
    this.systemd = systemd;
    this.table = table;
    this.appliedLog = appliedLog;
    this.files = files;
    this.outcomes = outcomes;
  }

  /// Puts back what runs, if a tryout has not come to its end.
  void putBack() throws InterruptedException {
    var back = table.toPutBack();
    if (back.isEmpty()) {
      return;
    }
    var refused = systemd.install(back);
    refused.forEach(
        (unit, why) ->
            trouble
                .met(
                    "put back",
                    "cannot put back what runs unit=" + unit + " reason=\"" + why + "\"")
                .ifPresent(line -> LOG.log(Level.WARNING, line)));
    if (refused.isEmpty()) {
      trouble.over("what runs is put back").ifPresent(line -> LOG.log(Level.INFO, line));
    }
    if (files.reload().isEmpty()) {
      back.keySet().stream()
          .filter(unit -> !refused.containsKey(unit))
          .forEach(unit -> table.order(unit, OrderHistory::isPutBack));
      appliedLog.save();
    }
  }

  /// Asks of all texts at once, and notes what systemd says.
  void run(SortedMap<UnitName.Placeable, Assignment> texts, LocalSnapshot local)
      throws InterruptedException {
    var asked = new TreeMap<UnitName.Placeable, UnitFile>();
    var back = new TreeMap<UnitName.Placeable, UnitFile>();
    texts.forEach(
        (unit, assignment) -> {
          Optional<UnitFile> runs = systemd.file(unit);
          if (runs.isPresent()
              && !isExclusive(unit, runs.get())
              && !isExclusive(unit, assignment.file())) {
            back.put(unit, runs.get());
            asked.put(unit, assignment.file());
          } else {
            couldStart(unit, assignment.file());
          }
        });
    if (asked.isEmpty()) {
      return;
    }
    back.forEach((unit, file) -> table.order(unit, known -> known.trying(file)));
    if (!appliedLog.save()) {
      asked.forEach(
          (unit, file) -> {
            table.order(unit, OrderHistory::isPutBack);
            couldStart(unit, file);
          });
      return;
    }
    var refused = new TreeMap<>(systemd.install(asked));
    String noReload = files.reload();
    if (noReload.isEmpty()) {
      verdicts(asked, new TreeSet<>(local.assigned().keySet())).forEach(refused::putIfAbsent);
    }
    putBack();
    asked.forEach(
        (unit, file) -> {
          Assignment assignment = local.assigned().get(unit);
          String why = refused.get(unit);
          if (why != null && assignment != null) {
            outcomes.refused(assignment, why, environment.uptime());
          } else if (!noReload.isEmpty()) {
            outcomes.failed(unit, noReload, environment.uptime());
          } else {
            couldStart(unit, file);
          }
        });
  }

  private void couldStart(UnitName.Placeable unit, UnitFile text) {
    table.order(unit, known -> known.couldStart(text.hash()));
  }

  private static boolean isExclusive(UnitName.Placeable unit, UnitFile file) {
    return Requirements.of(unit, file).exclusive();
  }

  /// Why systemd could not start texts that it has read, of those that it could not.
  ///
  /// @param assigned units that are here, or on their way
  private SortedMap<UnitName.Placeable, String> verdicts(
      SortedMap<UnitName.Placeable, UnitFile> texts, SortedSet<UnitName.Placeable> assigned)
      throws InterruptedException {
    var names = new TreeSet<>(texts.keySet());
    texts.values().forEach(file -> names.addAll(Needs.of(file)));
    var seen = systemd.units(names);
    var verdicts = new TreeMap<UnitName.Placeable, String>();
    texts.forEach(
        (unit, file) -> {
          verdict(unit, seen).ifPresent(why -> verdicts.put(unit, why));
          for (UnitName.Placeable need : Needs.of(file)) {
            if (!assigned.contains(need)) {
              verdict(need, seen).ifPresent(why -> verdicts.putIfAbsent(unit, why));
            }
          }
        });
    return verdicts;
  }

  private static Optional<String> verdict(
      UnitName.Placeable unit, SortedMap<UnitName.Placeable, LocalUnit> seen) {
    LocalUnit there = seen.get(unit);
    String load = there == null ? "not-found" : there.load();
    return switch (load) {
      case "not-found" -> Optional.of("Unit " + unit + " not found.");
      case "bad-setting" -> Optional.of("Unit " + unit + " has a bad unit file setting.");
      case "masked" -> Optional.of("Unit " + unit + " is masked.");
      case "error" -> Optional.of("Unit " + unit + " failed to load properly.");
      default -> Optional.empty();
    };
  }
}
