package fleet.scheduler.plan;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.Pause;
import fleet.scheduler.plan.PlannedMachine.Availability;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A plan while it is made: it places units on machines ([Placements]), and remembers why.
/// [Planner] says by which rules.
final class PlanBuilder {

  /// A unit on a machine.
  record Placement(PlannedUnit unit, PlannedMachine machine) implements Comparable<Placement> {
    private static final Comparator<Placement> ORDER =
        Comparator.comparing(Placement::unit).thenComparing(Placement::machine);

    @Override
    public int compareTo(Placement other) {
      return ORDER.compare(this, other);
    }
  }

  private final Placements placements;
  private final List<List<PlannedUnit>> groups;
  private final SortedMap<Placement, Veto> takenOff = new TreeMap<>();
  private final SortedMap<Placement, PlacementReason> reasons = new TreeMap<>();

  /// Whether placing a unit has driven out another, since this was last set to false.
  private boolean drivenOut;

  PlanBuilder(Placements placements) {
    this.placements = placements;
    this.groups = DependencyOrder.of(placements.units());
    placements.shareFeasible();
  }

  /// Leaves each unit of which too little is known on the machines that it is assigned to.
  void holdWhatIsUncertain() {
    for (PlannedUnit unit : placements.units()) {
      switch (unit.intent()) {
        case UNREADABLE ->
            unit.assignedTo().keySet().forEach(machine -> placements.place(unit, machine));
        case WANTED ->
            mayStayOn(unit, Availability.HELD).forEach(machine -> placements.place(unit, machine));
        case INACTIVE, DESTROYED -> {}
      }
    }
  }

  /// Leaves units on the machines that they are assigned to, where they may stay.
  void keepWhatMayStay() {
    groups.forEach(group -> keep(group, Availability.PRESENT));
  }

  /// Leaves units on machines that are gone, if no other machine can take them.
  void keepWhatCannotLeave() {
    groups.forEach(group -> keep(group, Availability.GONE));
  }

  /// Leaves a whole group on the machines that it is assigned to, then takes off the units that may
  /// not stay, until all may: in a circle, each unit that goes may take the next one along.
  private void keep(List<PlannedUnit> group, Availability availability) {
    for (PlannedUnit unit : group) {
      if (unit.global() || unit.placedOn().isEmpty()) {
        mayStayOn(unit, availability).forEach(machine -> placements.place(unit, machine));
      }
    }
    boolean settled;
    do {
      settled = true;
      for (PlannedUnit unit : group) {
        for (PlannedMachine machine : mayStayOn(unit, availability)) {
          var veto =
              unit.placedOn().contains(machine)
                  ? placements.veto(unit, machine).or(() -> failed(unit, machine))
                  : Optional.<Veto>empty();
          if (veto.isPresent()) {
            takeOff(unit, machine, veto.get());
            settled = false;
          }
        }
      }
    } while (!settled);
  }

  /// The veto that a unit has failed too often where it is, if it can go elsewhere.
  private Optional<Veto> failed(PlannedUnit unit, PlannedMachine machine) {
    return placements
        .failureHistory()
        .tooOften(unit, machine)
        .filter(_ -> unit.feasible().best(unit, other -> !other.equals(machine)).isPresent())
        .map(Veto.Failed::new);
  }

  /// The machines of that availability on which a unit may stay: all that it is assigned to if it
  /// is global, else the best of them.
  private List<PlannedMachine> mayStayOn(PlannedUnit unit, Availability availability) {
    var machines = unit.assignedTo().keySet().stream();
    if (!unit.global()) {
      machines =
          machines
              .min(
                  Comparator.comparing(
                          (PlannedMachine machine) -> machine.availability() == Availability.GONE)
                      .thenComparing(
                          machine -> placements.vetoOfMachineAlone(unit, machine).isPresent())
                      .thenComparing(PlannedMachine::availability)
                      .thenComparing(Comparator.naturalOrder()))
              .stream();
    }
    return machines.filter(machine -> machine.availability() == availability).toList();
  }

  private void takeOff(PlannedUnit unit, PlannedMachine machine, Veto veto) {
    placements.remove(unit, machine);
    takenOff.put(new Placement(unit, machine), veto);
  }

  /// Finds a machine for all units that have none.
  ///
  /// A unit that is driven out may have been in the way of an earlier one, which then has another
  /// try. This ends, since a unit is driven out only by one that comes before it: the first to find
  /// a machine in a round keeps it. It takes two rounds, or three; the limit is for cases that
  /// nobody has thought of, and leaves the rest to the next plan.
  void placeTheOthers() {
    int rounds = 0;
    do {
      drivenOut = false;
      groups.forEach(group -> group.forEach(this::place));
    } while (drivenOut && ++rounds < groups.size());
  }

  private void place(PlannedUnit unit) {
    if (unit.global()) {
      for (PlannedMachine machine : placements.machines()) {
        if (machine.availability() == Availability.PRESENT && may(unit, machine)) {
          place(unit, machine, new PlacementReason.Everywhere());
        }
      }
    } else if (unit.placedOn().isEmpty()) {
      (placements.failureHistory().hasFailed(unit) ? whereItHasFailedLeast(unit) : best(unit))
          .ifPresent(machine -> place(unit, machine, reason(unit, machine)));
    }
  }

  /// The machine that the unit is assigned to, if it can come back there, else the machine with the
  /// fewest units; if a machine has yet to stop it, that machine or none.
  private Optional<PlannedMachine> best(PlannedUnit unit) {
    for (PlannedMachine machine : mayStayOn(unit, Availability.PRESENT)) {
      if (may(unit, machine)) {
        return Optional.of(machine);
      }
    }
    var stillOn = placements.stillOn(unit);
    return switch (stillOn.size()) {
      case 0 -> unit.feasible().best(unit, _ -> true);
      case 1 -> placements.present(stillOn.first()).filter(machine -> may(unit, machine));
      default -> Optional.empty();
    };
  }

  /// The machine on which the unit has not failed, or failed longest ago; none if it cannot go
  /// there yet.
  private Optional<PlannedMachine> whereItHasFailedLeast(PlannedUnit unit) {
    var failureHistory = placements.failureHistory();
    return unit.feasible()
        .best(unit, machine -> failureHistory.rank(unit, machine) == 0)
        .or(
            () ->
                placements.eligible(unit).stream()
                    .filter(machine -> failureHistory.rank(unit, machine) > 0)
                    .filter(machine -> may(unit, machine))
                    .min(Comparator.comparingInt(machine -> failureHistory.rank(unit, machine))))
        .filter(
            machine ->
                unit.assignedTo().containsKey(machine)
                    || placements.stillOn(unit).stream().allMatch(machine.id()::equals));
  }

  private boolean may(PlannedUnit unit, PlannedMachine machine) {
    return !machine.has(unit) && placements.veto(unit, machine).isEmpty();
  }

  private static PlacementReason reason(PlannedUnit unit, PlannedMachine machine) {
    var requirements = unit.requirements();
    if (requirements.machineId().isPresent()) {
      return new PlacementReason.Named();
    }
    return requirements.machineOf().isEmpty()
        ? new PlacementReason.FewestUnits(machine.load())
        : new PlacementReason.WithPeer(requirements.machineOf().first());
  }

  private void place(PlannedUnit unit, PlannedMachine machine, PlacementReason reason) {
    placements.place(unit, machine);
    reasons.put(new Placement(unit, machine), reason);
    machine.units().stream()
        .filter(other -> other.replacers().contains(unit))
        .toList()
        .forEach(other -> driveOut(other, machine));
  }

  /// Takes off a unit and all that must be where it is.
  private void driveOut(PlannedUnit first, PlannedMachine machine) {
    drivenOut = true;
    Deque<PlannedUnit> leaving = new ArrayDeque<>(List.of(first));
    while (!leaving.isEmpty()) {
      PlannedUnit unit = leaving.remove();
      if (unit.placedOn().contains(machine)) {
        placements.veto(unit, machine).ifPresent(veto -> takeOff(unit, machine, veto));
        leaving.addAll(unit.followers());
      }
    }
  }

  Plan plan(ClusterSnapshot cluster, Optional<Pause> pause) {
    return new PlanDiff(placements, takenOff, reasons).plan(cluster, pause);
  }
}
