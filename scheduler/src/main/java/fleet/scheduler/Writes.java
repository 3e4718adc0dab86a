package fleet.scheduler;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.registry.Registry.Decision;
import fleet.scheduler.Plan.Step;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a leader writes to carry out a plan: no more than what is not there already.
///
/// @param assigned how many units are put on a machine
/// @param unassigned how many are taken off one
/// @param lost how many of those because their machines are gone
/// @param unplaced how many are said to be on no machine, and were not, or for other reasons
record Writes(List<Decision> decisions, long assigned, long unassigned, long lost, long unplaced) {

  static Writes of(Plan plan, ClusterSnapshot cluster) {
    List<Decision> decisions = new ArrayList<>();
    plan.forsaken().forEach(machine -> decisions.add(new Decision.Forsake(machine)));
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
    SortedSet<UnitName> waiting = new TreeSet<>();
    long assigned = 0;
    long unassigned = 0;
    long lost = 0;
    long unplaced = 0;
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Assign(var machine, var assignment, _) -> {
          decisions.add(new Decision.Assign(machine, assignment));
          assigned++;
        }
        case Step.Update(var machine, var assignment, _) ->
            decisions.add(new Decision.Assign(machine, assignment));
        case Step.Withhold(var machine, var assignment, var cause) ->
            decisions.add(
                new Decision.Withhold(machine, assignment, cause instanceof Cause.MachineGone));
        case Step.Unassign(var unit, var machine, var cause) -> {
          boolean forsaken = cause instanceof Cause.MachineGone;
          decisions.add(new Decision.Unassign(machine, unit, forsaken));
          unassigned++;
          lost += forsaken ? 1 : 0;
        }
        case Step.Leave leave -> {
          waiting.add(leave.unit());
          var explanation = leave.refusal().explanation();
          if (!explanation.equals(cluster.explanations().get(leave.unit()))) {
            decisions.add(new Decision.Explain(leave.unit(), explanation));
            unplaced++;
          }
        }
      }
    }
    cluster.explanations().keySet().stream()
        .filter(unit -> !waiting.contains(unit))
        .filter(unit -> !cluster.unreadable().units().contains(unit))
        .forEach(unit -> decisions.add(new Decision.Unexplain(unit)));
    cluster.forsaken().stream()
        .filter(machine -> !cluster.machines().containsKey(machine))
        .filter(machine -> !cluster.assignments().containsKey(machine))
        .forEach(machine -> decisions.add(new Decision.Forget(machine)));
    return new Writes(decisions, assigned, unassigned, lost, unplaced);
  }
}
