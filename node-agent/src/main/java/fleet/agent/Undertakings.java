package fleet.agent;

import fleet.agent.reconcile.AgentAction;
import fleet.agent.reconcile.AgentAction.Remove;
import fleet.agent.reconcile.AgentAction.Restart;
import fleet.agent.reconcile.AgentAction.Start;
import fleet.agent.reconcile.AgentAction.Stop;
import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Applied.Underway;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Order.Kind;
import fleet.cluster.Outcome.Result;
import fleet.cluster.env.Environment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Has systemd do to units what was decided, by which orders, each thing noted before it is asked
/// for: the agent may be killed at any time, and the next one must know. For one thread.
final class Undertakings {

  private final Environment environment;
  private final UnitTable table;
  private final LeaseGuard guard;
  private final AppliedLog appliedLog;
  private final UnitJobs jobs;
  private final JobOutcomes outcomes;

  Undertakings(
      Environment environment,
      UnitTable table,
      LeaseGuard guard,
      AppliedLog appliedLog,
      UnitJobs jobs,
      JobOutcomes outcomes) {
    this.environment = environment;
    this.table = table;
    this.guard = guard;
    this.appliedLog = appliedLog;
    this.jobs = jobs;
    this.outcomes = outcomes;
  }

  /// Orders about units whose names are the machine's own cannot be carried out.
  ///
  /// @return whether there were any
  boolean refuse(LocalSnapshot local, SortedMap<UnitName.Placeable, String> taken) {
    boolean refused = false;
    for (var entry : taken.entrySet()) {
      UnitName.Placeable unit = entry.getKey();
      Optional<Order> order = Optional.ofNullable(local.pending().due().get(unit));
      if (order.isPresent()) {
        Result result = order.get().kind() == Kind.START ? Result.NOT_STARTED : Result.REFUSED;
        String words = "this machine " + entry.getValue();
        table.order(unit, known -> known.ended(order, result, words, environment.uptime()));
        refused = true;
      }
    }
    return refused;
  }

  /// Notes which units are about to be stopped, or removed.
  void noteEnds(List<AgentAction> actions, LocalSnapshot local) {
    boolean noted = false;
    for (AgentAction action : actions) {
      if (action instanceof Stop(var unit, _)) {
        table.note(unit, UnitRecord::stopping);
        jobs.overtake(unit);
        if (local.order(unit).filter(JobOutcomes::endsWithAStop).isPresent()) {
          table.order(unit, known -> known.acting(local.order(unit)));
        }
        noted = true;
      } else if (action instanceof Remove(var unit, _)) {
        table.note(unit, UnitRecord::removing);
        noted = true;
      }
    }
    if (noted) {
      appliedLog.save();
    }
  }

  /// Takes a unit for what it should be.
  void adopt(UnitName.Placeable unit, Applied as, LocalSnapshot local) {
    table.note(unit, record -> record.reached(as));
    // What an order to stop found running is stopped next, now that it is known.
    boolean toStop = local.order(unit).filter(order -> order.kind() == Kind.STOP).isPresent();
    if (!toStop || local.rests(unit)) {
      table.order(unit, known -> known.settled(local.order(unit), environment.uptime()));
    }
  }

  /// Stops a unit. One that has just been stopped and never rested is let be for a while: something
  /// on this machine keeps starting it.
  void stop(Stop stop, LocalSnapshot local) {
    UnitName.Placeable unit = stop.unit();
    if (table.wasStoppedInVain(unit)) {
      outcomes.notStopped(
          unit, local.order(unit), "it was stopped and is active again", environment.uptime());
      return;
    }
    jobs.stop(unit, local.invocation(unit), local.order(unit), stop.reason());
    table.note(unit, UnitRecord::stopBegan);
  }

  /// Files have been loaded by now.
  void start(List<Start> starts, List<Restart> restarts, LocalSnapshot local) {
    if (starts.isEmpty() && restarts.isEmpty()) {
      return;
    }
    starts.forEach(start -> starting(start.assignment(), Underway.START, local));
    restarts.forEach(restart -> starting(restart.assignment(), Underway.RESTART, local));
    appliedLog.save();
    var files = new TreeMap<UnitName.Placeable, UnitFile>();
    local.assigned().forEach((unit, assignment) -> files.put(unit, assignment.file()));
    for (Start start : starts) {
      UnitName.Placeable unit = start.assignment().unit();
      if (table.isLoaded(start.assignment())) {
        jobs.start(start.assignment(), local.lastInvocation(unit), files, start.reason());
        table.note(unit, UnitRecord::startBegan);
      }
    }
    for (Restart restart : restarts) {
      UnitName.Placeable unit = restart.assignment().unit();
      Applied was = Objects.requireNonNull(local.applied().get(unit));
      if (table.isLoaded(restart.assignment())) {
        jobs.restart(restart.assignment(), local.invocation(unit), was, files, restart.reason());
        table.note(unit, UnitRecord::startBegan);
      }
    }
  }

  private void starting(Assignment assignment, Underway how, LocalSnapshot local) {
    UnitName.Placeable unit = assignment.unit();
    if (table.isLoaded(assignment)) {
      table.starting(assignment, how, local.lastInvocation(unit), guard.disturbances());
      table.order(unit, known -> known.acting(assignment.order()));
    }
  }
}
