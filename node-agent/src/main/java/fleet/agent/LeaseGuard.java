package fleet.agent;

import fleet.agent.presence.Lease;
import fleet.agent.reconcile.Expected;
import fleet.agent.reconcile.Permissions;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.agent.unit.Fence.Disturbance;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/// What the machine's lease allows, and what has become of units that must not run without it. For
/// the loop that owns the records of units, in which all is kept that this needs to know.
final class LeaseGuard {

  private final Lease lease;
  private final Switches switches;
  private final BooleanSupplier storeAway;

  /// @param storeAway whether the store does not answer
  LeaseGuard(Lease lease, Switches switches, BooleanSupplier storeAway) {
    this.lease = lease;
    this.switches = switches;
    this.storeAway = storeAway;
  }

  /// How far the machine may act now.
  Permissions permissions(Expected expected) {
    long id = lease.id();
    return new Permissions(
        lease.lapsed(),
        id != 0 && id == expected.readUnder(),
        id == 0 && storeAway.getAsBoolean(),
        expected.bound(),
        new TreeSet<>(expected.exclusive().keySet()),
        switches.armed(expected.exclusive()));
  }

  /// Tells the switches what there is to guard.
  ///
  /// @param taken units of which everything is the machine's own: no switch may stop them
  void guard(
      Expected expected,
      SortedMap<UnitName.Placeable, LocalUnit> observed,
      Set<UnitName.Placeable> taken) {
    var launched = new TreeMap<>(expected.exclusive());
    launched.keySet().removeIf(unit -> !isLaunched(expected, unit) || taken.contains(unit));
    // Of units that have jobs, what was seen to rest may run by now.
    SortedSet<UnitName.Placeable> atWork = expected.atWork();
    var running = new TreeSet<UnitName.Placeable>();
    observed.forEach(
        (unit, seen) -> {
          boolean rests = seen.phase() == Phase.RESTING && !atWork.contains(unit);
          if (!rests && !taken.contains(unit)) {
            running.add(unit);
          }
        });
    switches.guard(expected.readUnder(), launched, running);
  }

  private static boolean isLaunched(Expected expected, UnitName.Placeable unit) {
    Assignment assignment = expected.assigned().get(unit);
    return assignment != null && assignment.target() == TargetState.LAUNCHED;
  }

  /// How often the lease or a switch has failed.
  long disturbances() {
    return lease.lapses() + switches.misses();
  }

  /// What has happened to the machine's right to run a unit.
  ///
  /// @param before [#disturbances()] when systemd was asked, which may have been minutes ago
  Disturbance disturbance(UnitName.Placeable unit, long before) {
    return new Disturbance(before, disturbances(), lease.lapsed(), switches.mayHaveFired(unit));
  }

  /// Whether two copies of the unit must never run, as far as a switch of it is known. From any
  /// task.
  boolean isExclusive(UnitName.Placeable unit) {
    return switches.know(unit);
  }

  /// How long until units must be stopped; not positive if none must, or all should have been.
  ///
  /// @param bound the units that stop when the lease has lapsed
  Duration untilLapse(Set<UnitName.Placeable> bound) {
    return bound.isEmpty() ? Duration.ZERO : lease.untilLapse();
  }
}
