package fleet.agent;

import fleet.agent.reconcile.Step;
import fleet.agent.systemd.JobResult;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Failures;
import fleet.agent.unit.Problems;
import fleet.agent.unit.UnitEvent;
import fleet.agent.unit.UnitEvent.Assigned;
import fleet.agent.unit.UnitEvent.Leaving;
import fleet.agent.unit.UnitEvent.RestartEnded;
import fleet.agent.unit.UnitEvent.StartEnd;
import fleet.agent.unit.UnitEvent.StartEnded;
import fleet.agent.unit.UnitEvent.StopEnd;
import fleet.agent.unit.UnitEvent.StopEnded;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Outcome.Result;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/// Takes note of what has happened to units, in their records, in their orders, and, if something
/// has failed, in the log. For the loop that owns the records.
final class JobOutcomes {

  private static final Logger LOG = System.getLogger(JobOutcomes.class.getName());

  private final UnitTable table;

  JobOutcomes(UnitTable table) {
    this.table = table;
  }

  void take(UnitEvent event) {
    switch (event) {
      case Assigned(var assignments, var illegible, var withheld, var lease) ->
          table.assign(assignments, illegible, withheld, lease);
      case Leaving() -> table.leave();
      case StartEnded(var assignment, var end, var at) -> {
        // How a start ends is of no interest once the unit has been told to stop.
        if (!table.isOvertaken(assignment.unit())) {
          started(assignment, end, at);
        }
        table.note(assignment.unit(), UnitRecord::startEnded);
      }
      case RestartEnded(var assignment, var was, var end, var at) -> {
        if (!table.isOvertaken(assignment.unit())) {
          restarted(assignment, was, end, at);
        }
        table.note(assignment.unit(), UnitRecord::startEnded);
      }
      case StopEnded(var unit, var order, var end, var at) -> {
        stopped(unit, order, end, at);
        table.note(unit, UnitRecord::stopEnded);
      }
    }
  }

  private void started(Assignment assignment, StartEnd end, Duration at) {
    UnitName.Placeable unit = assignment.unit();
    switch (end) {
      case StartEnd.Started() -> {
        var reached = Applied.of(assignment, TargetState.LAUNCHED);
        table.note(unit, record -> record.reached(reached));
        table.order(unit, known -> known.started(assignment.order(), at));
      }
      case StartEnd.NotStarted(var result, var words, var lacking) -> {
        if (result == JobResult.DEPENDENCY) {
          table.order(unit, known -> known.lacking(lacking));
        }
        table.note(unit, UnitRecord::notStarted);
        String problem = "its start ended with \"" + result.text() + "\": " + words;
        startFailed(unit, problem, true, at);
        ended(assignment, Result.NOT_STARTED, words, at);
      }
      case StartEnd.Refused(var words) -> {
        startFailed(unit, words, false, at);
        ended(assignment, Result.NOT_STARTED, words, at);
      }
      case StartEnd.Unknown(var words) -> {
        startFailed(unit, words, false, at);
        table.order(unit, known -> known.inDoubt(assignment.order()));
      }
    }
  }

  private void restarted(Assignment assignment, Applied was, StartEnd end, Duration at) {
    switch (end) {
      case StartEnd.Started _, StartEnd.NotStarted _ -> started(assignment, end, at);
      case StartEnd.Refused(var words) -> {
        table.note(assignment.unit(), record -> record.notRestarted(was));
        refused(assignment, words, at);
      }
      case StartEnd.Unknown(var words) -> {
        failed(assignment.unit(), words, at);
        table.order(assignment.unit(), known -> known.inDoubt(assignment.order()));
      }
    }
  }

  /// systemd would not have what runs of a unit run anew, or in another text. Whoever has ordered
  /// it may order it again; what nobody has ordered is tried again.
  void refused(Assignment assignment, String words, Duration at) {
    UnitName.Placeable unit = assignment.unit();
    failed(unit, Problems.REFUSED + words, at);
    ended(assignment, Result.REFUSED, words, at);
  }

  private void stopped(UnitName.Placeable unit, Optional<Order> order, StopEnd end, Duration at) {
    switch (end) {
      case StopEnd.Stopped() -> {
        table.note(unit, UnitRecord::stopped);
        if (order.filter(Step::endsWithAStop).isPresent()) {
          table.order(unit, known -> known.settled(order, at));
        }
      }
      case StopEnd.Unfinished() -> table.order(unit, known -> known.inDoubt(order));
      case StopEnd.NotStopped(var words) -> notStopped(unit, order, words, at);
      case StopEnd.Unknown(var words) -> {
        failed(unit, words, at);
        table.order(unit, known -> known.inDoubt(order));
      }
    }
  }

  /// A unit could not be stopped.
  void notStopped(UnitName.Placeable unit, Optional<Order> order, String problem, Duration at) {
    failed(unit, problem, at);
    table.order(unit, known -> known.ended(order, Result.FAILED, problem, at));
  }

  /// The text of a unit could not be put in its place, or systemd has not read it.
  void notInstalled(Assignment assignment, String problem, Duration at) {
    UnitName.Placeable unit = assignment.unit();
    failed(unit, problem, at);
    boolean start = assignment.target() == TargetState.LAUNCHED;
    Result result = start ? Result.NOT_STARTED : Result.REFUSED;
    ended(assignment, result, problem, at);
  }

  private void ended(Assignment assignment, Result result, String words, Duration at) {
    table.order(assignment.unit(), known -> known.ended(assignment.order(), result, words, at));
  }

  /// Something could not be done to a unit.
  ///
  /// @param at when, by [Environment#uptime]
  void failed(UnitName.Placeable unit, String problem, Duration at) {
    note(unit, problem, table.failures().ofAttempt(table.record(unit), problem, false, at));
  }

  /// An attempt to start a unit has failed. One that has a limit of failures has failed once more.
  ///
  /// @param ended whether systemd has carried out the start, in vain
  private void startFailed(UnitName.Placeable unit, String problem, boolean ended, Duration at) {
    note(unit, problem, table.failures().ofStart(table.record(unit), problem, ended, at));
  }

  private void note(UnitName.Placeable unit, String problem, Failures.Noted failure) {
    table.note(unit, _ -> failure.record());
    warn(unit, problem, failure.pause());
  }

  private static void warn(UnitName.Placeable unit, String problem, Duration pause) {
    long pauseMillis = pause.toMillis();
    LOG.log(
        Level.WARNING,
        () ->
            "failed unit=" + unit + " again-in-ms=" + pauseMillis + " reason=\"" + problem + "\"");
  }
}
