package fleet.scheduler.plan;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.FailedPlacements;
import fleet.cluster.MachineId;
import fleet.cluster.Pause;
import fleet.cluster.TargetState;
import fleet.scheduler.plan.Plan.Obstacle;
import fleet.scheduler.plan.Plan.Step;
import fleet.scheduler.plan.PlanBuilder.Placement;
import fleet.scheduler.plan.PlannedMachine.Availability;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What has to be done so that every unit comes from the machines that it is assigned to to those
/// that it is placed on by the plan, and why.
final class PlanDiff {

  /// For how many machines it is said why they cannot take a unit. Fifty sentences are more
  /// than anybody reads, and each waiting unit costs as many.
  private static final int VETOES_TOLD = 50;

  /// What is found out once for all units of which it is true.
  private record Finding(FeasibleMachines feasible, String summary) {}

  private final Placements placements;
  private final SortedMap<Placement, Veto> takenOff;
  private final SortedMap<Placement, PlacementReason> reasons;
  private final List<PlannedMachine> machinesTold;
  private final Map<Finding, Obstacle> obstacles = new LinkedHashMap<>();

  /// @param takenOff what was against a unit's staying, where it was taken off
  /// @param reasons why a unit was placed on a machine that it was not assigned to
  PlanDiff(
      Placements placements,
      SortedMap<Placement, Veto> takenOff,
      SortedMap<Placement, PlacementReason> reasons) {
    this.placements = placements;
    this.takenOff = takenOff;
    this.reasons = reasons;
    this.machinesTold =
        placements.machines().stream()
            .filter(machine -> machine.availability() == Availability.PRESENT)
            .limit(VETOES_TOLD)
            .toList();
  }

  Plan plan(ClusterSnapshot cluster, Optional<Pause> pause) {
    List<Step> steps = new ArrayList<>();
    for (PlannedUnit unit : placements.units()) {
      for (PlannedMachine machine : unit.assignedTo().keySet()) {
        if (!unit.placedOn().contains(machine)) {
          takenOff(unit, machine).ifPresent(steps::add);
        }
      }
      for (PlannedMachine place : unit.placedOn()) {
        told(unit, place).ifPresent(steps::add);
      }
      if (unit.wanted() && waits(unit)) {
        steps.add(leave(unit));
      }
    }
    cluster.units().values().stream()
        .filter(unit -> unit.target() != TargetState.INACTIVE)
        .filter(unit -> unit.name() instanceof UnitName.Template)
        .forEach(template -> steps.add(leaveTemplate(template)));
    return new Plan(cluster.revision(), steps, evicted(cluster, steps), pause, failures());
  }

  /// Where units have failed too often, those among them that are taken off a machine for that now.
  private SortedMap<UnitName.Placeable, FailedPlacements> failures() {
    var failures = new TreeMap<>(placements.failureHistory().uncertain());
    for (PlannedUnit unit : placements.units()) {
      if (unit.requirements().failureLimit().isPresent()) {
        var left =
            unit.assignedTo().keySet().stream()
                .filter(machine -> !unit.placedOn().contains(machine))
                .filter(
                    machine -> takenOff.get(new Placement(unit, machine)) instanceof Veto.Failed)
                .findFirst();
        placements
            .failureHistory()
            .after(unit, left)
            .ifPresent(remembered -> failures.put(unit.name(), remembered));
      }
    }
    return failures;
  }

  /// Machines that are evicted, and would be counted as silent again, since some of what they have
  /// stays assigned to them.
  private SortedSet<MachineId> evicted(ClusterSnapshot cluster, List<Step> steps) {
    var left = new TreeMap<MachineId, Integer>();
    for (PlannedMachine machine : placements.machines()) {
      if (machine.availability() == Availability.GONE
          && !cluster.evicted().contains(machine.id())) {
        left.put(
            machine.id(), cluster.assignments().getOrDefault(machine.id(), new TreeMap<>()).size());
      }
    }
    for (Step step : steps) {
      if (step instanceof Step.Unassign(_, var machine, _)) {
        left.computeIfPresent(machine, (_, count) -> count - 1);
      }
    }
    left.values().removeIf(count -> count == 0);
    return new TreeSet<>(left.keySet());
  }

  /// The step that takes a unit off a machine. An exclusive unit is withheld first.
  private Optional<Step> takenOff(PlannedUnit unit, PlannedMachine machine) {
    return placements.isStopped(unit, machine)
        ? Optional.of(new Step.Unassign(unit.name(), machine.id(), cause(unit, machine)))
        : withheld(unit, machine, cause(unit, machine));
  }

  private static Optional<Step> withheld(PlannedUnit unit, PlannedMachine machine, Cause cause) {
    var told = Objects.requireNonNull(unit.assignedTo().get(machine));
    return told.withheld()
        ? Optional.empty()
        : Optional.of(new Step.Withhold(machine.id(), told.withhold(), cause));
  }

  private Cause cause(PlannedUnit unit, PlannedMachine machine) {
    return switch (unit.intent()) {
      case DESTROYED -> new Cause.Destroyed();
      case INACTIVE -> new Cause.Inactive();
      case UNREADABLE -> throw new AssertionError(unit + " is unreadable, and was moved");
      case WANTED ->
          machine.availability() == Availability.GONE
              ? new Cause.MachineGone()
              : whyMoved(unit, machine);
    };
  }

  /// The veto against the unit's staying; if that was about a peer, what has become of the peer in
  /// the end.
  private Cause whyMoved(PlannedUnit unit, PlannedMachine machine) {
    var veto = Optional.ofNullable(takenOff.get(new Placement(unit, machine)));
    return veto.filter(Veto.PeerNowhere.class::isInstance)
        .flatMap(_ -> placements.veto(unit, machine))
        .or(() -> veto)
        .<Cause>map(Cause.Vetoed::new)
        .orElseGet(Cause.Duplicate::new);
  }

  /// What a machine that should have the unit must be told.
  private Optional<Step> told(PlannedUnit unit, PlannedMachine place) {
    if (unit.mustGoBeforeItsNewText(place) && !placements.isStopped(unit, place)) {
      return withheld(unit, place, new Cause.Rewritten());
    }
    return unit.assignment(place)
        .filter(_ -> unit.outdated(place))
        .map(
            assignment ->
                assignment.withheld()
                    ? new Step.Withhold(place.id(), assignment, new Cause.MachineGone())
                    : unit.assignedTo().containsKey(place)
                        ? new Step.Update(place.id(), assignment, unit.assignedTo().get(place))
                        : new Step.Assign(
                            place.id(),
                            assignment,
                            Objects.requireNonNull(reasons.get(new Placement(unit, place)))));
  }

  /// Whether no machine that is there has the unit.
  private static boolean waits(PlannedUnit unit) {
    return unit.placedOn().stream().allMatch(place -> place.availability() == Availability.GONE);
  }

  /// Says why nobody runs a unit. If a machine can take it, it waits only because another has not
  /// stopped it yet, and that is the reason.
  private Step leave(PlannedUnit unit) {
    var obstacle =
        placements
            .stopsOn(unit)
            .map(on -> new Obstacle(placements.wait(unit, on), new TreeMap<>()))
            .orElseGet(() -> obstacle(unit));
    return new Step.Leave(unit.name(), obstacle);
  }

  /// Units with equal demands are refused for the same reasons.
  private Obstacle obstacle(PlannedUnit unit) {
    return obstacles.computeIfAbsent(
        new Finding(unit.feasible(), summary(unit)),
        finding -> new Obstacle(finding.summary(), vetoes(unit)));
  }

  private String summary(PlannedUnit unit) {
    if (!unit.circle().isEmpty()) {
      return new Veto.Circle(unit.circle()).reason();
    }
    int machines = placements.presentMachines();
    if (unit.placedOn().isEmpty() || unit.global()) {
      return switch (machines) {
        case 0 -> "there is no machine";
        case 1 -> "the only machine cannot take it";
        default -> "none of " + machines + " machines can take it";
      };
    }
    String gone = "its machine " + unit.placedOn().first() + " is gone, and ";
    return switch (machines) {
      case 0 -> gone + "there is no other";
      case 1 -> gone + "the only other cannot take it";
      default -> gone + "none of " + machines + " others can take it";
    };
  }

  private SortedMap<MachineId, Veto> vetoes(PlannedUnit unit) {
    var vetoes = new TreeMap<MachineId, Veto>();
    machinesTold.forEach(
        machine ->
            placements.veto(unit, machine).ifPresent(veto -> vetoes.put(machine.id(), veto)));
    return vetoes;
  }

  private static Step leaveTemplate(DesiredUnit template) {
    return new Step.Leave(
        template.name(),
        new Obstacle("a template runs nowhere; start instances of it", new TreeMap<>()));
  }
}
