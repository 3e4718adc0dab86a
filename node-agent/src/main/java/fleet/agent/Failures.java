package fleet.agent;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.unit.FailureCounter;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.env.Environment;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/// Notes failures in the records of units, each with the time at which the next attempt is due:
/// with a jitter, so that units that fail together are not tried together.
final class Failures {

  /// @param pause how long the unit is left alone
  record Noted(UnitRecord record, Duration pause) {}

  private final Environment environment;
  private final AgentOptions options;

  Failures(Environment environment, AgentOptions options) {
    this.environment = environment;
    this.options = options;
  }

  /// An attempt at a unit has failed.
  ///
  /// @param ofStart whether that was a start which systemd has carried out, in vain
  /// @param at when, by [Environment#uptime]
  Noted ofAttempt(UnitRecord record, String problem, boolean ofStart, Duration at) {
    Duration pause = record.pause(options.firstBackOff(), options.longestBackOff());
    pause = Jitter.around(pause, environment);
    return new Noted(record.failed(problem, ofStart, at.plus(pause)), pause);
  }

  /// An attempt to start a unit has failed. One that has a limit of failures has failed once more.
  ///
  /// @param ended whether systemd has carried out the start, in vain
  /// @param at when, by [Environment#uptime]
  Noted ofStart(UnitRecord record, String problem, boolean ended, Duration at) {
    return record
        .counter()
        .map(counter -> counted(record, counter, problem, ended, at))
        .orElseGet(() -> ofAttempt(record, problem, ended, at));
  }

  /// A unit, whose start has been carried out, has been looked at.
  UnitRecord seen(UnitRecord record, LocalUnit seen) {
    Duration now = environment.uptime();
    return record
        .counter()
        .map(
            counter ->
                counter.hasFailed(seen)
                    ? counted(record, counter, "it has failed", false, now).record()
                    : record.counting(counter.seen(seen, now)))
        .orElse(record);
  }

  private Noted counted(
      UnitRecord record, FailureCounter counter, String problem, boolean ofStart, Duration at) {
    Duration pause = Jitter.around(counter.pause(options.firstBackOff()), environment);
    Duration until = at.plus(pause);
    String shown = environment.now().plus(pause).truncatedTo(ChronoUnit.SECONDS).toString();
    return new Noted(record.counting(counter.failed(problem, ofStart, until, shown)), pause);
  }
}
