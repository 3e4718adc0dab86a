package fleet.scheduler.plan;

import fleet.cluster.Assignment;
import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.scheduler.plan.PlannedMachine.Availability;
import fleet.scheduler.plan.PlannedUnit.Intent;
import fleet.scheduler.plan.Planner.Effort;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which unit is placed on which machine by the plan so far, and the one rule that says whether it
/// may be there: all of it but the failure limit, which is asked in [PlanBuilder].
///
/// In the beginning no unit is placed.
final class Placements {

  private final ClusterSnapshot cluster;
  private final FailureHistory failureHistory;
  private final UnfencedCopies unfenced;
  private final Effort effort;
  private final SortedMap<MachineId, PlannedMachine> machines = new TreeMap<>();
  private final SortedMap<String, PlannedUnit> units = new TreeMap<>();

  private final MachinePools present = new MachinePools();

  /// Machines that a unit has been removed from, one after the other.
  private final List<PlannedMachine> departures = new ArrayList<>();

  /// Machines that a unit has come to that is some other's peer, one after the other.
  private final List<PlannedMachine> arrivals = new ArrayList<>();

  /// @param kept absent machines that keep what they have
  /// @param unfenced copies that may still run on machines that are gone
  Placements(
      ClusterSnapshot cluster, SortedSet<MachineId> kept, UnfencedCopies unfenced, Effort effort) {
    this.cluster = cluster;
    this.effort = effort;
    this.unfenced = unfenced;
    this.failureHistory = new FailureHistory(cluster);
    cluster
        .machines()
        .values()
        .forEach(
            machine ->
                add(
                    new PlannedMachine(
                        machine.id(),
                        Availability.PRESENT,
                        machine.metadata(),
                        machine.own(),
                        effort)));
    cluster.unreadable().machines().forEach(id -> add(absent(id, Availability.HELD)));
    cluster
        .assignments()
        .keySet()
        .forEach(id -> add(absent(id, kept.contains(id) ? Availability.HELD : Availability.GONE)));
    addUnits();
    addStillReported();
    link();
  }

  private PlannedMachine absent(MachineId id, Availability availability) {
    return new PlannedMachine(
        id, availability, Collections.emptySortedMap(), Collections.emptySortedMap(), effort);
  }

  private void add(PlannedMachine machine) {
    if (machines.putIfAbsent(machine.id(), machine) == null
        && machine.availability() == Availability.PRESENT) {
      present.add(machine);
    }
  }

  private void addUnits() {
    var assignedTo = new TreeMap<UnitName.Placeable, SortedMap<PlannedMachine, Assignment>>();
    cluster
        .assignments()
        .forEach(
            (machine, assignments) ->
                assignments.forEach(
                    (unit, assignment) ->
                        assignedTo
                            .computeIfAbsent(unit, _ -> new TreeMap<>())
                            .put(machines.get(machine), assignment)));
    cluster
        .units()
        .values()
        .forEach(
            unit -> {
              if (unit.name() instanceof UnitName.Placeable name) {
                add(candidate(name, unit, assignedTo.getOrDefault(name, PlannedUnit.nowhere())));
              }
            });
    for (UnitName unit : cluster.unreadable().units()) {
      if (unit instanceof UnitName.Placeable name) {
        add(PlannedUnit.unreadable(name, assignedTo.getOrDefault(name, PlannedUnit.nowhere())));
      }
    }
    assignedTo.forEach((name, where) -> add(PlannedUnit.unwanted(name, Intent.DESTROYED, where)));
    int number = 0;
    for (PlannedUnit unit : units.values()) {
      unit.number(number++);
    }
  }

  /// Notes which units are still on machines that they have been taken off.
  private void addStillReported() {
    cluster
        .states()
        .forEach(
            (machine, states) -> {
              var assigned = cluster.assignments().getOrDefault(machine, new TreeMap<>());
              for (UnitName.Placeable unit : states.keySet()) {
                PlannedUnit found = assigned.containsKey(unit) ? null : units.get(unit.text());
                if (found != null) {
                  found.stillReportedBy().add(machine);
                }
              }
            });
  }

  private static PlannedUnit candidate(
      UnitName.Placeable name, DesiredUnit unit, SortedMap<PlannedMachine, Assignment> assignedTo) {
    return unit.target() == TargetState.INACTIVE
        ? PlannedUnit.unwanted(name, Intent.INACTIVE, assignedTo)
        : PlannedUnit.wanted(name, unit, assignedTo);
  }

  private void add(PlannedUnit unit) {
    units.putIfAbsent(unit.name().text(), unit);
  }

  /// Tells the units of each other. Units that are to run nowhere have to do with nobody.
  private void link() {
    var conflicts = new GlobIndex<PlannedUnit>();
    var replaces = new GlobIndex<PlannedUnit>();
    for (PlannedUnit unit : units.values()) {
      unit.requirements().conflicts().forEach(glob -> conflicts.add(glob, unit));
      unit.requirements().replaces().forEach(glob -> replaces.add(glob, unit));
    }
    for (PlannedUnit unit : units.values()) {
      String name = unit.name().text();
      unit.matchedBy().addAll(conflicts.matching(name));
      if (unit.wanted()) {
        var replacers = new TreeSet<PlannedUnit>();
        replaces.matching(name).forEach(glob -> replacers.addAll(replaces.owners(glob)));
        replacers.remove(unit);
        unit.replacers().addAll(replacers);
        for (String peer : unit.requirements().machineOf()) {
          PlannedUnit found = units.get(peer);
          if (found != null && found.wanted()) {
            unit.peers().add(found);
            found.followers().add(unit);
          }
        }
      }
    }
  }

  /// Lets units with equal demands share what is found out for one of them. To be called when all
  /// is known that a [Demand] consists of.
  void shareFeasible() {
    Map<Demand, FeasibleMachines> shared = new LinkedHashMap<>();
    var taken = new TreeSet<UnitName.Placeable>();
    cluster.machines().values().forEach(machine -> taken.addAll(machine.own().keySet()));
    for (PlannedUnit unit : units.values()) {
      unit.feasible(
          shared.computeIfAbsent(Demand.of(unit, taken), _ -> new FeasibleMachines(this)));
    }
  }

  Collection<PlannedUnit> units() {
    return units.values();
  }

  /// Where units have failed.
  FailureHistory failureHistory() {
    return failureHistory;
  }

  /// All machines that anything is known of, sorted by ID.
  Collection<PlannedMachine> machines() {
    return machines.values();
  }

  /// The machine of that ID, if units can be placed on it.
  Optional<PlannedMachine> present(MachineId id) {
    return Optional.ofNullable(machines.get(id))
        .filter(machine -> machine.availability() == Availability.PRESENT);
  }

  /// How many machines there are that units can be placed on.
  int presentMachines() {
    return present.all().size();
  }

  void place(PlannedUnit unit, PlannedMachine machine) {
    if (unit.placedOn().add(machine)) {
      machine.take(unit);
      if (!unit.followers().isEmpty()) {
        arrivals.add(machine);
      }
    }
  }

  void remove(PlannedUnit unit, PlannedMachine machine) {
    if (unit.placedOn().remove(machine)) {
      machine.release(unit);
      departures.add(machine);
    }
  }

  /// Machines that a unit has left since the beginning: they may be able now to take what they
  /// could not. The list only grows.
  List<PlannedMachine> departures() {
    return departures;
  }

  /// Machines that a unit has come to that others must be with: they may be able now to take what
  /// they could not. The list only grows.
  List<PlannedMachine> arrivals() {
    return arrivals;
  }

  /// Present machines on which `unit` may be placed if nothing speaks against it, all others being
  /// out of the question; the best come first.
  SortedSet<PlannedMachine> eligible(PlannedUnit unit) {
    var peers = unit.requirements().machineOf();
    if (unit.requirements().machineId().isPresent() || peers.isEmpty()) {
      return present.of(unit.requirements());
    }
    PlannedUnit peer = units.get(peers.first());
    var machines = new TreeSet<>(PlannedMachine.BY_LOAD);
    if (peer != null) {
      peer.placedOn().stream()
          .filter(machine -> machine.availability() == Availability.PRESENT)
          .forEach(machines::add);
    }
    return machines;
  }

  /// Machines that still say something of a unit: as long as one does, the unit may run there, and
  /// can be put on no other. A machine that is lost says nothing; an exclusive unit may run there
  /// until [#isStopped].
  SortedSet<MachineId> stillOn(PlannedUnit unit) {
    var machines = new TreeSet<>(unit.stillReportedBy());
    for (PlannedMachine machine : unit.assignedTo().keySet()) {
      if (reports(machine.id(), unit) || !isStopped(unit, machine)) {
        machines.add(machine.id());
      }
    }
    return machines;
  }

  /// The machine that must have stopped `unit` before it can go where nothing speaks against it;
  /// empty if there is no such machine, or no such place.
  Optional<MachineId> stopsOn(PlannedUnit unit) {
    var machines = stillOn(unit);
    if (unit.global() || machines.isEmpty()) {
      return Optional.empty();
    }
    return unit.feasible()
        .best(unit, machine -> machines.size() > 1 || !machines.contains(machine.id()))
        .flatMap(
            best -> machines.stream().filter(machine -> !machine.equals(best.id())).findFirst());
  }

  private boolean reports(MachineId machine, PlannedUnit unit) {
    var states = cluster.states().get(machine);
    return states != null && states.containsKey(unit.name()) && !isReleased(machine, unit);
  }

  private boolean isReleased(MachineId machine, PlannedUnit unit) {
    var released = cluster.released().get(machine);
    return released != null && released.contains(unit.name());
  }

  /// Whether a unit that is exclusive on a machine it is assigned to has stopped there for certain:
  /// if it was withheld, and that machine has said so since, or is gone, and the switch must have
  /// fired.
  boolean isStopped(PlannedUnit unit, PlannedMachine machine) {
    Assignment told = unit.assignedTo().get(machine);
    return told == null
        || !unit.exclusiveOn(machine)
        || (told.withheld()
            && (isReleased(machine.id(), unit)
                || (machine.availability() == Availability.GONE
                    && !reports(machine.id(), unit)
                    && unfenced.until(machine.id(), unit.name()).isEmpty())));
  }

  /// For which machine a unit waits that nothing else keeps from starting, and for how long.
  String wait(PlannedUnit unit, MachineId on) {
    PlannedMachine machine = machines.get(on);
    if (machine == null || machine.availability() != Availability.GONE || reports(on, unit)) {
      return "it is still stopping on " + on;
    }
    return "its machine "
        + on
        + " is gone, and will have stopped it for certain"
        + unfenced.until(on, unit.name()).map(instant -> " at " + instant).orElse("");
  }

  /// What speaks against `unit` being on `machine` beside all the others that are placed there;
  /// empty if it may be there. The same for every unit, global or not, whether it is there already
  /// or not. [Demand] has what it depends on.
  Optional<Veto> veto(PlannedUnit unit, PlannedMachine machine) {
    effort.vetoAsked();
    return vetoOfMachineAlone(unit, machine)
        .or(() -> peerVeto(unit, machine))
        .or(() -> machine.conflicting(unit).map(other -> new Veto.Conflict(other.name())))
        .or(() -> replacedVeto(unit, machine));
  }

  /// The part of [#veto] that is the machine's alone: no other unit of fleet's has a say in it.
  Optional<Veto> vetoOfMachineAlone(PlannedUnit unit, PlannedMachine machine) {
    return machineIdVeto(unit, machine)
        .or(() -> metadataVeto(unit, machine))
        .or(() -> machine.own(unit).map(Veto.Own::new));
  }

  private static Optional<Veto> machineIdVeto(PlannedUnit unit, PlannedMachine machine) {
    return unit.requirements().admitsMachineId(machine.id().text())
        ? Optional.empty()
        : unit.requirements().machineId().map(Veto.OtherMachine::new);
  }

  /// The metadata of a machine that is away are not known, and nothing is held against it.
  private static Optional<Veto> metadataVeto(PlannedUnit unit, PlannedMachine machine) {
    if (machine.availability() != Availability.PRESENT) {
      return Optional.empty();
    }
    for (var wanted : unit.requirements().metadata().entrySet()) {
      var found = Optional.ofNullable(machine.metadata().get(wanted.getKey()));
      if (found.filter(value -> wanted.getValue().contains(value)).isEmpty()) {
        return Optional.of(new Veto.Metadata(wanted.getKey(), wanted.getValue(), found));
      }
    }
    return Optional.empty();
  }

  private Optional<Veto> peerVeto(PlannedUnit unit, PlannedMachine machine) {
    for (String name : unit.requirements().machineOf()) {
      PlannedUnit peer = units.get(name);
      if (peer == null || !machine.has(peer)) {
        return Optional.of(
            unit.circle().isEmpty() ? absence(name, peer) : new Veto.Circle(unit.circle()));
      }
    }
    return Optional.empty();
  }

  private static Veto absence(String name, @Nullable PlannedUnit peer) {
    if (peer == null || peer.intent() == Intent.DESTROYED) {
      return new Veto.PeerNowhere(name, Veto.Absence.UNKNOWN);
    }
    if (peer.intent() == Intent.INACTIVE) {
      return new Veto.PeerNowhere(name, Veto.Absence.INACTIVE);
    }
    return peer.placedOn().isEmpty()
        ? new Veto.PeerNowhere(name, Veto.Absence.WAITING)
        : new Veto.PeerElsewhere(name);
  }

  private static Optional<Veto> replacedVeto(PlannedUnit unit, PlannedMachine machine) {
    return unit.replacers().stream()
        .filter(machine::has)
        .findFirst()
        .map(by -> new Veto.Replaced(by.name()));
  }
}
