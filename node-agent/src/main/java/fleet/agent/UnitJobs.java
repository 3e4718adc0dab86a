package fleet.agent;

import fleet.agent.AgentAction.Reason;
import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Problems;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Outcome.Result;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Environment.Task;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/// Starts and stops units, each in a task of its own: one that takes its time delays nobody.
final class UnitJobs {

  private static final Logger LOG = System.getLogger(UnitJobs.class.getName());

  private final Environment environment;
  private final Systemd systemd;
  private final UnitTable table;
  private final AgentOptions options;
  private final Signal changed;
  private final Aftermath aftermath;

  /// The tasks that wait for systemd. Guarded by the table, so that no job ends before it is noted.
  private final TreeMap<UnitName.Placeable, Task> starts = new TreeMap<>();

  private final TreeMap<UnitName.Placeable, Task> stops = new TreeMap<>();

  /// @param changed raised when a job has ended, and the table says how
  UnitJobs(
      Environment environment,
      Systemd systemd,
      UnitTable table,
      AgentOptions options,
      Signal changed) {
    this.environment = environment;
    this.systemd = systemd;
    this.table = table;
    this.options = options;
    this.changed = changed;
    this.aftermath = new Aftermath(environment, systemd, table);
  }

  /// Starts a unit, if its file could be loaded.
  ///
  /// @param before the invocation that it was in last; empty if none is known
  void start(Assignment assignment, String before, Reason reason) {
    UnitName.Placeable unit = assignment.unit();
    if (!table.isLoaded(assignment)) {
      return;
    }
    LOG.log(Level.INFO, () -> "starting unit=" + unit + " reason=\"" + reason.text() + "\"");
    synchronized (table) {
      starts.put(unit, environment.fork("start " + unit, () -> start(assignment, before)));
      table.note(unit, UnitRecord::startBegan);
    }
  }

  private void start(Assignment assignment, String before) throws InterruptedException {
    UnitName.Placeable unit = assignment.unit();
    try {
      JobResult result = systemd.start(unit, options.jobLimit());
      if (!table.isOvertaken(unit)) {
        started(assignment, before, result);
      }
    } catch (SystemdException.Refused e) {
      if (!table.isOvertaken(unit)) {
        startFailed(assignment, String.valueOf(e.getMessage()));
      }
    } catch (SystemdException e) {
      if (!table.isOvertaken(unit)) {
        String problem = String.valueOf(e.getMessage());
        warn(unit, problem, table.startFailed(unit, problem, false));
        table.orders().inDoubt(unit, assignment.order());
      }
    } finally {
      startEnded(unit);
    }
  }

  private void startEnded(UnitName.Placeable unit) {
    synchronized (table) {
      starts.remove(unit);
      table.note(unit, UnitRecord::startEnded);
    }
    changed.raise();
  }

  /// Gives up waiting for all jobs; systemd carries them on.
  void interrupt() {
    synchronized (table) {
      starts.values().forEach(Task::interrupt);
      stops.values().forEach(Task::interrupt);
    }
  }

  private void started(Assignment assignment, String before, JobResult result)
      throws InterruptedException {
    switch (result) {
      // A start that takes longer than we wait is in systemd's hands.
      case DONE, SKIPPED, ONCE, UNFINISHED -> reached(assignment);
      // A unit that ran and failed is, too: its Restart= says whether it is started again. If it
      // has a limit of failures, its failure is seen in its state.
      case FAILED -> {
        if (aftermath.hasRun(assignment, before)) {
          reached(assignment);
        } else {
          notStarted(assignment, result);
        }
      }
      case CANCELED, TIMEOUT, DEPENDENCY, INVALID, ASSERT, UNSUPPORTED, COLLECTED, OTHER ->
          notStarted(assignment, result);
    }
  }

  private void reached(Assignment assignment) {
    synchronized (table) {
      table.note(
          assignment.unit(),
          record -> record.reached(Applied.of(assignment, TargetState.LAUNCHED)));
      table.orders().started(assignment.unit(), assignment.order());
    }
  }

  private void notStarted(Assignment assignment, JobResult result) throws InterruptedException {
    UnitName.Placeable unit = assignment.unit();
    if (result == JobResult.DEPENDENCY) {
      var failed = aftermath.failedOf(assignment);
      table.orders().lacks(unit, failed);
    }
    String words = aftermath.words(assignment, result);
    table.note(unit, UnitRecord::notStarted);
    String problem = "its start ended with \"" + result.text() + "\": " + words;
    warn(unit, problem, table.startFailed(unit, problem, true));
    table.orders().ended(unit, assignment.order(), Result.NOT_STARTED, words);
  }

  /// systemd has not even tried to start the unit.
  private void startFailed(Assignment assignment, String problem) {
    UnitName.Placeable unit = assignment.unit();
    warn(unit, problem, table.startFailed(unit, problem, false));
    table.orders().ended(unit, assignment.order(), Result.NOT_STARTED, problem);
  }

  /// Has a unit run anew, if its file could be loaded, and if systemd could start it.
  ///
  /// @param invocation that is to end; empty if none is known
  /// @param was what had been done before
  void restart(Assignment assignment, String invocation, Applied was, Reason reason) {
    UnitName.Placeable unit = assignment.unit();
    if (!table.isLoaded(assignment)) {
      return;
    }
    LOG.log(Level.INFO, () -> "restarting unit=" + unit + " reason=\"" + reason.text() + "\"");
    synchronized (table) {
      starts.put(
          unit, environment.fork("restart " + unit, () -> restart(assignment, invocation, was)));
      table.note(unit, UnitRecord::startBegan);
    }
  }

  private void restart(Assignment assignment, String invocation, Applied was)
      throws InterruptedException {
    UnitName.Placeable unit = assignment.unit();
    try {
      JobResult result = systemd.restart(unit, invocation, options.jobLimit());
      if (table.isOvertaken(unit)) {
        return;
      }
      switch (result) {
        case DONE, SKIPPED, ONCE, UNFINISHED -> reached(assignment);
        case FAILED,
            CANCELED,
            TIMEOUT,
            DEPENDENCY,
            INVALID,
            ASSERT,
            UNSUPPORTED,
            COLLECTED,
            OTHER -> {
          if (aftermath.stillRuns(unit, invocation)) {
            notRestarted(assignment, was, aftermath.words(assignment, result));
          } else {
            started(assignment, invocation, result);
          }
        }
      }
    } catch (SystemdException.Refused e) {
      notRestarted(assignment, was, String.valueOf(e.getMessage()));
    } catch (SystemdException e) {
      failed(unit, String.valueOf(e.getMessage()));
      table.orders().inDoubt(unit, assignment.order());
    } finally {
      startEnded(unit);
    }
  }

  private void notRestarted(Assignment assignment, Applied was, String words) {
    table.note(assignment.unit(), record -> record.notRestarted(was));
    refused(assignment, words);
  }

  /// systemd would not have what runs of a unit run anew, or in another text. Whoever has ordered
  /// it may order it again; what nobody has ordered is tried again.
  void refused(Assignment assignment, String words) {
    failed(assignment.unit(), Problems.REFUSED + words);
    table.orders().ended(assignment.unit(), assignment.order(), Result.REFUSED, words);
  }

  /// Stops a unit, also one that is starting. One that has just been stopped and never rested is
  /// let be for a while: something on this machine keeps starting it.
  ///
  /// @param invocation that is to be stopped; empty if none runs yet
  /// @param order by which it is stopped
  void stop(UnitName.Placeable unit, String invocation, Optional<Order> order, Reason reason) {
    if (table.wasStoppedInVain(unit)) {
      stopFailed(unit, order, "it was stopped and is active again");
      return;
    }
    LOG.log(Level.INFO, () -> "stopping unit=" + unit + " reason=\"" + reason.text() + "\"");
    synchronized (table) {
      stops.put(unit, environment.fork("stop " + unit, () -> stop(unit, invocation, order)));
      table.note(unit, UnitRecord::stopBegan);
    }
  }

  private void stop(UnitName.Placeable unit, String invocation, Optional<Order> order)
      throws InterruptedException {
    try {
      stopped(unit, order, systemd.stop(unit, invocation, options.jobLimit()));
    } catch (SystemdException.Refused e) {
      stopFailed(unit, order, String.valueOf(e.getMessage()));
    } catch (SystemdException e) {
      failed(unit, String.valueOf(e.getMessage()));
      table.orders().inDoubt(unit, order);
    } finally {
      synchronized (table) {
        stops.remove(unit);
        table.note(unit, UnitRecord::stopEnded);
      }
      changed.raise();
    }
  }

  private void stopped(UnitName.Placeable unit, Optional<Order> order, JobResult result) {
    switch (result) {
      case DONE -> {
        synchronized (table) {
          table.note(unit, UnitRecord::stopped);
          if (order.filter(UnitJobs::endsWithAStop).isPresent()) {
            table.orders().settled(unit, order);
          }
        }
      }
      // Seen for as long as it lasts.
      case UNFINISHED -> table.orders().inDoubt(unit, order);
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
          stopFailed(unit, order, "its stop ended with \"" + result.text() + "\"");
    }
  }

  private void stopFailed(UnitName.Placeable unit, Optional<Order> order, String problem) {
    failed(unit, problem);
    table.orders().ended(unit, order, Result.FAILED, problem);
  }

  /// Whether an order is carried out when its unit has been stopped.
  static boolean endsWithAStop(Order order) {
    return switch (order.kind()) {
      case STOP, LOAD -> true;
      case START, RESTART -> false;
    };
  }

  /// The text of a unit could not be put in its place, or systemd has not read it.
  void notInstalled(Assignment assignment, String problem) {
    failed(assignment.unit(), problem);
    Optional<Order> order = assignment.order();
    boolean start = assignment.target() == TargetState.LAUNCHED;
    table
        .orders()
        .ended(assignment.unit(), order, start ? Result.NOT_STARTED : Result.REFUSED, problem);
  }

  /// Notes that something could not be done to a unit, and says so.
  void failed(UnitName.Placeable unit, String problem) {
    warn(unit, problem, table.failed(unit, problem));
  }

  private static void warn(UnitName.Placeable unit, String problem, Duration pause) {
    long pauseMillis = pause.toMillis();
    LOG.log(
        Level.WARNING,
        () ->
            "failed unit=" + unit + " again-in-ms=" + pauseMillis + " reason=\"" + problem + "\"");
  }
}
