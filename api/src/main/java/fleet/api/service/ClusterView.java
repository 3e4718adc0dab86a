package fleet.api.service;

import fleet.api.ExplanationResource;
import fleet.api.MachineResource;
import fleet.api.UnitResource;
import fleet.api.UnitStateResource;
import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Explanation;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The cluster at one revision, as clients see it. A value: all that it answers follows from the
/// snapshot.
final class ClusterView {

  private final ClusterSnapshot snapshot;
  private final SortedMap<String, String> problems;

  private final List<UnitName> unitNames;
  private final List<MachineId> machineIds;
  private final List<Reported> reports = new ArrayList<>();
  private final TreeMap<UnitName, TreeSet<MachineId>> assigned = new TreeMap<>();
  private final TreeMap<UnitName, TreeMap<MachineId, UnitState>> states = new TreeMap<>();

  /// Made when it is first asked for, since few ask for it.
  private List<UnitName> allExplicable = List.of();

  /// One machine's report of one unit.
  record Reported(UnitName unit, MachineId machine, UnitState state) {}

  /// @param problems the keys in the store that cannot be understood, with reasons
  ClusterView(ClusterSnapshot snapshot, SortedMap<String, String> problems) {
    this.snapshot = snapshot;
    this.problems = problems;
    this.unitNames = List.copyOf(snapshot.units().keySet());
    this.machineIds = List.copyOf(snapshot.machines().keySet());
    snapshot
        .assignments()
        .forEach(
            (machine, units) ->
                units
                    .keySet()
                    .forEach(
                        unit -> assigned.computeIfAbsent(unit, _ -> new TreeSet<>()).add(machine)));
    snapshot
        .states()
        .forEach(
            (machine, units) ->
                units.forEach(
                    (unit, state) ->
                        states.computeIfAbsent(unit, _ -> new TreeMap<>()).put(machine, state)));
    states.forEach(
        (unit, of) ->
            of.forEach((machine, state) -> reports.add(new Reported(unit, machine, state))));
  }

  long revision() {
    return snapshot.revision();
  }

  /// All units that can be read, by name.
  List<UnitName> unitNames() {
    return unitNames;
  }

  /// All machines that are present, by ID.
  List<MachineId> machineIds() {
    return machineIds;
  }

  /// What machines report, by unit and machine. An empty text filters nothing.
  List<Reported> reports(String unitName, String machineId) {
    if (unitName.isEmpty() && machineId.isEmpty()) {
      return reports;
    }
    var found = new ArrayList<Reported>();
    for (Reported report : unitName.isEmpty() ? reports : reports(unitName)) {
      if (machineId.isEmpty() || report.machine.text().equals(machineId)) {
        found.add(report);
      }
    }
    return found;
  }

  private List<Reported> reports(String unitName) {
    var found = new ArrayList<Reported>();
    if (UnitName.parse(unitName) instanceof Ok<UnitName>(var unit)) {
      reports(unit).forEach((machine, state) -> found.add(new Reported(unit, machine, state)));
    }
    return found;
  }

  private SortedMap<MachineId, UnitState> reports(UnitName unit) {
    return states.getOrDefault(unit, new TreeMap<>());
  }

  /// A unit as it stands in lists, where global units count as inactive, as in fleet v1.
  UnitResource listed(UnitName name) {
    return unit(name, TargetState.INACTIVE.text());
  }

  /// A unit as it stands alone, where global units have no current state, as in fleet v1. Empty if
  /// there is none that can be read.
  Optional<UnitResource> unit(UnitName name) {
    return snapshot.units().containsKey(name) ? Optional.of(unit(name, "")) : Optional.empty();
  }

  private UnitResource unit(UnitName name, String currentStateOfGlobals) {
    DesiredUnit unit = desired(name);
    boolean global = unit.requirements().global();
    return new UnitResource(
        name.text(),
        unit.target().text(),
        global ? currentStateOfGlobals : currentState(name).text(),
        global ? "" : machineOf(name).map(MachineId::text).orElse(""),
        unit.file().options());
  }

  private DesiredUnit desired(UnitName name) {
    DesiredUnit unit = snapshot.units().get(name);
    if (unit == null) {
      throw new IllegalArgumentException("expected a unit of this view, found " + name);
    }
    return unit;
  }

  /// The machine that a unit is assigned to. While it moves it may be assigned to two: then the one
  /// that has brought it further, or else the first.
  private Optional<MachineId> machineOf(UnitName name) {
    Optional<MachineId> best = Optional.empty();
    for (MachineId machine : assigned.getOrDefault(name, new TreeSet<>())) {
      if (best.isEmpty() || reached(name, machine).compareTo(reached(name, best.get())) > 0) {
        best = Optional.of(machine);
      }
    }
    return best;
  }

  /// How far the machine that a unit is assigned to has brought it.
  private TargetState currentState(UnitName name) {
    return machineOf(name).map(machine -> reached(name, machine)).orElse(TargetState.INACTIVE);
  }

  private TargetState reached(UnitName name, MachineId machine) {
    UnitState state = reports(name).get(machine);
    return state == null ? TargetState.INACTIVE : state.reached();
  }

  /// Why the record of a unit cannot be read, naming its key; empty if it can, or if there is none.
  Optional<String> unreadable(String name) {
    for (UnitName unit : snapshot.unreadable().units()) {
      if (unit.text().equals(name)) {
        return Optional.of(unreadable(unit));
      }
    }
    return Optional.empty();
  }

  private String unreadable(UnitName unit) {
    String key = "units/" + unit;
    String reason = "";
    for (var problem : problems.entrySet()) {
      if (problem.getKey().endsWith("/" + key)) {
        key = problem.getKey();
        reason = problem.getValue();
      }
    }
    return UnitEdit.unreadable(key, reason);
  }

  MachineResource machine(MachineId id) {
    Machine machine = snapshot.machines().get(id);
    if (machine == null) {
      throw new IllegalArgumentException("expected a machine of this view, found " + id);
    }
    return new MachineResource(id.text(), machine.address(), machine.metadata());
  }

  static UnitStateResource state(Reported report) {
    UnitState state = report.state;
    return new UnitStateResource(
        report.unit.text(),
        hash(state),
        report.machine.text(),
        state.load(),
        state.active(),
        state.sub());
  }

  private static String hash(UnitState state) {
    return state.hash().map(UnitHash::text).orElse("");
  }

  /// What is known of one unit: the report of the machine it is assigned to, or else the first;
  /// nothing if there is none.
  UnitStateResource state(String unitName) {
    List<Reported> found = reports(unitName);
    for (Reported report : found) {
      if (machineOf(report.unit).equals(Optional.of(report.machine))) {
        return state(report);
      }
    }
    return found.isEmpty() ? UnitStateResource.NOTHING : state(found.getFirst());
  }

  /// The units of those names, by name; all if no name is given. Those that cannot be read are
  /// among them, and those that have been destroyed but are still on machines.
  List<UnitName> explicable(List<String> names) {
    if (names.isEmpty()) {
      return allExplicable();
    }
    var found = new TreeSet<UnitName>();
    for (String name : names) {
      if (UnitName.parse(name) instanceof Ok<UnitName>(var unit) && explicable(unit)) {
        found.add(unit);
      }
    }
    return List.copyOf(found);
  }

  private synchronized List<UnitName> allExplicable() {
    if (allExplicable.isEmpty()) {
      var all = new TreeSet<UnitName>(snapshot.units().keySet());
      all.addAll(snapshot.unreadable().units());
      all.addAll(assigned.keySet());
      all.addAll(states.keySet());
      allExplicable = List.copyOf(all);
    }
    return allExplicable;
  }

  private boolean explicable(UnitName name) {
    return snapshot.units().containsKey(name)
        || snapshot.unreadable().units().contains(name)
        || assigned.containsKey(name)
        || states.containsKey(name);
  }

  /// Where a unit stands and why.
  ExplanationResource explanation(UnitName name) {
    Explanation why = snapshot.explanations().get(name);
    var vetoes = new ArrayList<ExplanationResource.Veto>();
    if (why != null) {
      why.vetoes()
          .forEach((id, reason) -> vetoes.add(new ExplanationResource.Veto(id.text(), reason)));
    }
    var explained = new ArrayList<ExplanationResource.State>();
    reports(name).forEach((machine, state) -> explained.add(explained(machine, state)));
    if (!snapshot.units().containsKey(name)) {
      String reason = snapshot.unreadable().units().contains(name) ? unreadable(name) : "";
      String machine = machineOf(name).map(MachineId::text).orElse("");
      return new ExplanationResource(name.text(), "", "", machine, reason, vetoes, explained);
    }
    UnitResource unit = unit(name, "");
    return new ExplanationResource(
        unit.name(),
        unit.desiredState(),
        unit.currentState(),
        unit.machineId(),
        why == null ? unexplained(name) : why.summary(),
        vetoes,
        explained);
  }

  /// Why a unit is on no machine though no engine has said why.
  private String unexplained(UnitName name) {
    boolean waits =
        name instanceof UnitName.Placeable
            && desired(name).target() != TargetState.INACTIVE
            && !assigned.containsKey(name);
    return waits && snapshot.leader().isEmpty() ? "no engine leads the cluster" : "";
  }

  private static ExplanationResource.State explained(MachineId machine, UnitState state) {
    return new ExplanationResource.State(
        machine.text(),
        hash(state),
        state.load(),
        state.active(),
        state.sub(),
        state.result(),
        state.problem());
  }
}
