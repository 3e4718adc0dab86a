package fleet.agent;

import fleet.agent.AgentAction.Reason;
import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Starts and stops units, each in a task of its own: one that takes its time delays nobody.
final class UnitJobs {

  private static final Logger LOG = System.getLogger(UnitJobs.class.getName());

  /// How the problem of a unit begins whose start has failed.
  static final String START_FAILED = "its start ended";

  private final Environment environment;
  private final Systemd systemd;
  private final Ledger ledger;
  private final AgentOptions options;
  private final Signal changed;

  /// @param changed raised when a job has ended, and the ledger says how
  UnitJobs(
      Environment environment,
      Systemd systemd,
      Ledger ledger,
      AgentOptions options,
      Signal changed) {
    this.environment = environment;
    this.systemd = systemd;
    this.ledger = ledger;
    this.options = options;
    this.changed = changed;
  }

  /// Starts a unit, if its file could be loaded.
  void start(Assignment assignment, Reason reason) {
    UnitName.Placeable unit = assignment.unit();
    if (!ledger.isLoaded(assignment)) {
      return;
    }
    LOG.log(Level.INFO, () -> "starting unit=" + unit + " reason=\"" + reason.text() + "\"");
    synchronized (ledger) { // so that no job ends before it is noted
      ledger.starts(unit, environment.fork("start " + unit, () -> start(assignment)));
    }
  }

  private void start(Assignment assignment) throws InterruptedException {
    UnitName.Placeable unit = assignment.unit();
    try {
      JobResult result = systemd.start(unit, options.jobLimit());
      if (!ledger.isOvertaken(unit)) {
        started(assignment, result);
      }
    } catch (SystemdException e) {
      if (!ledger.isOvertaken(unit)) {
        startFailed(unit, String.valueOf(e.getMessage()));
      }
    } finally {
      ledger.startEnded(unit);
      changed.raise();
    }
  }

  private void started(Assignment assignment, JobResult result) {
    switch (result) {
      // A start that takes longer than we wait is in systemd's hands. A unit that ran and failed
      // is, too: its Restart= says whether it is started again. If it has a limit of failures, its
      // failure is seen in its state.
      case DONE, SKIPPED, ONCE, UNFINISHED, FAILED ->
          ledger.reached(
              assignment.unit(),
              new Applied(assignment.file().hash(), TargetState.LAUNCHED, assignment.generation()));
      case CANCELED, TIMEOUT, DEPENDENCY, INVALID, ASSERT, UNSUPPORTED, COLLECTED, OTHER -> {
        ledger.notStarted(assignment.unit());
        startFailed(assignment.unit(), START_FAILED + " with \"" + result.text() + "\"");
      }
    }
  }

  /// Stops a unit, also one that is starting. One that has just been stopped and never rested is
  /// let be for a while: something on this machine keeps starting it.
  ///
  /// @param invocation that is to be stopped; empty if none runs yet
  void stop(UnitName.Placeable unit, String invocation, Reason reason) {
    if (ledger.wasStoppedInVain(unit)) {
      failed(unit, "it was stopped and is active again");
      return;
    }
    LOG.log(Level.INFO, () -> "stopping unit=" + unit + " reason=\"" + reason.text() + "\"");
    synchronized (ledger) {
      ledger.stops(unit, environment.fork("stop " + unit, () -> stop(unit, invocation)));
    }
  }

  private void stop(UnitName.Placeable unit, String invocation) throws InterruptedException {
    try {
      stopped(unit, systemd.stop(unit, invocation, options.jobLimit()));
    } catch (SystemdException e) {
      failed(unit, String.valueOf(e.getMessage()));
    } finally {
      ledger.stopEnded(unit);
      changed.raise();
    }
  }

  private void stopped(UnitName.Placeable unit, JobResult result) {
    switch (result) {
      case DONE -> ledger.stopped(unit);
      case UNFINISHED -> {} // seen for as long as it lasts
      case CANCELED,
          TIMEOUT,
          FAILED,
          DEPENDENCY,
          SKIPPED,
          INVALID,
          ASSERT,
          UNSUPPORTED,
          COLLECTED,
          ONCE,
          OTHER ->
          failed(unit, "its stop ended with \"" + result.text() + "\"");
    }
  }

  private void startFailed(UnitName.Placeable unit, String problem) {
    warn(unit, problem, ledger.startFailed(unit, problem));
  }

  /// Notes that something could not be done to a unit, and says so.
  void failed(UnitName.Placeable unit, String problem) {
    warn(unit, problem, ledger.failed(unit, problem));
  }

  private static void warn(UnitName.Placeable unit, String problem, Duration pause) {
    long pauseMillis = pause.toMillis();
    LOG.log(
        Level.WARNING,
        () ->
            "failed unit=" + unit + " again-in-ms=" + pauseMillis + " reason=\"" + problem + "\"");
  }
}
