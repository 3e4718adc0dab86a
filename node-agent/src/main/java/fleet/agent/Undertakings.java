package fleet.agent;

import fleet.agent.reconcile.AgentAction;
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
import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.reconcile.Step;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.Assignment;
import fleet.cluster.env.Environment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Does what was decided: it writes and deletes files itself, and leaves starts and stops to
/// [UnitJobs]. For one thread.
final class Undertakings {

  private static final Logger LOG = System.getLogger(Undertakings.class.getName());

  private final Environment environment;
  private final UnitTable table;
  private final LeaseGuard guard;
  private final AppliedLog appliedLog;
  private final UnitJobs jobs;
  private final JobOutcomes outcomes;
  private final FileChanges files;
  private final Tryout tryout;

  Undertakings(
      Environment environment,
      UnitTable table,
      LeaseGuard guard,
      AppliedLog appliedLog,
      UnitJobs jobs,
      JobOutcomes outcomes,
      FileChanges files,
      Tryout tryout) {
    this.environment = environment;
    this.table = table;
    this.guard = guard;
    this.appliedLog = appliedLog;
    this.jobs = jobs;
    this.outcomes = outcomes;
    this.files = files;
    this.tryout = tryout;
  }

  /// Does all that a step says.
  ///
  /// @return whether what was seen is no longer true, and no signal will tell
  boolean carryOut(Step step) throws InterruptedException {
    LocalSnapshot local = step.local();
    List<AgentAction> actions = step.ready().noted(appliedLog::note);
    var toInstall = new TreeMap<UnitName.Placeable, Assignment>();
    var toRemove = new TreeSet<UnitName.Placeable>();
    var starts = new ArrayList<AgentAction>();
    var tries = new TreeMap<UnitName.Placeable, Assignment>();
    boolean unseen = false;
    for (AgentAction action : actions) {
      switch (action) {
        case Stop stop -> stop(stop, local);
        case Install(var assignment, var reason) -> {
          toInstall.put(assignment.unit(), assignment);
          log(Level.INFO, "installing", assignment.unit(), reason);
        }
        case Remove(var unit, var reason) -> {
          toRemove.add(unit);
          log(Level.INFO, "removing", unit, reason);
        }
        case Reload() -> {
          files.change(toInstall, toRemove);
          unseen = true;
        }
        case Adopt(var unit, _, var reason) -> {
          log(Level.INFO, "adopting", unit, reason);
          unseen = true;
        }
        case Start _, Restart _ -> starts.add(action);
        case Try(var assignment, _) -> tries.put(assignment.unit(), assignment);
        case Wait(var unit, var reason) -> log(Level.DEBUG, "waiting", unit, reason);
      }
    }
    if (!starts.isEmpty()) {
      start(starts, local);
    }
    if (!tries.isEmpty()) {
      tryout.run(tries, local);
      unseen = true;
    }
    return unseen;
  }

  /// Stops a unit. One that has just been stopped and never rested is let be for a while: something
  /// on this machine keeps starting it.
  private void stop(Stop stop, LocalSnapshot local) {
    UnitName.Placeable unit = stop.unit();
    jobs.overtake(unit);
    if (table.wasStoppedInVain(unit)) {
      outcomes.notStopped(
          unit, local.order(unit), "it was stopped and is active again", environment.uptime());
      return;
    }
    jobs.stop(unit, local.invocation(unit), local.order(unit), stop.reason());
    table.note(unit, UnitRecord::stopBegan);
  }

  /// Files have been loaded by now.
  private void start(List<AgentAction> starts, LocalSnapshot local) {
    var ready = Step.starts(table.records(), starts, local, guard.disturbances());
    var texts = new TreeMap<UnitName.Placeable, UnitFile>();
    local.assigned().forEach((unit, assignment) -> texts.put(unit, assignment.file()));
    for (AgentAction action : ready.noted(appliedLog::note)) {
      switch (action) {
        case Start(var assignment, var reason) -> {
          jobs.start(assignment, local.lastInvocation(assignment.unit()), texts, reason);
          table.note(assignment.unit(), UnitRecord::startBegan);
        }
        case Restart restart -> restart(restart, local, texts);
        case Stop _, Install _, Remove _, Reload _, Adopt _, Try _, Wait _ ->
            throw new IllegalStateException("no start: " + action);
      }
    }
  }

  private void restart(
      Restart restart, LocalSnapshot local, SortedMap<UnitName.Placeable, UnitFile> texts) {
    UnitName.Placeable unit = restart.assignment().unit();
    var was = Objects.requireNonNull(local.applied().get(unit));
    jobs.restart(restart.assignment(), local.invocation(unit), was, texts, restart.reason());
    table.note(unit, UnitRecord::startBegan);
  }

  private static void log(Level level, String what, UnitName.Placeable unit, Reason reason) {
    LOG.log(level, () -> what + " unit=" + unit + " reason=\"" + reason.text() + "\"");
  }
}
