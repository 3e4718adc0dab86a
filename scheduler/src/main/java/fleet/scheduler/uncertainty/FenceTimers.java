package fleet.scheduler.uncertainty;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import fleet.scheduler.plan.UnfencedCopies;
import fleet.unit.UnitName;
import fleet.unit.requirements.Grace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The leader's wait for the end of exclusive units on machines that are gone. A value: each look
/// at the cluster makes the next one.
///
/// A machine that has lost its lease stops its exclusive units: its agent at once, and a dead man's
/// switch that its systemd fires, whatever has become of the agent, when the lease has not been
/// renewed for the time to live plus the unit's [Grace]. The time to live is over when a machine is
/// seen to be gone, so what is left is the grace: a copy has stopped for certain after that, if by
/// then the unit had been withheld. A machine that comes back neither starts a withheld unit nor
/// arms a switch for it. So the wait does not begin anew when it comes and goes.
///
/// A leader goes by what it has seen itself, in this term: a new one waits anew.
///
/// @param timers what is waited for, by machine and unit
public record FenceTimers(SortedMap<MachineId, SortedMap<UnitName.Placeable, Timer>> timers) {

  /// For clocks that do not go alike, for systemd to kill, and for a switch that was armed a moment
  /// after its lease was renewed.
  static final Duration MARGIN = Duration.ofSeconds(2);

  /// Nothing is waited for.
  public static final FenceTimers NONE = new FenceTimers(new TreeMap<>());

  public FenceTimers {
    var copy = new TreeMap<MachineId, SortedMap<UnitName.Placeable, Timer>>();
    timers.forEach(
        (machine, units) ->
            copy.put(machine, Collections.unmodifiableSortedMap(new TreeMap<>(units))));
    timers = Collections.unmodifiableSortedMap(copy);
  }

  /// When a copy has stopped for certain.
  ///
  /// @param end by the time that nobody can set
  /// @param shown by the clock, for people to read; nothing goes by it
  public record Timer(Duration end, Instant shown) {}

  /// The cluster has been seen like this.
  ///
  /// @param now by the time that nobody can set
  /// @param clock the time of day
  FenceTimers after(ClusterSnapshot cluster, Duration now, Instant clock) {
    var seen = new TreeMap<MachineId, SortedMap<UnitName.Placeable, Timer>>();
    cluster
        .assignments()
        .forEach(
            (machine, units) ->
                units.forEach(
                    (unit, assignment) -> {
                      if (assignment.withheld() && isSilent(cluster, machine, unit)) {
                        Duration wait =
                            Duration.ofMillis(Grace.millis(assignment.file())).plus(MARGIN);
                        Timer timer =
                            known(machine, unit)
                                .orElseGet(() -> new Timer(now.plus(wait), shown(clock, wait)));
                        seen.computeIfAbsent(machine, _ -> new TreeMap<>()).put(unit, timer);
                      }
                    }));
    return new FenceTimers(seen);
  }

  private static Instant shown(Instant clock, Duration wait) {
    return clock.plus(wait).truncatedTo(ChronoUnit.SECONDS);
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

  private Optional<Timer> known(MachineId machine, UnitName.Placeable unit) {
    return Optional.ofNullable(timers.get(machine)).map(units -> units.get(unit));
  }

  /// The copies that may still run.
  UnfencedCopies unfenced(Duration now) {
    var until = new TreeMap<MachineId, SortedMap<UnitName.Placeable, Instant>>();
    timers.forEach(
        (machine, units) ->
            units.forEach(
                (unit, timer) -> {
                  if (timer.end().compareTo(now) > 0) {
                    until.computeIfAbsent(machine, _ -> new TreeMap<>()).put(unit, timer.shown());
                  }
                }));
    return new UnfencedCopies(until);
  }

  /// How long until the next of them will have stopped for certain; empty if none is waited for.
  Optional<Duration> untilNext(Duration now) {
    return timers.values().stream()
        .flatMap(units -> units.values().stream())
        .map(timer -> timer.end().minus(now))
        .filter(Duration::isPositive)
        .min(Duration::compareTo);
  }
}
