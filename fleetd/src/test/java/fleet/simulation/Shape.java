package fleet.simulation;

import fleet.agent.AgentOptions;
import fleet.scheduler.Doubts;
import fleet.scheduler.EngineOptions;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// What a simulated cluster is made of.
///
/// @param users of whom each has five units, one of them global
/// @param ttl `agent_ttl`
/// @param span how long a history it has; those that cost less have longer ones
record Shape(int machines, int users, Duration ttl, Duration span) {

  /// The default of this fleet.
  private static final Duration SHORT = Duration.ofSeconds(3);

  /// The default of fleet 1.0, which its users have in their configurations.
  private static final Duration LONG = Duration.ofSeconds(30);

  static final Shape FULL = new Shape(5, 3, SHORT, Duration.ofDays(2));

  private static final List<Shape> ALL =
      List.of(
          FULL,
          new Shape(3, 1, SHORT, Duration.ofDays(5)),
          new Shape(5, 3, LONG, Duration.ofDays(15)),
          new Shape(3, 1, LONG, Duration.ofDays(120)));

  /// One of those that users have.
  static Shape any(long seed) {
    return ALL.get(new SplittableRandom(seed).nextInt(ALL.size()));
  }

  Shape during(Duration other) {
    return new Shape(machines, users, ttl, other);
  }

  AgentOptions agent() {
    return AgentOptions.DEFAULTS.withTtl(ttl);
  }

  /// As the daemon derives it from its configuration.
  EngineOptions engine() {
    Duration leader = Duration.ofSeconds(Math.min(10, ttl.toSeconds()));
    return new EngineOptions(
        leader, ttl, EngineOptions.DEFAULTS.reconcileInterval(), Doubts.USUAL_SHARE);
  }

  @Override
  public String toString() {
    return machines + " machines, " + 5 * users + " units, ttl " + ttl.toSeconds() + " s";
  }
}
