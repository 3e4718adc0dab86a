package fleet.scheduler.commit;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.registry.Decision;
import fleet.scheduler.plan.Cause;
import fleet.scheduler.plan.Plan;
import fleet.scheduler.plan.Plan.Step;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What a leader writes in one go, in this order: no more than what is not there already.
///
/// @param tally how much that is, as it is counted when it is done
public record PlannedWrites(List<Decision> decisions, WriteCount tally) {

  public PlannedWrites {
    decisions = List.copyOf(decisions);
  }

  /// All that carries out a plan, losses first; what units wait for is said later
  /// ([Explanations]), but for what is not true any more of a unit that is placed.
  public static PlannedWrites of(Plan plan, ClusterSnapshot cluster) {
    List<Decision> decisions = new ArrayList<>();
    plan.evicted().forEach(machine -> decisions.add(new Decision.Evict(machine)));
    if (!plan.pause().equals(cluster.pause())) {
      decisions.add(new Decision.Pausing(plan.pause()));
    }
    var units = new TreeSet<>(plan.failures().keySet());
    units.addAll(cluster.failures().keySet());
    for (UnitName.Placeable unit : units) {
      var failures = Optional.ofNullable(plan.failures().get(unit));
      if (!failures.equals(Optional.ofNullable(cluster.failures().get(unit)))) {
        decisions.add(new Decision.Failed(unit, failures));
      }
    }
    var placed = Explanations.placed(plan);
    long assigned = 0;
    long unassigned = 0;
    long lost = 0;
    for (Step step : Urgency.inOrder(plan)) {
      switch (step) {
        case Step.Assign(var machine, var assignment, _) -> {
          decisions.add(new Decision.Assign(machine, assignment));
          if (placed.contains(assignment.unit())
              && cluster.explanations().containsKey(assignment.unit())) {
            decisions.add(new Decision.Unexplain(assignment.unit()));
          }
          assigned++;
        }
        case Step.Update(var machine, var assignment, _) ->
            decisions.add(new Decision.Assign(machine, assignment));
        case Step.Withhold(var machine, var assignment, var cause) ->
            decisions.add(
                new Decision.Withhold(machine, assignment, cause instanceof Cause.MachineGone));
        case Step.Unassign(var unit, var machine, var cause) -> {
          boolean machineGone = cause instanceof Cause.MachineGone;
          decisions.add(new Decision.Unassign(machine, unit, machineGone));
          unassigned++;
          lost += machineGone ? 1 : 0;
        }
        case Step.Leave _ -> {}
      }
    }
    cluster.evicted().stream()
        .filter(machine -> !cluster.machines().containsKey(machine))
        .filter(machine -> !cluster.assignments().containsKey(machine))
        .forEach(machine -> decisions.add(new Decision.ForgetEviction(machine)));
    return new PlannedWrites(decisions, new WriteCount(assigned, unassigned, lost, 0));
  }
}
