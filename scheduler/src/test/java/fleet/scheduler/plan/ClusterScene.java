package fleet.scheduler.plan;

import fleet.cluster.Assignment;
import fleet.cluster.ClusterSnapshot;
import fleet.cluster.ClusterSnapshot.Unreadable;
import fleet.cluster.DesiredUnit;
import fleet.cluster.FailedPlacements;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.Pause;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.UnitState.Trial;
import fleet.scheduler.plan.Plan.Step;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A cluster to try plans on: what users do to it, what happens to its machines, and what a plan
/// makes of it.
public final class ClusterScene {

  private static final UnitState STATE =
      new UnitState(
          TargetState.LAUNCHED,
          0,
          "loaded",
          "active",
          "running",
          Optional.empty(),
          "success",
          "",
          List.of());

  private final SortedMap<MachineId, Machine> machines = new TreeMap<>();
  private final SortedMap<UnitName, DesiredUnit> units = new TreeMap<>();
  private final SortedMap<MachineId, SortedMap<UnitName.Placeable, Assignment>> assignments =
      new TreeMap<>();
  private final SortedMap<MachineId, SortedMap<UnitName.Placeable, UnitState>> states =
      new TreeMap<>();
  private final SortedMap<MachineId, SortedSet<UnitName.Placeable>> released = new TreeMap<>();
  private final SortedMap<MachineId, SortedMap<UnitName.Placeable, Instant>> unfenced =
      new TreeMap<>();
  private final TreeSet<UnitName> unreadableUnits = new TreeSet<>();
  private final TreeSet<MachineId> unreadableMachines = new TreeSet<>();
  private final TreeSet<MachineId> awaited = new TreeSet<>();
  private final TreeSet<MachineId> evicted = new TreeSet<>();
  private Optional<Pause> pause = Optional.empty();
  private final SortedMap<UnitName.Placeable, FailedPlacements> failures = new TreeMap<>();
  private int overdue;
  private double evictShare = 1;
  private long revision;

  public static UnitName unitName(String text) {
    return UnitName.parse(text).orElseThrow();
  }

  public static UnitName.Placeable placeable(String text) {
    return (UnitName.Placeable) unitName(text);
  }

  /// A file with these lines in `[X-Fleet]`, those that begin with `Exec` or `Timeout` in
  /// `[Service]`.
  public static UnitFile file(List<String> options) {
    return new UnitFile(
        options.stream()
            .map(option -> option.split("=", 2))
            .map(
                pair ->
                    new UnitOption(
                        pair[0].startsWith("Exec") || pair[0].startsWith("Timeout")
                            ? "Service"
                            : "X-Fleet",
                        pair[0],
                        pair[1]))
            .toList());
  }

  public void machine(String id, Map<String, String> metadata) {
    certain(id);
    evicted.remove(new MachineId(id));
    machines.put(
        new MachineId(id),
        new Machine(new MachineId(id), "", new TreeMap<>(metadata), "2.0.0", ""));
  }

  /// The machine has the unit's name for itself, for that reason, or, if it is empty, no longer.
  public void own(String unit, String id, String why) {
    machines.computeIfPresent(
        new MachineId(id),
        (_, machine) -> {
          var own = new TreeMap<>(machine.own());
          own.remove(placeable(unit));
          if (!why.isEmpty()) {
            own.put(placeable(unit), why);
          }
          return machine.having(own);
        });
  }

  public void machineGone(String id) {
    absent(id);
    assignments
        .getOrDefault(new MachineId(id), new TreeMap<>())
        .forEach(
            (unit, assignment) -> {
              if (assignment.withheld()) {
                remain(new MachineId(id), unit);
              }
            });
  }

  public void machineAwaited(String id) {
    absent(id);
    awaited.add(new MachineId(id));
  }

  public void machineUnreadable(String id) {
    absent(id);
    unreadableMachines.add(new MachineId(id));
  }

  /// Its record has gone, and what it says of its units has not.
  public void machineLeaves(String id) {
    machines.remove(new MachineId(id));
    evicted.add(new MachineId(id));
  }

  /// An operator says that the machine is lost.
  public void machineEvicted(String id) {
    evicted.add(new MachineId(id));
  }

  /// So many of those that are there have not been heard of in good time.
  public void overdue(int machines) {
    overdue = machines;
  }

  public void evictShare(double share) {
    evictShare = share;
  }

  private void absent(String id) {
    var machine = new MachineId(id);
    machines.remove(machine);
    states.remove(machine);
    certain(id);
  }

  private void certain(String id) {
    awaited.remove(new MachineId(id));
    unreadableMachines.remove(new MachineId(id));
  }

  /// Whether too little is known of the machine to touch what it has.
  public boolean uncertain(MachineId id) {
    return awaited.contains(id) || unreadableMachines.contains(id);
  }

  /// The machine says something of the unit.
  public void report(String name, String machine) {
    states
        .computeIfAbsent(new MachineId(machine), _ -> new TreeMap<>())
        .put(placeable(name), STATE);
  }

  /// The unit, in its present text, has failed so often in a row on the machine; or has proven
  /// itself there.
  public void tried(String name, String machine, Trial trial) {
    DesiredUnit unit = existing(name);
    var id = new MachineId(machine);
    var state =
        new UnitState(
            TargetState.LAUNCHED,
            unit.restarts().on(id),
            "loaded",
            "failed",
            "failed",
            Optional.of(unit.file().hash()),
            "exit-code",
            "",
            List.of());
    states.computeIfAbsent(id, _ -> new TreeMap<>()).put(placeable(name), state.tried(trial));
  }

  /// All machines say something of all that they are to run.
  public void reportAll() {
    assignments.forEach(
        (machine, assigned) ->
            assigned.keySet().forEach(unit -> report(unit.text(), machine.text())));
  }

  /// The machine has the unit no more.
  public void forget(String name, String machine) {
    states.getOrDefault(new MachineId(machine), new TreeMap<>()).remove(placeable(name));
  }

  public void unit(String name, TargetState target, List<String> options) {
    unreadableUnits.remove(unitName(name));
    units.put(unitName(name), DesiredUnit.of(unitName(name), file(options), target, Restarts.NONE));
  }

  public void target(String name, TargetState target) {
    DesiredUnit old = existing(name);
    units.put(old.name(), old.to(target));
  }

  public void restart(String name) {
    DesiredUnit old = existing(name);
    units.put(old.name(), old.restarted(old.restarts().everywhereOnceMore()));
  }

  public void restart(String name, String machine) {
    DesiredUnit old = existing(name);
    units.put(old.name(), old.restarted(old.restarts().onceMoreOn(new MachineId(machine))));
  }

  /// An order of its own, which changes neither the target nor the text.
  public void order(String name, Order.Kind kind, Optional<String> machine) {
    DesiredUnit old = existing(name);
    var id = new OrderId("o" + (old.orders().last() + 1));
    units.put(old.name(), old.ordered(old.orders().once(id, kind, machine.map(MachineId::new))));
  }

  public void destroy(String name) {
    units.remove(unitName(name));
    unreadableUnits.remove(unitName(name));
  }

  public void unitUnreadable(String name) {
    destroy(name);
    unreadableUnits.add(unitName(name));
  }

  /// What a stranger's hand may do to the store.
  public void assign(String name, String machine) {
    DesiredUnit unit = existing(name);
    var id = new MachineId(machine);
    put(id, new Assignment(placeable(name), unit.file(), unit.target(), unit.restarts().on(id)));
  }

  private DesiredUnit existing(String name) {
    return Optional.ofNullable(units.get(unitName(name)))
        .orElseThrow(() -> new IllegalArgumentException("no unit " + name));
  }

  private void put(MachineId machine, Assignment assignment) {
    released.getOrDefault(machine, new TreeSet<>()).remove(assignment.unit());
    assignments.computeIfAbsent(machine, _ -> new TreeMap<>()).put(assignment.unit(), assignment);
  }

  private void remove(MachineId machine, UnitName unit) {
    var there = assignments.getOrDefault(machine, new TreeMap<>());
    if (!(unit instanceof UnitName.Placeable placeable) || there.remove(placeable) == null) {
      throw new AssertionError(unit + " is to be taken off " + machine + ", which has " + there);
    }
    if (there.isEmpty()) {
      assignments.remove(machine);
    }
  }

  /// The machine says that it is rid of what is withheld from it.
  public void release(String name, String machine) {
    var id = new MachineId(machine);
    states
        .computeIfAbsent(id, _ -> new TreeMap<>())
        .put(placeable(name), UnitState.released(revision));
    released.computeIfAbsent(id, _ -> new TreeSet<>()).add(placeable(name));
  }

  private void remain(MachineId machine, UnitName.Placeable unit) {
    unfenced
        .computeIfAbsent(machine, _ -> new TreeMap<>())
        .put(unit, Instant.parse("2026-11-22T09:15:04Z"));
  }

  /// What is withheld from a machine that is gone has stopped there for certain.
  public void certain(String name, String machine) {
    unfenced.getOrDefault(new MachineId(machine), new TreeMap<>()).remove(placeable(name));
  }

  public Plan plan() {
    return question().answer(Planner::worked);
  }

  /// What a planner is asked.
  record Question(ClusterSnapshot cluster, PlanningConditions conditions) {
    Plan answer(Answer planner) {
      return planner.worked(cluster, conditions).plan();
    }
  }

  /// A planner.
  interface Answer {
    Planner.Worked worked(ClusterSnapshot cluster, PlanningConditions conditions);
  }

  Question question() {
    return new Question(
        snapshot(),
        new PlanningConditions(
            awaited, overdue, new TreeSet<>(), new UnfencedCopies(unfenced), evictShare));
  }

  /// Plans under other conditions than those that it was told of.
  public Plan plan(PlanningConditions conditions) {
    return Planner.plan(snapshot(), conditions);
  }

  public void carryOut(Plan plan) {
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Assign(var machine, var assignment, _) -> put(machine, assignment);
        case Step.Update(var machine, var assignment, _) -> put(machine, assignment);
        case Step.Withhold(var machine, var assignment, _) -> {
          put(machine, assignment);
          if (!machines.containsKey(machine)) {
            remain(machine, assignment.unit());
          }
        }
        case Step.Unassign(var unit, var machine, _) -> remove(machine, unit);
        case Step.Leave _ -> {}
      }
    }
    evicted.addAll(plan.evicted());
    pause = plan.pause();
    failures.clear();
    failures.putAll(plan.failures());
  }

  public ClusterSnapshot snapshot() {
    return new ClusterSnapshot(
        ++revision,
        machines,
        units,
        assignments,
        states,
        released,
        new TreeMap<>(),
        new TreeSet<>(),
        evicted,
        pause,
        failures,
        Optional.empty(),
        new Unreadable(unreadableUnits, unreadableMachines));
  }
}
