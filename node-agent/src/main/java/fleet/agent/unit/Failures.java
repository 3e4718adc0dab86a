package fleet.agent.unit;

import fleet.agent.systemd.LocalUnit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;

/// Notes failures in the records of units, each with the time at which the next attempt is due.
///
/// @param first how long a unit is left alone after its first failure
/// @param longest how long at most
/// @param jitter what chance makes of a pause, so that units that fail together are not tried
///     together
/// @param clock what the clock says now, for people to read
public record Failures(
    Duration first, Duration longest, UnaryOperator<Duration> jitter, Instant clock) {

  /// @param pause how long the unit is left alone
  public record Noted(UnitRecord record, Duration pause) {}

  /// An attempt at a unit has failed.
  ///
  /// @param ofStart whether that was a start which systemd has carried out, in vain
  /// @param at when, by [fleet.cluster.env.Environment#uptime]
  public Noted ofAttempt(UnitRecord record, String problem, boolean ofStart, Duration at) {
    Duration pause = jitter.apply(record.pause(first, longest));
    return new Noted(record.failed(problem, ofStart, at.plus(pause)), pause);
  }

  /// An attempt to start a unit has failed. One that has a limit of failures has failed once more.
  ///
  /// @param ended whether systemd has carried out the start, in vain
  /// @param at when, by [fleet.cluster.env.Environment#uptime]
  public Noted ofStart(UnitRecord record, String problem, boolean ended, Duration at) {
    return record
        .counter()
        .map(counter -> counted(record, counter, problem, ended, at))
        .orElseGet(() -> ofAttempt(record, problem, ended, at));
  }

  /// A unit, whose start has been carried out, has been looked at.
  ///
  /// @param now by [fleet.cluster.env.Environment#uptime]
  public UnitRecord seen(UnitRecord record, LocalUnit seen, Duration now) {
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
    Duration pause = jitter.apply(counter.pause(first));
    Duration until = at.plus(pause);
    String shown = clock.plus(pause).truncatedTo(ChronoUnit.SECONDS).toString();
    return new Noted(record.counting(counter.failed(problem, ofStart, until, shown)), pause);
  }
}
