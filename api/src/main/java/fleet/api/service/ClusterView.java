package fleet.api.service;

import fleet.api.ExplanationResource;
import fleet.api.GivenOrderResource;
import fleet.api.MachineResource;
import fleet.api.RunResource;
import fleet.api.SilentMachineResource;
import fleet.api.UnitResource;
import fleet.api.UnitStateResource;
import fleet.api.service.UnitIndex.Report;
import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Explanation;
import fleet.cluster.FailedPlacements;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The cluster at one revision, as clients see it. A value: all that it answers follows from the
/// snapshot.
final class ClusterView {

  /// How many units are named in a warning that concerns more of them.
  private static final int FAILING_TOLD = 5;

  private final ClusterSnapshot snapshot;
  private final SortedMap<String, String> problems;
  private final List<UnitName> unitNames;
  private final List<MachineId> machineIds;

  /// Of all units; made for the first who asks for a list.
  private volatile @Nullable UnitIndex everything;

  /// @param problems the keys in the store that cannot be understood, with reasons
  ClusterView(ClusterSnapshot snapshot, SortedMap<String, String> problems) {
    this.snapshot = snapshot;
    this.problems = problems;
    this.unitNames = List.copyOf(snapshot.units().keySet());
    this.machineIds = List.copyOf(snapshot.machines().keySet());
  }

  private UnitIndex everything() {
    UnitIndex made = everything;
    if (made == null) {
      synchronized (this) {
        made = everything;
        if (made == null) {
          made = UnitIndex.of(snapshot);
          everything = made;
        }
      }
    }
    return made;
  }

  /// Where one unit is.
  private UnitIndex index(UnitName name) {
    UnitIndex all = everything;
    if (all != null) {
      return all;
    }
    return switch (name) {
      case UnitName.Placeable unit -> UnitIndex.of(snapshot, unit);
      case UnitName.Template _ -> UnitIndex.NOWHERE;
    };
  }

  long revision() {
    return snapshot.revision();
  }

  /// All units that can be read, by name.
  List<UnitName> unitNames() {
    return unitNames;
  }

  /// A unit as it stands in lists, where global units count as inactive, as in fleet v1.
  UnitResource listed(UnitName name) {
    return unit(name, everything(), TargetState.INACTIVE.text());
  }

  /// A unit as it stands alone, where global units have no current state, as in fleet v1. Empty if
  /// there is none that can be read.
  Optional<UnitResource> unit(UnitName name) {
    return snapshot.units().containsKey(name)
        ? Optional.of(unit(name, index(name), ""))
        : Optional.empty();
  }

  private UnitResource unit(UnitName name, UnitIndex index, String stateOfGlobals) {
    DesiredUnit unit = desired(name);
    boolean global = unit.requirements().global();
    return new UnitResource(
        name.text(),
        unit.target().text(),
        global ? stateOfGlobals : index.currentState(name, unit.file().hash()).text(),
        global ? "" : machineOf(name, index),
        unit.file().options());
  }

  private DesiredUnit desired(UnitName name) {
    DesiredUnit unit = snapshot.units().get(name);
    if (unit == null) {
      throw new IllegalArgumentException("expected a unit of this view, found " + name);
    }
    return unit;
  }

  private static String machineOf(UnitName unit, UnitIndex index) {
    return index.machineOf(unit).map(MachineId::text).orElse("");
  }

  /// Why the record of a unit cannot be read, naming its key; empty if it can, or if there is none.
  Optional<String> unreadable(UnitName unit) {
    if (!snapshot.unreadable().units().contains(unit)) {
      return Optional.empty();
    }
    String key = "units/" + unit;
    String reason = "";
    for (var problem : problems.entrySet()) {
      if (problem.getKey().endsWith("/" + key)) {
        key = problem.getKey();
        reason = problem.getValue();
      }
    }
    return Optional.of(UnitEdit.unreadable(key, reason));
  }

  /// All machines that are present, by ID.
  List<MachineId> machineIds() {
    return machineIds;
  }

  /// Machines that should run something, are not there, and are not evicted, by ID.
  List<MachineId> silentIds() {
    return List.copyOf(snapshot.silent());
  }

  /// Whether the machine is evicted.
  boolean isEvicted(MachineId id) {
    return snapshot.evicted().contains(id);
  }

  SilentMachineResource silentMachine(MachineId id) {
    var assigned = snapshot.assignments().getOrDefault(id, Collections.emptySortedMap());
    return new SilentMachineResource(
        id.text(), assigned.keySet().stream().map(UnitName::text).toList());
  }

  /// What everybody should know who asks anything; empty if there is no such thing.
  Optional<String> warning() {
    var warnings = new ArrayList<String>();
    snapshot
        .pause()
        .ifPresent(
            pause ->
                warnings.add(
                    "evictions are paused: " + pause.text() + " (see: fleetctl help evict)"));
    int failing = snapshot.failures().size();
    if (failing > 0) {
      warnings.add(
          failing
              + (failing == 1 ? " unit was" : " units were")
              + " moved for failing too often: "
              + snapshot.failures().entrySet().stream()
                  .limit(FAILING_TOLD)
                  .map(entry -> entry.getKey() + failedOn(entry.getValue()))
                  .collect(Collectors.joining(", "))
              + (failing > FAILING_TOLD ? ", ..." : ""));
    }
    return warnings.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", warnings));
  }

  private static String failedOn(FailedPlacements failures) {
    int machines = failures.machines().size();
    String last = failures.machines().getLast().brief();
    return machines == 1
        ? " (failed on %s)".formatted(last)
        : " (failed on %d machines, last on %s)".formatted(machines, last);
  }

  MachineResource machine(MachineId id) {
    Machine machine = snapshot.machines().get(id);
    if (machine == null) {
      throw new IllegalArgumentException("expected a machine of this view, found " + id);
    }
    return new MachineResource(id.text(), machine.address(), machine.metadata());
  }

  /// What machines report, by unit and machine. An empty text filters nothing.
  List<Report> reports(String unitName, String machineId) {
    List<Report> some = unitName.isEmpty() ? everything().reports() : reports(unitName);
    return machineId.isEmpty()
        ? some
        : some.stream().filter(report -> report.machine().text().equals(machineId)).toList();
  }

  private List<Report> reports(String unitName) {
    return UnitName.parse(unitName) instanceof Ok<UnitName>(var unit)
        ? index(unit).reports(unit)
        : List.of();
  }

  /// What is known of one unit: the report of the machine it is assigned to, or else the first;
  /// nothing if there is none.
  UnitStateResource state(String unitName) {
    if (!(UnitName.parse(unitName) instanceof Ok<UnitName>(var unit))) {
      return UnitStateResource.NOTHING;
    }
    UnitIndex index = index(unit);
    List<Report> found = index.reports(unit);
    Optional<MachineId> machine = index.machineOf(unit);
    for (Report report : found) {
      if (machine.equals(Optional.of(report.machine()))) {
        return state(report);
      }
    }
    return found.isEmpty() ? UnitStateResource.NOTHING : state(found.getFirst());
  }

  /// A report as fleet v1 had it.
  static UnitStateResource state(Report report) {
    return state(report, RunResource.NONE);
  }

  /// A report with how the unit's last run goes.
  static UnitStateResource detailed(Report report) {
    return state(report, ExplainedState.of(report.state().invocation()));
  }

  private static UnitStateResource state(Report report, RunResource run) {
    UnitState state = report.state();
    return new UnitStateResource(
        report.unit().text(),
        hash(state),
        report.machine().text(),
        state.load(),
        state.active(),
        state.sub(),
        run);
  }

  static String hash(UnitState state) {
    return state.hash().map(UnitHash::text).orElse("");
  }

  /// What became of an order of a unit, as far as machines tell, by machine.
  List<GivenOrderResource.On> outcomes(UnitName unit, OrderId id) {
    var found = new ArrayList<GivenOrderResource.On>();
    for (Report report : index(unit).reports(unit)) {
      for (Outcome outcome : report.state().outcomes()) {
        if (outcome.order().id().equals(id)) {
          found.add(new GivenOrderResource.On(report.machine().text(), ExplainedState.of(outcome)));
        }
      }
    }
    return found;
  }

  /// The units of those names, by name; all if no name is given. Those that cannot be read are
  /// among them, and those that have been destroyed but are still on machines.
  List<UnitName> explicable(List<String> names) {
    if (names.isEmpty()) {
      return allExplicable();
    }
    var found = new ArrayList<UnitName>();
    for (String name : new TreeSet<>(names)) {
      if (UnitName.parse(name) instanceof Ok<UnitName>(var unit) && explicable(unit)) {
        found.add(unit);
      }
    }
    return found;
  }

  private List<UnitName> allExplicable() {
    SortedSet<UnitName> all = everything().units();
    all.addAll(unitNames);
    all.addAll(snapshot.unreadable().units());
    return List.copyOf(all);
  }

  private boolean explicable(UnitName unit) {
    if (snapshot.units().containsKey(unit) || snapshot.unreadable().units().contains(unit)) {
      return true;
    }
    UnitIndex index = index(unit);
    return index.isAssigned(unit) || !index.reports(unit).isEmpty();
  }

  /// Where a unit stands and why.
  ExplanationResource explanation(UnitName name) {
    UnitIndex index = index(name);
    Optional<Explanation> why = Optional.ofNullable(snapshot.explanations().get(name));
    var vetoes = new ArrayList<ExplanationResource.Veto>();
    why.ifPresent(
        explanation ->
            explanation
                .vetoes()
                .forEach(
                    (id, reason) -> vetoes.add(new ExplanationResource.Veto(id.text(), reason))));
    List<ExplanationResource.State> states =
        index.reports(name).stream()
            .filter(report -> !report.state().own()) // the leader sees to it, or says why not
            .map(ExplainedState::of)
            .toList();
    List<ExplanationResource.Assigned> assigned =
        index.assigned(name).stream()
            .filter(each -> snapshot.machines().containsKey(each.machine()))
            .map(
                each ->
                    new ExplanationResource.Assigned(
                        each.machine().text(), each.order().map(Order::number).orElse(0L)))
            .toList();
    Optional<UnitResource> unit = unit(name);
    return new ExplanationResource(
        name.text(),
        unit.map(UnitResource::desiredState).orElse(""),
        unit.map(UnitResource::currentState).orElse(""),
        unit.map(UnitResource::machineId).orElseGet(() -> machineOf(name, index)),
        unit.isPresent()
            ? why.map(Explanation::summary).orElseGet(() -> unexplained(name, index))
            : unreadable(name).orElse(""),
        assigned,
        vetoes,
        states);
  }

  /// Why a unit is on no machine though no engine has said why, or on one that is silent.
  private String unexplained(UnitName name, UnitIndex index) {
    Optional<MachineId> home = index.machineOf(name);
    if (home.isPresent() && snapshot.pause().isPresent() && isSilent(home.get())) {
      return "its machine %s is silent; it stays there, since %s"
          .formatted(home.get(), snapshot.pause().get().text());
    }
    boolean waits =
        name instanceof UnitName.Placeable
            && desired(name).target() != TargetState.INACTIVE
            && !index.isAssigned(name);
    return waits && snapshot.leader().isEmpty() ? "no engine leads the cluster" : "";
  }

  private boolean isSilent(MachineId machine) {
    return !snapshot.machines().containsKey(machine)
        && !snapshot.unreadable().machines().contains(machine)
        && !isEvicted(machine);
  }
}
