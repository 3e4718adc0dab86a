package fleet.scheduler.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import fleet.scheduler.plan.Plan.Obstacle;
import fleet.scheduler.plan.Plan.Step;
import fleet.scheduler.plan.PlanBuilder.Placement;
import fleet.scheduler.plan.PlannedMachine.Availability;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The planner as it was first: each unit is tried on each machine, each time, and whoever is in
/// its way is looked for among all who are there. What the planner decides it must decide, too, and
/// it says how much work that is if nothing is remembered.
final class PlainPlanner {

  private static final int VETOES_TOLD = 50;

  private final ClusterSnapshot cluster;
  private final EvictionGate gate;
  private final Planner.Effort effort = new Planner.Effort();
  private final Placements placements;
  private final List<List<PlannedUnit>> groups;
  private final SortedMap<Placement, Veto> takenOff = new TreeMap<>();
  private final SortedMap<Placement, PlacementReason> reasons = new TreeMap<>();
  private boolean drivenOut;

  private PlainPlanner(ClusterSnapshot cluster, PlanningConditions conditions) {
    this.cluster = cluster;
    this.gate = EvictionGate.of(cluster, conditions);
    this.placements = new Placements(cluster, gate.kept(), conditions.unfenced(), effort);
    this.groups = DependencyOrder.of(placements.units());
    placements.shareFeasible();
  }

  static Planner.Worked worked(ClusterSnapshot cluster, PlanningConditions conditions) {
    var planner = new PlainPlanner(cluster, conditions);
    planner.holdWhatIsUncertain();
    planner.groups.forEach(group -> planner.keep(group, Availability.PRESENT));
    planner.placeTheOthers();
    planner.groups.forEach(group -> planner.keep(group, Availability.GONE));
    return new Planner.Worked(planner.plan(), planner.effort);
  }

  private void holdWhatIsUncertain() {
    for (PlannedUnit unit : placements.units()) {
      switch (unit.intent()) {
        case UNREADABLE ->
            unit.assignedTo().keySet().forEach(machine -> placements.place(unit, machine));
        case WANTED ->
            assignedTo(unit, Availability.HELD).forEach(machine -> placements.place(unit, machine));
        case INACTIVE, DESTROYED -> {}
      }
    }
  }

  private void keep(List<PlannedUnit> group, Availability availability) {
    for (PlannedUnit unit : group) {
      if (unit.global() || unit.placedOn().isEmpty()) {
        assignedTo(unit, availability).forEach(machine -> placements.place(unit, machine));
      }
    }
    boolean settled;
    do {
      settled = true;
      for (PlannedUnit unit : group) {
        for (PlannedMachine machine : assignedTo(unit, availability)) {
          var veto =
              unit.placedOn().contains(machine)
                  ? veto(unit, machine).or(() -> failed(unit, machine))
                  : Optional.<Veto>empty();
          if (veto.isPresent()) {
            takeOff(unit, machine, veto.get());
            settled = false;
          }
        }
      }
    } while (!settled);
  }

  private Optional<Veto> failed(PlannedUnit unit, PlannedMachine machine) {
    return placements
        .failureHistory()
        .tooOften(unit, machine)
        .filter(
            _ ->
                placements.eligible(unit).stream()
                    .anyMatch(other -> !other.equals(machine) && veto(unit, machine).isEmpty()))
        .map(Veto.Failed::new);
  }

  private List<PlannedMachine> assignedTo(PlannedUnit unit, Availability availability) {
    var assignedTo = unit.assignedTo().keySet().stream();
    if (!unit.global()) {
      assignedTo =
          assignedTo
              .min(
                  Comparator.comparing(
                          (PlannedMachine machine) -> machine.availability() == Availability.GONE)
                      .thenComparing(
                          machine -> placements.vetoOfMachineAlone(unit, machine).isPresent())
                      .thenComparing(PlannedMachine::availability)
                      .thenComparing(Comparator.naturalOrder()))
              .stream();
    }
    return assignedTo.filter(machine -> machine.availability() == availability).toList();
  }

  private void takeOff(PlannedUnit unit, PlannedMachine machine, Veto veto) {
    placements.remove(unit, machine);
    takenOff.put(new Placement(unit, machine), veto);
  }

  private void placeTheOthers() {
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
    } else if (unit.placedOn().isEmpty() && placements.failureHistory().hasFailed(unit)) {
      placements.eligible(unit).stream()
          .filter(machine -> may(unit, machine))
          .min(Comparator.comparingInt(machine -> placements.failureHistory().rank(unit, machine)))
          .filter(
              machine -> unit.assignedTo().containsKey(machine) || stillOn(unit, machine).isEmpty())
          .ifPresent(machine -> place(unit, machine, reason(unit, machine)));
    } else if (unit.placedOn().isEmpty()) {
      Stream.concat(
              assignedTo(unit, Availability.PRESENT).stream(),
              placements.eligible(unit).stream()
                  .filter(machine -> stillOn(unit, machine).isEmpty()))
          .filter(machine -> may(unit, machine))
          .findFirst()
          .ifPresent(machine -> place(unit, machine, reason(unit, machine)));
    }
  }

  private boolean may(PlannedUnit unit, PlannedMachine machine) {
    return !machine.has(unit) && veto(unit, machine).isEmpty();
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

  private void driveOut(PlannedUnit first, PlannedMachine machine) {
    drivenOut = true;
    Deque<PlannedUnit> leaving = new ArrayDeque<>(List.of(first));
    while (!leaving.isEmpty()) {
      PlannedUnit unit = leaving.remove();
      if (unit.placedOn().contains(machine)) {
        veto(unit, machine).ifPresent(veto -> takeOff(unit, machine, veto));
        leaving.addAll(unit.followers());
      }
    }
  }

  /// What the placements says, if of a conflict it says the same as whoever looks at all who are
  /// there.
  private Optional<Veto> veto(PlannedUnit unit, PlannedMachine machine) {
    assertEquals(
        machine.units().stream().filter(other -> conflict(unit, other)).findFirst(),
        machine.conflicting(unit));
    return placements.veto(unit, machine);
  }

  private static boolean conflict(PlannedUnit one, PlannedUnit other) {
    return !one.equals(other)
        && !(Collections.disjoint(one.requirements().conflicts(), other.matchedBy())
            && Collections.disjoint(other.requirements().conflicts(), one.matchedBy()));
  }

  private Optional<MachineId> stillOn(PlannedUnit unit, PlannedMachine machine) {
    return placements.stillOn(unit).stream()
        .filter(other -> !other.equals(machine.id()))
        .findFirst();
  }

  private Optional<MachineId> stopsOn(PlannedUnit unit) {
    if (unit.global() || (unit.stillReportedBy().isEmpty() && unit.assignedTo().isEmpty())) {
      return Optional.empty();
    }
    return placements.eligible(unit).stream()
        .filter(machine -> stillOn(unit, machine).isPresent())
        .filter(machine -> veto(unit, machine).isEmpty())
        .findFirst()
        .flatMap(machine -> stillOn(unit, machine));
  }

  private Plan plan() {
    Plan plan = new PlanDiff(placements, takenOff, reasons).plan(cluster, gate.pause());
    var steps = new ArrayList<Step>();
    for (Step step : plan.steps()) {
      steps.add(step instanceof Step.Leave leave ? plainly(leave) : step);
    }
    return new Plan(plan.revision(), steps, plan.evicted(), plan.pause(), plan.failures());
  }

  private Step plainly(Step.Leave leave) {
    var unit =
        placements.units().stream()
            .filter(candidate -> candidate.name().equals(leave.unit()))
            .findFirst();
    if (unit.isEmpty()) {
      return leave; // a template
    }
    var on = stopsOn(unit.get());
    if (on.isPresent()) {
      return new Step.Leave(
          leave.unit(), new Obstacle(placements.wait(unit.get(), on.get()), new TreeMap<>()));
    }
    var vetoes = new TreeMap<MachineId, Veto>();
    placements.machines().stream()
        .filter(machine -> machine.availability() == Availability.PRESENT)
        .limit(VETOES_TOLD)
        .forEach(
            machine -> veto(unit.get(), machine).ifPresent(veto -> vetoes.put(machine.id(), veto)));
    return new Step.Leave(leave.unit(), new Obstacle(leave.obstacle().summary(), vetoes));
  }
}
