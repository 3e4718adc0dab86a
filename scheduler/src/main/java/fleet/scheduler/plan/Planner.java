package fleet.scheduler.plan;

import fleet.cluster.ClusterSnapshot;

/// Decides where units run. A function: equal snapshots give equal plans.
///
/// # The rules
///
/// A unit may be on a machine if [Placements#veto] has nothing against it: `MachineID`,
/// `MachineMetadata`, the machine's own units, `MachineOf`, `Conflicts` of either side, and
/// `Replaces`. That one rule holds for all units, global or not, there already or not. It asks who
/// else *is* there; so the order in which units are decided on ([DependencyOrder]) is part of the
/// rules.
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
/// A machine that is *gone* is evicted: it loses what can run elsewhere. What cannot stays assigned
/// to it: if the machine comes back, nothing has happened. Where nothing is known, because a record
/// is spoiled or a machine is awaited, nothing is taken away and nothing added. Nor is it where too
/// many machines are silent at once ([EvictionGate]).
///
/// An *exclusive* unit is taken off its machine in two steps. First it is withheld: the machine is
/// told to be rid of it, and stays on record as one that may have it. It is taken off, and can go
/// elsewhere, when that machine has said that it is rid of it, or is gone, and for so long that its
/// dead man's switch must have fired ([UnfencedCopies]). If the machine comes back before that, the
/// unit stays.
///
/// A unit that has failed too often where it is goes elsewhere, if it can ([FailureHistory]).
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
    return plan(cluster, PlanningConditions.NONE);
  }

  /// Plans without evicting machines that may yet be heard of, and without starting elsewhere what
  /// may still run on a machine that is gone.
  public static Plan plan(ClusterSnapshot cluster, PlanningConditions conditions) {
    return worked(cluster, conditions).plan();
  }

  /// A plan, and how much work it has been.
  record Worked(Plan plan, Effort effort) {}

  /// How much work a plan has been, counted and not timed, so that a test can say how it grows.
  static final class Effort {

    private long vetoesAsked;
    private long lookUps;

    /// One machine is asked whether it can take one unit.
    void vetoAsked() {
      vetoesAsked++;
    }

    /// One machine is asked which of its units have to do with one pattern.
    void lookUp() {
      lookUps++;
    }

    /// How often a machine was asked whether it can take a unit.
    long vetoesAsked() {
      return vetoesAsked;
    }

    /// How often a machine was asked which of its units have to do with a pattern.
    long lookUps() {
      return lookUps;
    }

    @Override
    public String toString() {
      return vetoesAsked + " vetoes asked, " + lookUps + " look-ups";
    }
  }

  static Worked worked(ClusterSnapshot cluster, PlanningConditions conditions) {
    var effort = new Effort();
    var gate = EvictionGate.of(cluster, conditions);
    var builder =
        new PlanBuilder(new Placements(cluster, gate.kept(), conditions.unfenced(), effort));
    builder.holdWhatIsUncertain();
    builder.keepWhatMayStay();
    builder.placeTheOthers();
    builder.keepWhatCannotLeave();
    return new Worked(builder.plan(cluster, gate.pause()), effort);
  }
}
