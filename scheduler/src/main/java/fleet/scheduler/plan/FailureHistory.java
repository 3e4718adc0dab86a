package fleet.scheduler.plan;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.FailedPlacements;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.scheduler.plan.PlannedMachine.Availability;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Where units that have a limit of failures (`FailureLimit=`) have failed, and when one moves on.
///
/// A machine's agent starts such a unit again and again, after pauses that double from one second
/// to five minutes, and says how often in a row it has failed. When that is often enough, the unit
/// goes where it has not failed yet, else where it failed longest ago. How often is enough grows
/// with each move: so the pauses between two moves double too, and nobody here needs a clock.
///
/// It is forgotten where a unit has failed when users rewrite, restart or stop it, and when it has
/// proven itself.
final class FailureHistory {

  /// So many failures in a row take more than four minutes. Nobody waits for more before a move,
  /// unless the limit itself is above.
  private static final int ENOUGH = 9;

  /// More machines than anybody would have a unit fail on.
  private static final int MOST_REMEMBERED = 1_000;

  private final ClusterSnapshot cluster;

  FailureHistory(ClusterSnapshot cluster) {
    this.cluster = cluster;
  }

  /// How often in a row a unit of that limit must have failed on a machine before it is moved once
  /// more.
  static int enough(int limit, int moves) {
    return Math.max(limit, Math.min(limit + moves, ENOUGH));
  }

  /// How often the unit has failed on `machine`, if that is too often for it to stay.
  Optional<Integer> tooOften(PlannedUnit unit, PlannedMachine machine) {
    var limit = unit.requirements().failureLimit();
    if (limit.isEmpty() || unit.global() || machine.availability() != Availability.PRESENT) {
      return Optional.empty();
    }
    var before = remembered(unit);
    return unit.desired()
        .filter(desired -> desired.target() == TargetState.LAUNCHED)
        .flatMap(desired -> failures(desired, unit, machine))
        .filter(
            failures ->
                failures
                    >= enough(limit.getAsInt(), before.map(FailedPlacements::moves).orElse(0)));
  }

  private Optional<Integer> failures(
      DesiredUnit desired, PlannedUnit unit, PlannedMachine machine) {
    return state(unit, machine.id())
        .filter(state -> state.hash().equals(Optional.of(desired.file().hash())))
        .filter(state -> state.generation() == desired.restarts().on(machine.id()))
        .map(state -> state.trial().failures());
  }

  private Optional<UnitState> state(PlannedUnit unit, MachineId machine) {
    return Optional.ofNullable(cluster.states().get(machine))
        .map(states -> states.get(unit.name()));
  }

  /// What is remembered of the unit as it is now.
  private Optional<FailedPlacements> remembered(PlannedUnit unit) {
    return Optional.ofNullable(cluster.failures().get(unit.name()))
        .filter(failures -> unit.desired().filter(now -> isOf(failures, now)).isPresent())
        .filter(_ -> !hasProvenItself(unit));
  }

  private static boolean isOf(FailedPlacements failures, DesiredUnit now) {
    return now.target() == TargetState.LAUNCHED
        && now.requirements().failureLimit().isPresent()
        && now.restarts().everywhere() == failures.restarts()
        && now.file().hash().equals(failures.text());
  }

  private boolean hasProvenItself(PlannedUnit unit) {
    return unit.assignedTo().keySet().stream()
        .anyMatch(
            machine ->
                state(unit, machine.id()).filter(state -> state.trial().proven()).isPresent());
  }

  /// Whether the unit has failed anywhere.
  boolean hasFailed(PlannedUnit unit) {
    return remembered(unit).isPresent()
        || unit.assignedTo().keySet().stream()
            .anyMatch(machine -> tooOften(unit, machine).isPresent());
  }

  /// Where a unit had better go first: 0 where it has not failed, then where it failed longest ago.
  int rank(PlannedUnit unit, PlannedMachine machine) {
    if (tooOften(unit, machine).isPresent()) {
      return Integer.MAX_VALUE;
    }
    return remembered(unit)
        .map(failures -> failures.machines().indexOf(machine.id()) + 1)
        .orElse(0);
  }

  /// What is to be remembered of the unit when it has been taken off `from` for that reason; or, if
  /// empty, for none.
  Optional<FailedPlacements> after(PlannedUnit unit, Optional<PlannedMachine> from) {
    var before = remembered(unit);
    return from.flatMap(
            machine ->
                unit.desired()
                    .map(
                        desired ->
                            new FailedPlacements(
                                desired.file().hash(),
                                desired.restarts().everywhere(),
                                machines(before, machine.id()),
                                before.map(FailedPlacements::moves).orElse(0) + 1)))
        .or(() -> before);
  }

  private static List<MachineId> machines(Optional<FailedPlacements> before, MachineId last) {
    var machines = new ArrayList<>(before.map(FailedPlacements::machines).orElse(List.of()));
    machines.remove(last);
    machines.add(last);
    return machines.size() <= MOST_REMEMBERED ? machines : machines.subList(1, machines.size());
  }

  /// What is remembered of units that nobody can read now.
  SortedMap<UnitName.Placeable, FailedPlacements> uncertain() {
    var uncertain = new TreeMap<>(cluster.failures());
    uncertain.keySet().retainAll(cluster.unreadable().units());
    return uncertain;
  }
}
