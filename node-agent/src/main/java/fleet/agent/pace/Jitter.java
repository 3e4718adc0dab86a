package fleet.agent.pace;

import fleet.cluster.env.Environment;
import java.time.Duration;

/// Keeps machines from doing the same thing at the same moment.
public final class Jitter {

  private Jitter() {}

  /// Something between three and five quarters of `duration`.
  public static Duration around(Duration duration, Environment environment) {
    long quarter = Math.max(1, duration.toNanos() / 4);
    return Duration.ofNanos(3 * quarter + environment.random().nextLong(2 * quarter));
  }

  /// Something between three quarters of `duration` and all of it.
  public static Duration below(Duration duration, Environment environment) {
    long quarter = Math.max(1, duration.toNanos() / 4);
    return Duration.ofNanos(3 * quarter + environment.random().nextLong(quarter));
  }
}
