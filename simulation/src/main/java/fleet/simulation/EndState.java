package fleet.simulation;

import fleet.agent.systemd.LocalUnit;
import fleet.cluster.Assignment;
import fleet.cluster.ClusterSnapshot;
import fleet.cluster.Explanation;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.registry.Reasons;
import fleet.scheduler.plan.Plan.Step;
import fleet.scheduler.plan.Planner;
import fleet.unit.UnitName;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What must have come of everything, some time after the last trouble.
final class EndState {

  private final World world;

  EndState(World world) {
    this.world = world;
  }

  /// That the leader has nothing left to do, that every unit runs where it should and nowhere else,
  /// and that what is said of it is true.
  void judge() throws InterruptedException {
    for (User user : world.users) {
      user.checkAll();
    }
    world.shared.violation().ifPresent(world.referee::accuse);
    try (var mirror = world.registry.mirror(world.environment.signal("judge"))) {
      ClusterSnapshot cluster = mirror.snapshot();
      var plan = Planner.plan(cluster);
      if (!plan.changesNothing()) {
        world.referee.accuse("the leader has left undone: " + plan);
      }
      var expected = new TreeMap<UnitName, Explanation>();
      for (Step step : plan.steps()) {
        if (step instanceof Step.Leave leave) {
          expected.put(leave.unit(), leave.obstacle().explanation());
        }
      }
      if (!expected.equals(cluster.explanations())) {
        world.referee.accuse("explained is " + cluster.explanations() + ", true is " + expected);
      }
      var reasons = new TreeSet<String>();
      for (Explanation explanation : expected.values()) {
        Reasons.of(explanation).ifPresent(shared -> reasons.add(shared.name()));
      }
      if (!reasons.equals(cluster.reasons())) {
        world.referee.accuse("reasons are " + cluster.reasons() + ", needed are " + reasons);
      }
      for (SimulatedMachine machine : world.machines) {
        if (machine.isOn()) {
          judge(machine, cluster);
        }
      }
    }
  }

  private void judge(SimulatedMachine machine, ClusterSnapshot cluster) {
    world.referee.invocations.violation(machine, cluster).ifPresent(world.referee::accuse);
    var assignments = cluster.assignments().getOrDefault(machine.id, new TreeMap<>());
    var states = states(machine, cluster);
    var launched = new TreeSet<UnitName.Placeable>();
    for (Assignment assignment : assignments.values()) {
      if (assignment.target() == TargetState.LAUNCHED) {
        launched.add(assignment.unit());
      }
    }
    var missing = new TreeSet<>(launched);
    missing.removeAll(machine.running());
    missing.removeIf(machine::mayHaveEnded);
    if (!missing.isEmpty() || !launched.containsAll(machine.running())) {
      missing.forEach(unit -> world.chronicle.note(unit + ": " + machine.systemd.peek(unit)));
      world.referee.accuse(machine + " runs " + machine.running() + " and should run " + launched);
    }
    if (!states.keySet().equals(assignments.keySet())) {
      world.referee.accuse(
          machine + " reports " + states.keySet() + ", and has " + assignments.keySet());
    }
    for (Assignment assignment : assignments.values()) {
      UnitState state = Objects.requireNonNull(states.get(assignment.unit()));
      LocalUnit local = machine.systemd.peek(assignment.unit());
      boolean carriedOut =
          state.generation() == assignment.generation()
              && state.hash().equals(Optional.of(assignment.file().hash()));
      boolean inTrouble = !state.problem().isEmpty() || local.active().equals("activating");
      if (!state.active().equals(local.active())
          || !state.sub().equals(local.sub())
          || !(carriedOut || inTrouble)) {
        world.referee.accuse(
            machine + " says of " + assignment.unit() + " " + state + ", systemd " + local);
      }
    }
  }

  private static SortedMap<UnitName.Placeable, UnitState> states(
      SimulatedMachine machine, ClusterSnapshot cluster) {
    return cluster.states().getOrDefault(machine.id, new TreeMap<>());
  }
}
