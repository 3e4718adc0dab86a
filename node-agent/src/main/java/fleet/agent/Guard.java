package fleet.agent;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.unit.Disconnect;
import fleet.unit.UnitName;
import fleet.unit.requirements.Grace;
import fleet.unit.requirements.Requirements;
import java.time.Duration;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/// Knows which units must not run where the lease has lapsed, and how things stand with them. For
/// one thread at a time.
final class Guard {

  private final Lease lease;
  private final Switches switches;
  private final BooleanSupplier storeAway;

  private SortedMap<UnitName.Placeable, Assignment> read = new TreeMap<>();
  private final TreeSet<UnitName.Placeable> bound = new TreeSet<>();

  /// Exclusive units, each with its grace.
  private final TreeMap<UnitName.Placeable, Duration> exclusive = new TreeMap<>();

  /// Exclusive units that have ended by themselves, or have not been started yet.
  private final TreeSet<UnitName.Placeable> ended = new TreeSet<>();

  /// How often the lease or a switch had failed when each exclusive unit was last seen up.
  private final TreeMap<UnitName.Placeable, Long> seen = new TreeMap<>();

  /// @param storeAway whether the store does not answer
  Guard(Lease lease, Switches switches, BooleanSupplier storeAway) {
    this.lease = lease;
    this.switches = switches;
    this.storeAway = storeAway;
  }

  /// Takes what is assigned.
  private void read(SortedMap<UnitName.Placeable, Assignment> assignments) {
    if (assignments.equals(read)) {
      return;
    }
    read = assignments;
    bound.clear();
    exclusive.clear();
    ended.retainAll(assignments.keySet());
    seen.keySet().retainAll(assignments.keySet());
    assignments.forEach(
        (unit, assignment) -> {
          var requirements = Requirements.of(unit, assignment.file());
          if (requirements.disconnect() == Disconnect.STOP) {
            bound.add(unit);
          }
          if (requirements.exclusive()) {
            exclusive.put(unit, Duration.ofMillis(Grace.millis(assignment.file())));
          }
        });
  }

  /// How far the machine may act.
  ///
  /// @param readUnder the lease under which it was read what is assigned
  Footing footing(SortedMap<UnitName.Placeable, Assignment> assignments, long readUnder) {
    read(assignments);
    long id = lease.id();
    return new Footing(
        lease.lapsed(),
        id != 0 && id == readUnder,
        id == 0 && storeAway.getAsBoolean(),
        bound,
        new TreeSet<>(exclusive.keySet()),
        switches.armed(exclusive));
  }

  /// Tells the switches what there is to guard.
  ///
  /// @param atWork units that have jobs: what was seen of them to rest may run by now
  /// @param taken units of which everything is the machine's own: no switch may stop them
  void guard(
      long readUnder,
      SortedMap<UnitName.Placeable, LocalUnit> observed,
      Set<UnitName.Placeable> atWork,
      Set<UnitName.Placeable> taken) {
    var launched = new TreeMap<>(exclusive);
    launched.keySet().removeIf(unit -> !isLaunched(unit) || taken.contains(unit));
    var running = new TreeSet<UnitName.Placeable>();
    observed.forEach(
        (unit, seen) -> {
          boolean rests = seen.phase() == Phase.RESTING && !atWork.contains(unit);
          if (!rests && !taken.contains(unit)) {
            running.add(unit);
          }
        });
    switches.guard(readUnder, launched, running);
  }

  private boolean isLaunched(UnitName.Placeable unit) {
    Assignment assignment = read.get(unit);
    return assignment != null && assignment.target() == TargetState.LAUNCHED;
  }

  /// A unit is about to be started.
  void starts(UnitName.Placeable unit) {
    ended.remove(unit);
    seen.put(unit, disturbances());
  }

  /// How often the lease or a switch has failed.
  long disturbances() {
    return lease.lapses() + switches.misses();
  }

  /// Exclusive units that were up, and are no more, though the lease had lapsed or a switch may
  /// have fired since they were last seen: they have not ended by themselves. To be asked once,
  /// after each look.
  ///
  /// @param held units of which it is not known yet how their starts have ended
  /// @param before [#disturbances()] when systemd was asked, which may have been minutes ago
  SortedSet<UnitName.Placeable> cutDown(
      SortedMap<UnitName.Placeable, LocalUnit> observed,
      SortedSet<UnitName.Placeable> held,
      long before) {
    long now = disturbances();
    var cutDown = new TreeSet<UnitName.Placeable>();
    for (UnitName.Placeable unit : exclusive.keySet()) {
      LocalUnit there = observed.get(unit);
      if (there == null || held.contains(unit)) {
        continue;
      }
      if (there.phase() != Phase.RESTING) {
        ended.remove(unit);
        seen.put(unit, before);
      } else if (ended.add(unit)) {
        boolean disturbed = lease.lapsed() || seen.getOrDefault(unit, now) != now;
        if (disturbed || (seen.containsKey(unit) && switches.mayHaveFired(unit))) {
          cutDown.add(unit);
        }
      }
    }
    return cutDown;
  }

  /// Exclusive units that have not ended by themselves as far as is known: the next agent cannot
  /// tell whether a switch has stopped them.
  SortedSet<UnitName.Placeable> up() {
    var up = new TreeSet<>(exclusive.keySet());
    up.removeAll(ended);
    return up;
  }

  /// Whether two copies of the unit must never run, as far as a switch of it is known. From any
  /// thread.
  boolean isExclusive(UnitName.Placeable unit) {
    return switches.know(unit);
  }

  /// How long until units must be stopped; not positive if none must, or all should have been.
  Duration untilLapse() {
    return bound.isEmpty() ? Duration.ZERO : lease.untilLapse();
  }
}
