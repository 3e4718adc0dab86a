package fleet.agent.reconcile;

import static fleet.agent.reconcile.AgentAction.Reason.ANOTHER_FILE;
import static fleet.agent.reconcile.AgentAction.Reason.ASSIGNED;
import static fleet.agent.reconcile.AgentAction.Reason.AS_IT_SHOULD_BE;
import static fleet.agent.reconcile.AgentAction.Reason.CUT_OFF;
import static fleet.agent.reconcile.AgentAction.Reason.FAILED;
import static fleet.agent.reconcile.AgentAction.Reason.FILE_SPOILED;
import static fleet.agent.reconcile.AgentAction.Reason.JOB_RUNS;
import static fleet.agent.reconcile.AgentAction.Reason.LAUNCH;
import static fleet.agent.reconcile.AgentAction.Reason.NOT_ASSIGNED;
import static fleet.agent.reconcile.AgentAction.Reason.NO_LAUNCH;
import static fleet.agent.reconcile.AgentAction.Reason.NO_LEASE;
import static fleet.agent.reconcile.AgentAction.Reason.ORDERED;
import static fleet.agent.reconcile.AgentAction.Reason.REFUSED;
import static fleet.agent.reconcile.AgentAction.Reason.RESTART;
import static fleet.agent.reconcile.AgentAction.Reason.STOPPING;
import static fleet.agent.reconcile.AgentAction.Reason.TAKEN;

import fleet.agent.reconcile.AgentAction.Adopt;
import fleet.agent.reconcile.AgentAction.Install;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.reconcile.AgentAction.Remove;
import fleet.agent.reconcile.AgentAction.Restart;
import fleet.agent.reconcile.AgentAction.Stop;
import fleet.agent.reconcile.AgentAction.Try;
import fleet.agent.reconcile.AgentAction.Wait;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Applied.Underway;
import fleet.agent.unit.Ownership;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.TargetState;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compares what a machine should run with what it runs. A function.
///
/// It brings a unit as far as its assignment says *once*, and notes that as [Applied]. What happens
/// to the unit afterwards is systemd's business: a service that fails is restarted if its
/// `Restart=` says so, a job that has ended has ended, and what a socket, a timer or a person has
/// started or stopped stays so. Only a new assignment, or the end of one, makes fleet act again; an
/// order of a user makes a new one, also if it asks for what was asked for before.
/// fleet 1.0 (`agent/reconcile.go`) did the same, but kept the note in memory only.
///
/// A start is carried out also if the unit ran and failed: that is its own affair, and it is told.
/// What never came to run, since its file could not be loaded, a unit that it requires failed, or
/// somebody canceled its start, is tried again after a pause that doubles: what was in the way may
/// have gone. fleet 1.0 tried nothing again. A unit that says `FailureLimit=` is tried again also
/// if it ran and failed.
///
/// A running unit is sacred. It is stopped if it is assigned no longer, if it is assigned with
/// another file, if it should no longer be launched, if a restart was asked for, or if it asks to
/// be stopped where the lease has lapsed; for nothing else. In particular a file that somebody has
/// spoiled is written anew without a stop, and a unit that runs from the assigned file, though
/// nobody remembers why, is adopted.
///
/// Where the machine has the unit's name for itself ([Ownership]) nothing is started, written or
/// linked, and nothing is stopped but what fleet's file has started; what fleet has of it goes.
///
/// What the leader withholds from the machine is not among what is assigned: it goes like any unit
/// that is assigned no longer.
///
/// A unit that is starting can be stopped. One whose old self is still stopping is neither
/// replaced, removed nor started.
public final class Reconciler {

  private static final LocalUnit UNKNOWN =
      new LocalUnit(new OnDisk.Absent(), "not-found", "inactive", "dead", "", "");

  private final LocalSnapshot local;
  private final Actions actions;

  private Reconciler(LocalSnapshot local) {
    this.local = local;
    this.actions = new Actions(local);
  }

  /// What to do, in order: what must stop is told to, then files come and go, systemd reads them
  /// once, and only then anything starts. Stops and starts are not waited for; the rest is.
  public static List<AgentAction> reconcile(LocalSnapshot local) {
    var reconciler = new Reconciler(local);
    var units = new TreeSet<UnitName.Placeable>(local.observed().keySet());
    units.addAll(local.assigned().keySet());
    units.addAll(local.applied().keySet());
    units.forEach(reconciler::consider);
    return reconciler.actions.inOrder();
  }

  private void consider(UnitName.Placeable unit) {
    LocalUnit observed = local.observed().getOrDefault(unit, UNKNOWN);
    Assignment assignment = local.assigned().get(unit);
    Applied applied = local.applied().get(unit);
    if (local.taken(unit).isPresent()) {
      giveWay(unit, assignment, observed, applied);
    } else if (assignment == null) {
      if (applied != null || !(observed.file() instanceof OnDisk.Absent)) {
        takeAway(unit, observed);
      } else if (local.removed().contains(unit) && actions.mayAct(unit)) {
        // It was started after the look by which its file was removed: by a socket, say.
        actions.whenStopped(unit, observed, NOT_ASSIGNED, () -> {});
      }
    } else if (local.permissions().forbids(unit)) {
      standDown(unit, observed);
    } else if (applied == null) {
      meet(assignment, observed);
    } else if (applied.underway() == Underway.ANYTHING) {
      recognize(assignment, observed, applied);
    } else if (!applied.hash().equals(assignment.file().hash())) {
      replace(assignment, observed);
    } else {
      adjust(assignment, observed, applied);
    }
  }

  /// The unit's name is taken. What fleet runs of it runs on for as long as it should, in the text
  /// that it has; all else is the machine's.
  private void giveWay(
      UnitName.Placeable unit,
      @Nullable Assignment assignment,
      LocalUnit observed,
      @Nullable Applied applied) {
    boolean runs = local.runsFleets(unit);
    boolean installed = applied != null || !(observed.file() instanceof OnDisk.Absent);
    if (!runs) {
      if (installed && actions.mayAct(unit)) {
        actions.add(new Remove(unit, TAKEN));
      } else if (assignment != null) {
        actions.add(new Wait(unit, TAKEN));
      }
    } else if (assignment == null) {
      takeAway(unit, observed);
    } else if (local.permissions().forbids(unit)) {
      standDown(unit, observed);
    } else if (assignment.target() != TargetState.LAUNCHED) {
      boolean launched = applied != null && applied.target() == TargetState.LAUNCHED;
      if ((launched || isToStop(assignment)) && actions.mayAct(unit)) {
        lower(assignment, observed, launched ? NO_LAUNCH : ORDERED);
      }
    } else if (isTold(assignment, observed, applied) && actions.mayAct(unit)) {
      actions.settle(unit, observed, Applied.of(assignment, TargetState.LAUNCHED));
    } else {
      actions.add(new Wait(unit, TAKEN));
    }
  }

  /// Whether what fleet runs of a unit is what it should be, and that is not noted yet.
  private static boolean isTold(
      Assignment assignment, LocalUnit observed, @Nullable Applied applied) {
    UnitHash hash = assignment.file().hash();
    Applied wanted = Applied.of(assignment, TargetState.LAUNCHED);
    return applied == null
        ? observed.file().equals(new OnDisk.Present(hash))
        : !applied.equals(wanted)
            && applied.hash().equals(hash)
            && applied.generation() == assignment.generation()
            && applied.underway() != Underway.STOP;
  }

  /// The unit is here and should not be.
  private void takeAway(UnitName.Placeable unit, LocalUnit observed) {
    if (actions.isStarting(unit, observed)) {
      actions.add(new Stop(unit, NOT_ASSIGNED));
    } else if (actions.mayAct(unit)) {
      actions.whenStopped(
          unit, observed, NOT_ASSIGNED, () -> actions.add(new Remove(unit, NOT_ASSIGNED)));
    }
  }

  /// The unit is here, and may have been given to another machine.
  private void standDown(UnitName.Placeable unit, LocalUnit observed) {
    if (actions.isStarting(unit, observed)) {
      actions.add(new Stop(unit, CUT_OFF));
    } else if (actions.mayAct(unit)) {
      actions.whenStopped(unit, observed, CUT_OFF, () -> actions.add(new Wait(unit, NO_LEASE)));
    }
  }

  /// The unit should be here, and nobody remembers what was done about it.
  private void meet(Assignment assignment, LocalUnit observed) {
    UnitName.Placeable unit = assignment.unit();
    if (!actions.mayAct(unit)) {
      return;
    }
    boolean runs = observed.phase() != Phase.RESTING;
    switch (observed.file()) {
      case OnDisk.Present(var hash) when runs && hash.equals(assignment.file().hash()) ->
          actions.settle(unit, observed, Applied.of(assignment, assignment.target()));
      case OnDisk.Present(var hash) when !hash.equals(assignment.file().hash()) ->
          replace(assignment, observed);
      // What runs was not started by us, or from a file that is lost: it is not ours to stop.
      case OnDisk.Present _, OnDisk.Garbage _, OnDisk.Absent _ ->
          install(assignment, observed, ASSIGNED);
    }
  }

  /// The unit should be here, and what is remembered of it may be out of date: the agent before
  /// could not note what it did, as when `/run` was full. What the unit's file says goes before
  /// what was noted. What runs and should is adopted. A restart that was asked for counts as
  /// carried out. A unit that should run and does not is started; if the notes tell of another
  /// text, its file is written anew first, since systemd may not have read it.
  private void recognize(Assignment assignment, LocalUnit observed, Applied applied) {
    UnitName.Placeable unit = assignment.unit();
    UnitHash hash =
        observed.file() instanceof OnDisk.Present(var present) ? present : applied.hash();
    Applied wanted = Applied.of(assignment, assignment.target());
    if (!hash.equals(assignment.file().hash())) {
      replace(assignment, observed);
    } else if (actions.mayAct(unit)) {
      boolean unheardOf = !applied.hash().equals(hash) && observed.phase() == Phase.RESTING;
      if (unheardOf || !isInPlace(hash, observed)) {
        actions.add(new Install(assignment, unheardOf ? ASSIGNED : FILE_SPOILED));
      }
      if (assignment.target() == TargetState.LAUNCHED) {
        launch(assignment, observed);
      } else if (applied.target() == TargetState.LAUNCHED) {
        lower(assignment, observed, NO_LAUNCH);
      } else {
        actions.add(new Adopt(unit, wanted, AS_IT_SHOULD_BE));
      }
    }
  }

  /// The unit is here in another text, as far as we remember. But a file is written only once what
  /// ran of the one before has stopped; so what runs beside the file that it should have, runs from
  /// it: the agent before could not note so, as when the disk was full.
  ///
  /// What runs is stopped only if systemd could start the text that is to come.
  private void replace(Assignment assignment, LocalUnit observed) {
    UnitName.Placeable unit = assignment.unit();
    boolean starting = actions.isStarting(unit, observed);
    if (!starting && !actions.mayAct(unit)) {
      return;
    }
    boolean inPlace = isInPlace(assignment.file().hash(), observed);
    boolean runs = observed.phase() == Phase.RISING || observed.phase() == Phase.RUNNING;
    boolean succeeds = runs && assignment.target() == TargetState.LAUNCHED;
    if (succeeds
        && !inPlace
        && observed.file() instanceof OnDisk.Present
        && !local.pending().isTried(assignment)) {
      if (local.pending().refused().contains(unit)) {
        actions.add(new Wait(unit, REFUSED));
      } else {
        actions.add(new Try(assignment, ANOTHER_FILE));
      }
    } else if (starting) {
      actions.add(new Stop(unit, ANOTHER_FILE));
    } else {
      if (succeeds && inPlace) {
        actions.settle(unit, observed, Applied.of(assignment, TargetState.LAUNCHED));
      } else {
        actions.whenStopped(
            unit, observed, ANOTHER_FILE, () -> install(assignment, observed, ANOTHER_FILE));
      }
    }
  }

  /// The unit is here in the right text, as far as `applied`.
  private void adjust(Assignment assignment, LocalUnit observed, Applied applied) {
    UnitName.Placeable unit = assignment.unit();
    if (assignment.target() != TargetState.LAUNCHED && actions.isStarting(unit, observed)) {
      actions.add(new Stop(unit, NO_LAUNCH));
      return;
    }
    Applied wanted = Applied.of(assignment, assignment.target());
    boolean spoiled = !isInPlace(assignment.file().hash(), observed);
    boolean retried = applied.equals(wanted) && isToBeRetried(assignment, observed);
    boolean due = local.pending().isDue(assignment);
    if ((!spoiled && applied.equals(wanted) && !retried && !due) || !actions.mayAct(unit)) {
      return;
    }
    if (spoiled) {
      actions.add(new Install(assignment, FILE_SPOILED));
    }
    boolean launched = applied.target() == TargetState.LAUNCHED;
    switch (assignment.target()) {
      case LAUNCHED -> {
        if (!launched) {
          launch(assignment, observed);
        } else if (applied.underway() == Underway.STOP) {
          actions.whenStopped(unit, observed, RESTART, () -> actions.start(assignment, RESTART));
        } else if (applied.generation() < assignment.generation()
            || applied.underway() == Underway.RESTART) {
          restart(assignment, observed, applied);
        } else if (applied.underway() == Underway.START) {
          if (observed.phase() == Phase.RESTING && applied.hasRunSince(observed)) {
            actions.add(new Adopt(unit, wanted, AS_IT_SHOULD_BE));
          } else {
            launch(assignment, observed);
          }
        } else if (retried) {
          actions.start(assignment, FAILED);
        } else if (due && !runs(observed)) {
          actions.start(assignment, ORDERED);
        } else if (due) {
          actions.settle(unit, observed, wanted);
        } else if (!applied.equals(wanted)) {
          actions.add(new Adopt(unit, wanted, AS_IT_SHOULD_BE));
        }
      }
      case LOADED, INACTIVE -> {
        if (launched || isToStop(assignment)) {
          lower(assignment, observed, launched ? NO_LAUNCH : ORDERED);
        } else if (due || !applied.equals(wanted)) {
          actions.add(new Adopt(unit, wanted, AS_IT_SHOULD_BE));
        }
      }
    }
  }

  /// Whether somebody has asked that the unit stop, whoever has started it.
  private boolean isToStop(Assignment assignment) {
    return local.pending().isDue(assignment, Order.Kind.STOP);
  }

  private void lower(Assignment assignment, LocalUnit observed, Reason reason) {
    UnitName.Placeable unit = assignment.unit();
    Applied wanted = Applied.of(assignment, assignment.target());
    actions.whenStopped(unit, observed, reason, () -> actions.add(new Adopt(unit, wanted, reason)));
  }

  /// Whether the unit is up, or on its way: not if systemd waits before it starts it once more.
  private static boolean runs(LocalUnit observed) {
    return observed.phase() != Phase.RESTING && !observed.sub().startsWith("auto-restart");
  }

  /// A restart was asked for, and may have been carried out by an agent that did not live to hear
  /// of it. systemd stops nothing that it could not start again; but an exclusive unit starts only
  /// when its switch is armed, and is stopped before that as ever.
  ///
  /// A unit that was destroyed and made anew counts its restarts from one again: that one of this
  /// number was asked for is known by its order.
  private void restart(Assignment assignment, LocalUnit observed, Applied applied) {
    UnitName.Placeable unit = assignment.unit();
    boolean asked =
        applied.underway() == Underway.RESTART
            && applied.generation() == assignment.generation()
            && !local.pending().isUntouched(assignment);
    if (local.pending().refused().contains(unit)) {
      actions.add(new Wait(unit, REFUSED));
    } else if (asked && observed.phase() == Phase.RISING) {
      actions.add(new Wait(unit, JOB_RUNS));
    } else if (asked && observed.phase() != Phase.FALLING && applied.hasRunSince(observed)) {
      actions.add(new Adopt(unit, Applied.of(assignment, TargetState.LAUNCHED), AS_IT_SHOULD_BE));
    } else if (local.permissions().exclusive().contains(unit)
        || observed.phase() == Phase.RESTING
        || observed.phase() == Phase.FALLING) {
      actions.whenStopped(unit, observed, RESTART, () -> actions.start(assignment, RESTART));
    } else if (actions.mayStart(unit)) {
      actions.add(new Restart(assignment, RESTART));
    }
  }

  /// Whether systemd has given up a unit that has a limit of failures: until that is reached it is
  /// started again here, each time after a pause.
  private static boolean isToBeRetried(Assignment assignment, LocalUnit observed) {
    return observed.active().equals("failed")
        && observed.phase() == Phase.RESTING
        && assignment.limitsFailures();
  }

  private void launch(Assignment assignment, LocalUnit observed) {
    switch (observed.phase()) {
      case RESTING -> actions.start(assignment, LAUNCH);
      case RISING, RUNNING, FALLING ->
          actions.settle(assignment.unit(), observed, Applied.of(assignment, TargetState.LAUNCHED));
    }
  }

  private void install(Assignment assignment, LocalUnit observed, Reason reason) {
    if (observed.phase() == Phase.FALLING) {
      actions.add(new Wait(assignment.unit(), STOPPING));
      return;
    }
    actions.add(new Install(assignment, reason));
    if (assignment.target() == TargetState.LAUNCHED) {
      actions.start(assignment, LAUNCH);
    }
  }

  private static boolean isInPlace(UnitHash hash, LocalUnit observed) {
    return observed.file().equals(new OnDisk.Present(hash)) && !observed.load().equals("not-found");
  }
}
