package fleet.scheduler;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import fleet.cluster.env.Environment;
import fleet.unit.Grace;
import fleet.unit.UnitName;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The leader's wait for the end of exclusive units on machines that are gone.
///
/// A machine that has lost its lease stops its exclusive units: its agent at once, and a dead man's
/// switch that its systemd fires, whatever has become of the agent, when the lease has not been
/// renewed for the time to live and the unit's [Grace]. So a copy has stopped for certain a grace
/// after its machine was seen to be gone, if by then the unit had been withheld: a machine that
/// comes back does not start what is withheld, and arms no switch of what it did not start. How
/// often it has come and gone meanwhile does not matter.
///
/// A leader goes by what it has seen itself, in this term: a new one waits anew.
final class Vigil {

  /// For clocks that do not go alike, for systemd to kill, and for a switch that was armed a moment
  /// after its lease was renewed.
  static final Duration MARGIN = Duration.ofSeconds(2);

  /// @param end in time that cannot be set
  private record Watched(Duration end, String shown) {}

  private final Environment environment;
  private SortedMap<MachineId, SortedMap<UnitName.Placeable, Watched>> watched = new TreeMap<>();

  Vigil(Environment environment) {
    this.environment = environment;
  }

  /// What may still run, now that the cluster has been seen like this.
  Remains observe(ClusterSnapshot cluster) {
    Duration now = environment.uptime();
    var seen = new TreeMap<MachineId, SortedMap<UnitName.Placeable, Watched>>();
    var until = new TreeMap<MachineId, SortedMap<UnitName.Placeable, String>>();
    cluster
        .assignments()
        .forEach(
            (machine, units) ->
                units.forEach(
                    (unit, assignment) -> {
                      if (assignment.withheld() && isSilent(cluster, machine, unit)) {
                        Duration wait =
                            Duration.ofMillis(Grace.millis(assignment.file())).plus(MARGIN);
                        Watched copy =
                            known(machine, unit)
                                .orElseGet(() -> new Watched(now.plus(wait), shown(wait)));
                        seen.computeIfAbsent(machine, _ -> new TreeMap<>()).put(unit, copy);
                        if (copy.end().compareTo(now) > 0) {
                          until
                              .computeIfAbsent(machine, _ -> new TreeMap<>())
                              .put(unit, copy.shown());
                        }
                      }
                    }));
    watched = seen;
    return new Remains(until);
  }

  private String shown(Duration wait) {
    return environment.now().plus(wait).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// Whether a machine is gone, and says nothing of a unit: one that leaves in order tells of each
  /// for as long as it is there.
  private static boolean isSilent(
      ClusterSnapshot cluster, MachineId machine, UnitName.Placeable unit) {
    var states = cluster.states().get(machine);
    return !cluster.machines().containsKey(machine)
        && !cluster.unreadable().machines().contains(machine)
        && (states == null || !states.containsKey(unit));
  }

  private Optional<Watched> known(MachineId machine, UnitName.Placeable unit) {
    return Optional.ofNullable(watched.get(machine)).map(units -> units.get(unit));
  }

  /// How long until the next of them will have stopped for certain; empty if none is waited for.
  Optional<Duration> untilNext() {
    Duration now = environment.uptime();
    return watched.values().stream()
        .flatMap(units -> units.values().stream())
        .map(copy -> copy.end().minus(now))
        .filter(Duration::isPositive)
        .min(Duration::compareTo);
  }
}
