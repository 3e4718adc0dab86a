/// Where units should run: a function from a snapshot of the cluster to a plan, with a reason for
/// each step and for each unit that waits.
///
/// [fleet.scheduler.plan.Planner] has the rules. The way of a plan through this package:
///
/// | step | class |
/// |---|---|
/// | which absent machines keep what they have | [fleet.scheduler.plan.EvictionGate] |
/// | units and machines, with what they have to do with each other |
/// [fleet.scheduler.plan.Placements] |
/// | in which order units are decided on | [fleet.scheduler.plan.DependencyOrder] |
/// | what stays, what is evicted, what is placed | [fleet.scheduler.plan.PlanBuilder] |
/// | whether a machine can take a unit, and why not | [fleet.scheduler.plan.Placements#veto] |
/// | what has to be done, from what is assigned to what was planned |
/// [fleet.scheduler.plan.PlanDiff] |
@org.jspecify.annotations.NullMarked
package fleet.scheduler.plan;
