package fleet.scheduler;

import fleet.cluster.ClusterSnapshot;

/// Decides where units run. A function: equal snapshots give equal plans.
///
/// # The rules
///
/// A unit may be on a machine if [Board#veto] has nothing against it: `MachineID`,
/// `MachineMetadata`, `MachineOf`, `Conflicts` of either side, and `Replaces`. That one rule holds
/// for all units, global or not, there already or not. It asks who else *is* there; so the order in
/// which units are decided on ([Sequence]) is part of the rules.
///
/// A unit that may stay where it is stays. Otherwise it goes to the machine with the fewest units
/// of those that can take it, and if there is none, it waits, with a reason for each machine. A
/// global unit is on every machine that can take it. `Replaces` alone drives out: placing a unit
/// takes those that it replaces off its machine; it forbids no machine to the replacing unit, and
/// forbids that machine to the replaced one.
///
/// A unit that moves is taken off its machine at once, and put on another only when no machine but
/// that one reports it any more: it starts where it goes when it has stopped where it was. Until
/// then it waits. What a machine reports ends with its lease, so a machine that is lost delays
/// nobody. A unit that stays where it is, and a global one, need not wait for anybody.
///
/// A machine that is *gone* gives up what can run elsewhere. What cannot stays assigned to it: if
/// the machine comes back, nothing has happened. Where nothing is known, because a record is
/// spoiled or a machine is awaited, nothing is taken away and nothing added. Nor is it where too
/// many machines are silent at once ([Calm]).
///
/// An *exclusive* unit is taken off its machine in two steps. First it is withheld: the machine is
/// told to be rid of it, and stays on record as one that may have it. It is taken off, and can go
/// elsewhere, when that machine has said that it is rid of it, or is gone, and for so long that its
/// dead man's switch must have fired ([Remains], [Vigil]). If the machine comes back before that,
/// the unit stays.
///
/// A unit that has failed too often where it is goes elsewhere, if it can ([Misfortunes]).
///
/// # The invariants
///
/// The plan carried out, another plan of the result changes nothing. A unit that is not global is
/// on one machine at most. Templates and inactive units are nowhere, conflict with nobody, weigh
/// nothing and are nobody's peers.
///
/// Where this differs from fleet 1.0 (`engine/reconciler.go`, `agent/state.go`): order of review
/// was random there; a unit started where it went while it stopped where it was; `Replaces` evicted
/// either side and sent it anywhere; a follower moved a round after its peer; inactive global units
/// conflicted and weighed; global units were decided on by each agent.
public final class Planner {

  private Planner() {}

  /// Plans the changes that bring the assignments of `cluster` in line with what users want.
  public static Plan plan(ClusterSnapshot cluster) {
    return plan(cluster, Doubts.NONE);
  }

  /// Plans without giving up on machines that may yet be heard of.
  public static Plan plan(ClusterSnapshot cluster, Doubts doubts) {
    return plan(cluster, doubts, Remains.NONE);
  }

  /// Plans without starting elsewhere what `remains` where nobody is.
  static Plan plan(ClusterSnapshot cluster, Doubts doubts, Remains remains) {
    return worked(cluster, doubts, remains).plan();
  }

  /// A plan, and how much work it has been.
  record Worked(Plan plan, Effort effort) {}

  static Worked worked(ClusterSnapshot cluster, Doubts doubts, Remains remains) {
    var effort = new Effort();
    var calm = Calm.of(cluster, doubts);
    var draft = new Draft(new Board(cluster, calm.kept(), remains, effort));
    draft.holdWhatIsUncertain();
    draft.keepWhatMayStay();
    draft.placeTheOthers();
    draft.keepWhatCannotLeave();
    return new Worked(draft.plan(cluster, calm.pause()), effort);
  }
}
