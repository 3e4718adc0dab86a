package fleet.api.service;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Where each unit is: the assignments and states of a snapshot, which are by machine, by unit.
///
/// It is made anew for each snapshot that somebody looks at, so its maps go by the text of a name:
/// names themselves make theirs each time that two are compared.
final class Whereabouts {

  /// One machine's report of one unit.
  record Report(UnitName unit, MachineId machine, UnitState state) {}

  /// The machines that a unit is assigned to: more than one if it is global, or moves.
  private record Assigned(UnitName unit, TreeSet<MachineId> machines) {}

  private final TreeMap<String, Assigned> assigned = new TreeMap<>();
  private final TreeMap<String, TreeMap<MachineId, Report>> reported = new TreeMap<>();
  private final List<Report> reports = new ArrayList<>();

  Whereabouts(ClusterSnapshot snapshot) {
    for (var machine : snapshot.assignments().entrySet()) {
      for (UnitName unit : machine.getValue().keySet()) {
        assigned
            .computeIfAbsent(unit.text(), _ -> new Assigned(unit, new TreeSet<>()))
            .machines()
            .add(machine.getKey());
      }
    }
    for (var machine : snapshot.states().entrySet()) {
      for (var unit : machine.getValue().entrySet()) {
        reported
            .computeIfAbsent(unit.getKey().text(), _ -> new TreeMap<>())
            .put(machine.getKey(), new Report(unit.getKey(), machine.getKey(), unit.getValue()));
      }
    }
    reported.values().forEach(of -> reports.addAll(of.values()));
  }

  /// All reports, by unit and machine.
  List<Report> reports() {
    return reports;
  }

  /// The reports of one unit, by machine.
  Collection<Report> reports(String unit) {
    return reported.getOrDefault(unit, new TreeMap<>()).values();
  }

  /// All units that are assigned to a machine or reported by one.
  SortedMap<String, UnitName> units() {
    var units = new TreeMap<String, UnitName>();
    assigned.forEach((text, assignment) -> units.put(text, assignment.unit()));
    reported.forEach((text, of) -> units.put(text, of.firstEntry().getValue().unit()));
    return units;
  }

  /// Whether a unit is assigned to any machine.
  boolean assigned(String unit) {
    return assigned.containsKey(unit);
  }

  /// The machine that a unit is assigned to. While it moves it may be assigned to two: then the one
  /// that has brought it further, or else the first.
  Optional<MachineId> machineOf(String unit) {
    Assigned to = assigned.get(unit);
    if (to == null) {
      return Optional.empty();
    }
    Optional<MachineId> best = Optional.empty();
    for (MachineId machine : to.machines()) {
      if (best.isEmpty() || reached(unit, machine).compareTo(reached(unit, best.get())) > 0) {
        best = Optional.of(machine);
      }
    }
    return best;
  }

  /// How far the machine that a unit is assigned to has brought it.
  TargetState currentState(String unit) {
    return machineOf(unit).map(machine -> reached(unit, machine)).orElse(TargetState.INACTIVE);
  }

  private TargetState reached(String unit, MachineId machine) {
    Report report = reported.getOrDefault(unit, new TreeMap<>()).get(machine);
    return report == null ? TargetState.INACTIVE : report.state().reached();
  }
}
