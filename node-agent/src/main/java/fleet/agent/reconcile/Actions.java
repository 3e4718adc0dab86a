package fleet.agent.reconcile;

import static fleet.agent.reconcile.AgentAction.Reason.AS_IT_SHOULD_BE;
import static fleet.agent.reconcile.AgentAction.Reason.JOB_RUNS;
import static fleet.agent.reconcile.AgentAction.Reason.LACKING;
import static fleet.agent.reconcile.AgentAction.Reason.NOT_ARMED;
import static fleet.agent.reconcile.AgentAction.Reason.NO_LEASE;
import static fleet.agent.reconcile.AgentAction.Reason.STARTING;
import static fleet.agent.reconcile.AgentAction.Reason.STOPPING;

import fleet.agent.reconcile.AgentAction.Adopt;
import fleet.agent.reconcile.AgentAction.Install;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.reconcile.AgentAction.Reload;
import fleet.agent.reconcile.AgentAction.Remove;
import fleet.agent.reconcile.AgentAction.Restart;
import fleet.agent.reconcile.AgentAction.Start;
import fleet.agent.reconcile.AgentAction.Stop;
import fleet.agent.reconcile.AgentAction.Try;
import fleet.agent.reconcile.AgentAction.Wait;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.agent.unit.Applied;
import fleet.cluster.Assignment;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;

/// What the [Reconciler] has decided so far, and the conditions that all of it is under.
final class Actions {

  private final LocalSnapshot local;
  private final List<AgentAction> all = new ArrayList<>();

  Actions(LocalSnapshot local) {
    this.local = local;
  }

  void add(AgentAction action) {
    all.add(action);
  }

  /// In the order in which they are to be carried out; of each kind, as they were added.
  List<AgentAction> inOrder() {
    boolean files =
        all.stream().anyMatch(each -> each instanceof Install || each instanceof Remove);
    if (files || local.reloadOwed()) {
      all.add(new Reload());
    }
    all.sort((one, other) -> Integer.compare(rank(one), rank(other)));
    return all;
  }

  private static int rank(AgentAction action) {
    return switch (action) {
      case Stop _ -> 0;
      case Install _ -> 1;
      case Remove _ -> 2;
      case Reload _ -> 3;
      case Adopt _ -> 4;
      case Start _ -> 5;
      case Restart _ -> 6;
      case Try _ -> 7;
      case Wait _ -> 8;
    };
  }

  void start(Assignment assignment, Reason reason) {
    UnitName.Placeable unit = assignment.unit();
    if (local.pending().lacking().contains(unit)) {
      add(new Wait(unit, LACKING));
    } else if (mayStart(unit)) {
      add(new Start(assignment, reason));
    }
  }

  /// No start goes by another way.
  boolean mayStart(UnitName.Placeable unit) {
    Permissions permissions = local.permissions();
    if (!permissions.allowsStartOf(unit)) {
      add(new Wait(unit, permissions.leased() ? NOT_ARMED : NO_LEASE));
      return false;
    }
    return true;
  }

  /// Takes a unit that runs for what it should be, once it has made up its mind.
  void settle(UnitName.Placeable unit, LocalUnit observed, Applied as) {
    switch (observed.phase()) {
      case RISING -> add(new Wait(unit, JOB_RUNS));
      case FALLING -> add(new Wait(unit, STOPPING));
      case RUNNING, RESTING -> add(new Adopt(unit, as, AS_IT_SHOULD_BE));
    }
  }

  void whenStopped(UnitName.Placeable unit, LocalUnit observed, Reason reason, Runnable then) {
    switch (observed.phase()) {
      case RESTING -> then.run();
      case RISING, RUNNING -> add(new Stop(unit, reason));
      case FALLING -> add(new Wait(unit, STOPPING));
    }
  }

  /// Whether systemd is at the start that we have asked for: that can take as long as the unit's
  /// program likes, and no stop waits for it.
  boolean isStarting(UnitName.Placeable unit, LocalUnit observed) {
    return local.held().get(unit) == STARTING && observed.phase() == Phase.RISING;
  }

  boolean mayAct(UnitName.Placeable unit) {
    Reason held = local.held().get(unit);
    if (held != null) {
      add(new Wait(unit, held));
      return false;
    }
    return true;
  }
}
