package fleet.agent;

import fleet.agent.order.Needs;
import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.agent.unit.UnitEvent.StartEnd.NotStarted;
import fleet.cluster.Assignment;
import fleet.cluster.env.Environment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Finds out what a job has left behind that did not end well. It asks for what costs too much to
/// ask for always.
final class Aftermath {

  /// The journal is written by another process, which may be behind.
  private static final Duration LAG = Duration.ofMillis(50);

  private static final int ATTEMPTS = 4;
  private static final int LINES = 5;

  private final Environment environment;
  private final Systemd systemd;

  Aftermath(Environment environment, Systemd systemd) {
    this.environment = environment;
    this.systemd = systemd;
  }

  /// Whether a unit whose start has failed came to run at all. A unit that systemd forgets when it
  /// has failed (`CollectMode=`) counts as one that has.
  ///
  /// @param before the invocation that it was in last; empty if none is known
  boolean hasRun(Assignment assignment, String before) throws InterruptedException {
    return look(assignment.unit())
        .map(
            seen ->
                !seen.active().equals("inactive")
                    || !(seen.run().invocation().isEmpty()
                        || seen.run().invocation().equals(before))
                    || isForgotten(assignment.file()))
        .orElse(true);
  }

  private static boolean isForgotten(UnitFile file) {
    return file.options().stream()
        .anyMatch(
            option ->
                option.name().equals("CollectMode") && option.value().equals("inactive-or-failed"));
  }

  /// Whether that invocation of a unit is up.
  boolean stillRuns(UnitName.Placeable unit, String invocation) throws InterruptedException {
    return look(unit)
        .filter(seen -> !invocation.isEmpty() && seen.invocation().equals(invocation))
        .isPresent();
  }

  private Optional<LocalUnit> look(UnitName.Placeable unit) throws InterruptedException {
    return Optional.ofNullable(look(new TreeSet<>(List.of(unit))).get(unit));
  }

  private SortedMap<UnitName.Placeable, LocalUnit> look(SortedSet<UnitName.Placeable> units)
      throws InterruptedException {
    try {
      return systemd.units(units);
    } catch (SystemdException e) {
      return new TreeMap<>();
    }
  }

  /// The start of a unit has ended without the unit having run.
  ///
  /// @param files of all that is assigned to the machine
  NotStarted notStarted(
      Assignment assignment, SortedMap<UnitName.Placeable, UnitFile> files, JobResult result)
      throws InterruptedException {
    if (result == JobResult.DEPENDENCY) {
      var failed = failedOf(assignment, files);
      return new NotStarted(result, needsWhatHasFailed(failed), failed);
    }
    return new NotStarted(result, saidBySystemd(assignment, result), new TreeSet<>());
  }

  /// What there is to say of a job of a unit that did not come to run, in systemd's own words if it
  /// has said any.
  ///
  /// @param files of all that is assigned to the machine
  String words(
      Assignment assignment, SortedMap<UnitName.Placeable, UnitFile> files, JobResult result)
      throws InterruptedException {
    return notStarted(assignment, files, result).words();
  }

  /// The units of fleet's that one needs, by the texts of all, and that have failed.
  private SortedSet<UnitName.Placeable> failedOf(
      Assignment assignment, SortedMap<UnitName.Placeable, UnitFile> files)
      throws InterruptedException {
    var needs = Needs.all(assignment.file(), files);
    needs.retainAll(files.keySet());
    var failed = new TreeSet<UnitName.Placeable>();
    if (!needs.isEmpty()) {
      var seen = look(needs);
      for (UnitName.Placeable need : needs) {
        LocalUnit there = seen.get(need);
        if (there != null && there.active().equals("failed")) {
          failed.add(need);
        }
      }
    }
    return failed;
  }

  private static String needsWhatHasFailed(SortedSet<UnitName.Placeable> failed) {
    return failed.isEmpty()
        ? "a unit that it needs did not start"
        : "it needs what has failed: "
            + failed.stream().map(UnitName.Placeable::text).collect(Collectors.joining(", "));
  }

  private String saidBySystemd(Assignment assignment, JobResult result)
      throws InterruptedException {
    String beginning = assignment.unit() + ": ";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      environment.sleep(LAG);
      Optional<String> said =
          lastLines(assignment.unit()).reversed().stream()
              .filter(line -> line.startsWith(beginning))
              .map(line -> line.substring(beginning.length()))
              .findFirst();
      if (said.isPresent()) {
        return said.get();
      }
    }
    return "systemd has not said why: " + result.text();
  }

  private List<String> lastLines(UnitName.Placeable unit) throws InterruptedException {
    try {
      return systemd.lastLines(unit, LINES);
    } catch (SystemdException e) {
      return List.of();
    }
  }
}
