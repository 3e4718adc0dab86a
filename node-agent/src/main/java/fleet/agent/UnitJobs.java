package fleet.agent;

import fleet.agent.pace.AgentOptions;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.agent.unit.Applied;
import fleet.agent.unit.UnitEvent;
import fleet.agent.unit.UnitEvent.RestartEnded;
import fleet.agent.unit.UnitEvent.StartEnd;
import fleet.agent.unit.UnitEvent.StartEnded;
import fleet.agent.unit.UnitEvent.StopEnd;
import fleet.agent.unit.UnitEvent.StopEnded;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Task;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// Starts and stops units, each in a task of its own: one that takes its time delays nobody. The
/// tasks offer what came of it to the inbox, and change nothing.
///
/// All methods are for the loop that owns the records of units.
final class UnitJobs {

  private static final Logger LOG = System.getLogger(UnitJobs.class.getName());

  private final Environment environment;
  private final Systemd systemd;
  private final AgentOptions options;
  private final Inbox inbox;
  private final Aftermath aftermath;
  private final TreeMap<UnitName.Placeable, Start> starts = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, Task> stops = new TreeMap<>();

  /// @param overtaken whether the unit was told to stop since: how the start ends is of no interest
  private record Start(Task task, AtomicBoolean overtaken) {}

  /// What a start or restart asks of systemd, and finds out after that.
  private interface Attempt {
    StartEnd make(AtomicBoolean overtaken) throws InterruptedException;
  }

  /// @param inbox where to tell how jobs have ended
  UnitJobs(Environment environment, Systemd systemd, AgentOptions options, Inbox inbox) {
    this.environment = environment;
    this.systemd = systemd;
    this.options = options;
    this.inbox = inbox;
    this.aftermath = new Aftermath(environment, systemd);
  }

  /// Starts a unit whose file is loaded.
  ///
  /// @param before the invocation that it was in last; empty if none is known
  /// @param files of all that is assigned here: what it needs may be among it
  void start(
      Assignment assignment,
      String before,
      SortedMap<UnitName.Placeable, UnitFile> files,
      Reason reason) {
    UnitName.Placeable unit = assignment.unit();
    LOG.log(Level.INFO, () -> "starting unit=" + unit + " reason=\"" + reason.text() + "\"");
    fork(
        "start ",
        assignment,
        overtaken -> started(assignment, before, files, overtaken),
        end -> new StartEnded(assignment, end, environment.uptime()));
  }

  private void fork(
      String what, Assignment assignment, Attempt attempt, Function<StartEnd, UnitEvent> event) {
    UnitName.Placeable unit = assignment.unit();
    var overtaken = new AtomicBoolean();
    Task task =
        environment.fork(
            what + unit,
            () -> {
              StartEnd end = new StartEnd.Unknown("its start was given up");
              try {
                end = attempt.make(overtaken);
              } catch (SystemdException.Refused e) {
                end = new StartEnd.Refused(String.valueOf(e.getMessage()));
              } catch (SystemdException e) {
                end = new StartEnd.Unknown(String.valueOf(e.getMessage()));
              } finally {
                inbox.offer(event.apply(end));
              }
            });
    starts.put(unit, new Start(task, overtaken));
  }

  private StartEnd started(
      Assignment assignment,
      String before,
      SortedMap<UnitName.Placeable, UnitFile> files,
      AtomicBoolean overtaken)
      throws InterruptedException {
    JobResult result = systemd.start(assignment.unit(), options.jobLimit());
    return overtaken.get() ? new StartEnd.Started() : end(assignment, before, files, result);
  }

  private StartEnd end(
      Assignment assignment,
      String before,
      SortedMap<UnitName.Placeable, UnitFile> files,
      JobResult result)
      throws InterruptedException {
    // A unit that ran and failed is in systemd's hands: its Restart= says whether it is started
    // again. If it has a limit of failures, its failure is seen in its state.
    return result.hasStarted()
            || (result == JobResult.FAILED && aftermath.hasRun(assignment, before))
        ? new StartEnd.Started()
        : aftermath.notStarted(assignment, files, result);
  }

  /// Has a unit whose file is loaded run anew, if systemd could start it.
  ///
  /// @param invocation that is to end; empty if none is known
  /// @param was what had been done before
  /// @param files of all that is assigned here: what it needs may be among it
  void restart(
      Assignment assignment,
      String invocation,
      Applied was,
      SortedMap<UnitName.Placeable, UnitFile> files,
      Reason reason) {
    UnitName.Placeable unit = assignment.unit();
    LOG.log(Level.INFO, () -> "restarting unit=" + unit + " reason=\"" + reason.text() + "\"");
    fork(
        "restart ",
        assignment,
        overtaken -> restarted(assignment, invocation, files, overtaken),
        end -> new RestartEnded(assignment, was, end, environment.uptime()));
  }

  private StartEnd restarted(
      Assignment assignment,
      String invocation,
      SortedMap<UnitName.Placeable, UnitFile> files,
      AtomicBoolean overtaken)
      throws InterruptedException {
    JobResult result = systemd.restart(assignment.unit(), invocation, options.jobLimit());
    if (overtaken.get()) {
      return new StartEnd.Started();
    }
    return !result.hasStarted() && aftermath.stillRuns(assignment.unit(), invocation)
        ? new StartEnd.Refused(aftermath.words(assignment, files, result))
        : end(assignment, invocation, files, result);
  }

  /// The unit is about to be stopped: how its start ends is of no interest.
  void overtake(UnitName.Placeable unit) {
    Start start = starts.get(unit);
    if (start != null) {
      start.overtaken().set(true);
    }
  }

  /// Stops a unit, also one that is starting.
  ///
  /// @param invocation that is to be stopped; empty if none runs yet
  /// @param order by which it is stopped
  void stop(UnitName.Placeable unit, String invocation, Optional<Order> order, Reason reason) {
    LOG.log(Level.INFO, () -> "stopping unit=" + unit + " reason=\"" + reason.text() + "\"");
    stops.put(
        unit,
        environment.fork(
            "stop " + unit,
            () -> {
              StopEnd end = new StopEnd.Unknown("its stop was given up");
              try {
                end = stopped(systemd.stop(unit, invocation, options.jobLimit()));
              } catch (SystemdException.Refused e) {
                end = new StopEnd.NotStopped(String.valueOf(e.getMessage()));
              } catch (SystemdException e) {
                end = new StopEnd.Unknown(String.valueOf(e.getMessage()));
              } finally {
                inbox.offer(new StopEnded(unit, order, end, environment.uptime()));
              }
            }));
  }

  private static StopEnd stopped(JobResult result) {
    return switch (result) {
      case DONE -> new StopEnd.Stopped();
      case UNFINISHED -> new StopEnd.Unfinished();
      default -> new StopEnd.NotStopped("its stop ended with \"" + result.text() + "\"");
    };
  }

  /// Forgets jobs that have ended.
  void ended(UnitEvent event) {
    switch (event) {
      case StartEnded ended -> starts.remove(ended.assignment().unit());
      case RestartEnded ended -> starts.remove(ended.assignment().unit());
      case StopEnded ended -> stops.remove(ended.unit());
      case UnitEvent.Assigned _, UnitEvent.Leaving _ -> {}
    }
  }

  /// Gives up waiting for all jobs; systemd carries them on.
  void interrupt() {
    starts.values().forEach(start -> start.task().interrupt());
    stops.values().forEach(Task::interrupt);
  }
}
