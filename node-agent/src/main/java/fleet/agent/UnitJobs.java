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
    if (ledger.isLoaded(assignment)) {
      LOG.log(Level.INFO, () -> "starting unit=" + unit + " reason=\"" + reason.text() + "\"");
      perform("start", unit, () -> started(assignment, systemd.start(unit, options.jobLimit())));
    }
  }

  private void started(Assignment assignment, JobResult result) {
    switch (result) {
      // A start that takes longer than we wait is in systemd's hands.
      case DONE, SKIPPED, ONCE, UNFINISHED ->
          ledger.reached(
              assignment.unit(),
              new Applied(assignment.file().hash(), TargetState.LAUNCHED, assignment.generation()));
      case CANCELED, TIMEOUT, FAILED, DEPENDENCY, INVALID, ASSERT, UNSUPPORTED, COLLECTED, OTHER ->
          failed(assignment.unit(), START_FAILED + " with \"" + result.text() + "\"");
    }
  }

  /// Stops a unit. One that has just been stopped and never rested is let be for a while: something
  /// on this machine keeps starting it.
  void stop(UnitName.Placeable unit, Reason reason) {
    if (ledger.wasStoppedInVain(unit)) {
      failed(unit, "it was stopped and is active again");
      return;
    }
    LOG.log(Level.INFO, () -> "stopping unit=" + unit + " reason=\"" + reason.text() + "\"");
    perform("stop", unit, () -> stopped(unit, systemd.stop(unit, options.jobLimit())));
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

  private void perform(String what, UnitName.Placeable unit, Environment.Body job) {
    synchronized (ledger) { // so that no job ends before it is noted
      ledger.began(
          unit,
          environment.fork(
              what + " " + unit,
              () -> {
                try {
                  job.run();
                } catch (SystemdException e) {
                  failed(unit, String.valueOf(e.getMessage()));
                } finally {
                  ledger.ended(unit);
                  changed.raise();
                }
              }));
    }
  }

  /// Notes that something could not be done to a unit, and says so.
  void failed(UnitName.Placeable unit, String problem) {
    long pauseMillis = ledger.failed(unit, problem).toMillis();
    LOG.log(
        Level.WARNING,
        () ->
            "failed unit=" + unit + " again-in-ms=" + pauseMillis + " reason=\"" + problem + "\"");
  }
}
