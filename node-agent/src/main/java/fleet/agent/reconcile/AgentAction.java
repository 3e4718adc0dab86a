package fleet.agent.reconcile;

import fleet.agent.unit.Applied;
import fleet.agent.unit.Problems;
import fleet.cluster.Assignment;
import fleet.unit.UnitName;

/// One thing to do on this machine, and why.
public sealed interface AgentAction {

  /// Have systemd stop a unit. A job of its own: nobody waits for it.
  record Stop(UnitName.Placeable unit, Reason reason) implements AgentAction {}

  /// Write a unit's file and tell systemd of it.
  record Install(Assignment assignment, Reason reason) implements AgentAction {}

  /// Delete the file of a unit that has stopped, and have systemd forget it.
  record Remove(UnitName.Placeable unit, Reason reason) implements AgentAction {}

  /// Have systemd read all files anew, once for all that were written and deleted.
  record Reload() implements AgentAction {}

  /// Note that a unit is already as it should be; nothing is done to it.
  record Adopt(UnitName.Placeable unit, Applied as, Reason reason) implements AgentAction {}

  /// Have systemd start a unit. A job of its own: nobody waits for it.
  record Start(Assignment assignment, Reason reason) implements AgentAction {}

  /// Have systemd run a unit anew, if it could start it. A job of its own: nobody waits for it.
  record Restart(Assignment assignment, Reason reason) implements AgentAction {}

  /// Ask systemd whether it could start this text in place of the one that runs.
  record Try(Assignment assignment, Reason reason) implements AgentAction {}

  /// Do nothing to this unit yet, though something is to be done.
  record Wait(UnitName.Placeable unit, Reason reason) implements AgentAction {}

  /// Why an action is taken.
  enum Reason {
    ASSIGNED("assigned to this machine"),
    NOT_ASSIGNED("not assigned to this machine"),
    ANOTHER_FILE("assigned with another file"),
    FILE_SPOILED("its file or link has been changed or deleted by somebody else"),
    LAUNCH("should be launched"),
    NO_LAUNCH("should be loaded only"),
    RESTART("a restart was asked for"),
    ORDERED("somebody has asked for it"),
    FAILED("it has failed, and is to be tried again"),
    AS_IT_SHOULD_BE("is already as it should be"),
    CUT_OFF("the lease has lapsed: another machine may run it"),
    NO_LEASE("the lease under which it was assigned is not held"),
    NOT_ARMED("its dead man's switch is not armed yet"),
    STARTING("its start is still under way"),
    JOB_RUNS("a job is still under way"),
    STOPPING("it has not stopped yet"),
    ILLEGIBLE(Problems.ILLEGIBLE),
    TAKEN("the machine has the name for itself"),
    REFUSED("systemd would not: it is left as it is until somebody asks again"),
    LACKING("a unit that it needs has failed, and has not run since"),
    NOT_PUT_BACK("the text that runs is yet to be put back in its place"),
    NOT_YET_AGAIN("the last attempt failed and the next is not yet due");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /// The reason in words.
    public String text() {
      return text;
    }
  }
}
