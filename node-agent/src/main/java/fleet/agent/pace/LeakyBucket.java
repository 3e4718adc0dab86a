package fleet.agent.pace;

import fleet.cluster.env.Environment;
import java.time.Duration;

/// Lets a loop do a few things at once after a calm, but not many for long. For one thread.
public final class LeakyBucket {

  private final Environment environment;
  private final Duration allowance;

  /// When all that was done would have been done at the sustained pace.
  private Duration settled = Duration.ZERO;

  /// @param allowance how far the loop may be ahead of the sustained pace
  public LeakyBucket(Environment environment, Duration allowance) {
    this.environment = environment;
    this.allowance = allowance;
  }

  /// Takes note of something done, and waits for as long as the loop is too far ahead.
  ///
  /// @param cost the time that one such thing may take of the sustained pace
  public void rest(Duration cost) throws InterruptedException {
    Duration now = environment.uptime();
    settled = (settled.compareTo(now) > 0 ? settled : now).plus(cost);
    Duration ahead = settled.minus(now).minus(allowance);
    if (ahead.isPositive()) {
      environment.sleep(ahead);
    }
  }
}
