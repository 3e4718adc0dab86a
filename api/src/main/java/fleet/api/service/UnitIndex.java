package fleet.api.service;

import fleet.cluster.Assignment;
import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import fleet.cluster.Order;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Where units are: the assignments and states of a snapshot, which are by machine, by unit.
///
/// Two sorted lists rather than maps: they are made anew for every snapshot of which somebody asks
/// for a list, and what each machine has is sorted already.
final class UnitIndex {

  /// One machine's report of one unit.
  record Report(UnitName.Placeable unit, MachineId machine, UnitState state) implements Fact {}

  /// One machine that is to have one unit.
  ///
  /// @param order the newest that it is to carry out
  record Assigned(UnitName.Placeable unit, MachineId machine, Optional<Order> order)
      implements Fact {}

  /// Something about a unit on a machine.
  sealed interface Fact {
    UnitName.Placeable unit();

    MachineId machine();
  }

  /// Machines come in order, and sorting leaves alone what is equal.
  private static final Comparator<Fact> BY_UNIT = Comparator.comparing(Fact::unit);

  /// Of a unit that can be nowhere.
  static final UnitIndex NOWHERE = new UnitIndex();

  private final List<Assigned> assigned = new ArrayList<>();
  private final List<Report> reports = new ArrayList<>();

  private UnitIndex() {}

  /// Of all units.
  static UnitIndex of(ClusterSnapshot snapshot) {
    var all = new UnitIndex();
    for (var machine : snapshot.assignments().entrySet()) {
      machine
          .getValue()
          .forEach(
              (unit, assignment) ->
                  all.assigned.add(new Assigned(unit, machine.getKey(), assignment.order())));
    }
    for (var machine : snapshot.states().entrySet()) {
      machine
          .getValue()
          .forEach((unit, state) -> all.reports.add(new Report(unit, machine.getKey(), state)));
    }
    all.assigned.sort(BY_UNIT);
    all.reports.sort(BY_UNIT);
    return all;
  }

  /// Of one unit alone, which is found without a look at the others.
  static UnitIndex of(ClusterSnapshot snapshot, UnitName.Placeable unit) {
    var one = new UnitIndex();
    for (var each : snapshot.assignments().entrySet()) {
      Assignment assignment = each.getValue().get(unit);
      if (assignment != null) {
        one.assigned.add(new Assigned(unit, each.getKey(), assignment.order()));
      }
    }
    for (var each : snapshot.states().entrySet()) {
      UnitState state = each.getValue().get(unit);
      if (state != null) {
        one.reports.add(new Report(unit, each.getKey(), state));
      }
    }
    return one;
  }

  /// All reports, by unit and machine.
  List<Report> reports() {
    return Collections.unmodifiableList(reports);
  }

  /// The reports of one unit, by machine.
  List<Report> reports(UnitName unit) {
    return about(unit, reports);
  }

  /// All units that are assigned to a machine or reported by one.
  SortedSet<UnitName> units() {
    var units = new TreeSet<UnitName>();
    assigned.forEach(fact -> units.add(fact.unit()));
    reports.forEach(fact -> units.add(fact.unit()));
    return units;
  }

  /// Whether a unit is assigned to any machine.
  boolean isAssigned(UnitName unit) {
    return !about(unit, assigned).isEmpty();
  }

  /// What a unit is assigned to, by machine.
  List<Assigned> assigned(UnitName unit) {
    return about(unit, assigned);
  }

  /// The machine that a unit is assigned to. While it moves it may be assigned to two: then the one
  /// that has brought it further, or else the first.
  Optional<MachineId> machineOf(UnitName unit) {
    Optional<MachineId> best = Optional.empty();
    for (Assigned fact : about(unit, assigned)) {
      if (best.isEmpty()
          || reached(unit, fact.machine()).compareTo(reached(unit, best.get())) > 0) {
        best = Optional.of(fact.machine());
      }
    }
    return best;
  }

  /// How far the machine that a unit is assigned to has brought it in its present text: what it
  /// reports of an earlier one says nothing of this.
  TargetState currentState(UnitName unit, UnitHash text) {
    return machineOf(unit)
        .flatMap(machine -> report(unit, machine))
        .filter(report -> report.state().hash().equals(Optional.of(text)))
        .map(report -> report.state().reached())
        .orElse(TargetState.INACTIVE);
  }

  private TargetState reached(UnitName unit, MachineId machine) {
    return report(unit, machine)
        .map(report -> report.state().reached())
        .orElse(TargetState.INACTIVE);
  }

  private Optional<Report> report(UnitName unit, MachineId machine) {
    for (Report report : reports(unit)) {
      if (report.machine().equals(machine)) {
        return Optional.of(report);
      }
    }
    return Optional.empty();
  }

  private static <T extends Fact> List<T> about(UnitName unit, List<T> facts) {
    int from = firstFrom(unit, facts);
    int to = from;
    while (to < facts.size() && facts.get(to).unit().equals(unit)) {
      to++;
    }
    return facts.subList(from, to);
  }

  /// Where the facts about `unit`, or those after it, begin.
  private static int firstFrom(UnitName unit, List<? extends Fact> facts) {
    int low = 0;
    int high = facts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (facts.get(middle).unit().compareTo(unit) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
