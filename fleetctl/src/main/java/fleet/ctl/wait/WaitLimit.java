package fleet.ctl.wait;

import fleet.cluster.env.Spans;
import java.time.Duration;
import java.util.Optional;

/// How long somebody is willing to wait.
///
/// @param limit after which to give up; empty for as long as it takes
/// @param forPlacement whether to wait also for what no machine can take now
public record WaitLimit(Optional<Duration> limit, boolean forPlacement) {

  /// fleet 1.0's unit for `--block-attempts`.
  private static final Duration ATTEMPT = Duration.ofSeconds(2);

  /// What `--block-attempts` and `--timeout` say together; of two limits the shorter counts.
  ///
  /// @param attempts how long to wait at most, in units of two seconds, also for what no machine
  ///     can take; no limit if not above 0
  /// @param timeout no limit if zero
  public static WaitLimit of(int attempts, Duration timeout) {
    Optional<Duration> limit = timeout.isZero() ? Optional.empty() : Optional.of(timeout);
    if (attempts > 0) {
      Duration ofAttempts = ATTEMPT.multipliedBy(attempts);
      limit = Optional.of(limit.isEmpty() ? ofAttempts : Spans.shorter(limit.get(), ofAttempts));
    }
    return new WaitLimit(limit, attempts > 0);
  }

  /// Whether it has come to its end after that long.
  boolean endsAfter(Duration waited) {
    return limit.isPresent() && waited.compareTo(limit.get()) >= 0;
  }

  /// The pause to make: `pause`, or less if there is less left of the limit.
  Duration left(Duration pause, Duration waited) {
    if (limit.isEmpty()) {
      return pause;
    }
    Duration rest = limit.get().minus(waited);
    return rest.isNegative() ? Duration.ZERO : Spans.shorter(pause, rest);
  }
}
