package fleet.store.etcd;

import fleet.cluster.env.Environment;
import java.time.Duration;

/// Until when something may take.
///
/// @param end in terms of the environment's uptime
record Limit(Environment environment, Duration end) {

  static Limit in(Environment environment, Duration span) {
    return new Limit(environment, environment.uptime().plus(span));
  }

  /// What is left, which may be nothing, but is never negative.
  Duration remaining() {
    Duration left = end.minus(environment.uptime());
    return left.isNegative() ? Duration.ZERO : left;
  }

  boolean isOver() {
    return remaining().isZero();
  }

  /// Whether there is so much left.
  boolean allows(Duration span) {
    return remaining().compareTo(span) > 0;
  }
}
