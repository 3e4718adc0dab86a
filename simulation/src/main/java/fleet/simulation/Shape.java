package fleet.simulation;

import fleet.agent.pace.AgentOptions;
import fleet.scheduler.lead.EngineOptions;
import fleet.scheduler.plan.PlanningConditions;
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

  /// Of those who would rather wait than move: a machine reboots within it.
  private static final Duration LONGER = Duration.ofSeconds(60);

  static final Shape FULL = new Shape(5, 3, SHORT, Duration.ofDays(1));

  static final Shape FULL_PATIENT = new Shape(5, 3, LONG, Duration.ofDays(15));

  static final Shape DEFAULT = new Shape(5, 1, SHORT, Duration.ofDays(3));

  static final Shape PATIENT = new Shape(5, 1, LONG, Duration.ofDays(100));

  /// Each as often as it stands here. A year of the last costs as much as four days of the first.
  private static final List<Shape> ALL =
      List.of(
          FULL,
          new Shape(3, 1, SHORT, Duration.ofDays(3)),
          FULL,
          new Shape(3, 1, SHORT, Duration.ofDays(3)),
          FULL_PATIENT,
          new Shape(3, 1, LONG, Duration.ofDays(120)),
          new Shape(3, 1, LONGER, Duration.ofDays(365)),
          new Shape(3, 1, LONGER, Duration.ofDays(365)));

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
        leader, ttl, EngineOptions.DEFAULTS.reconcileInterval(), PlanningConditions.USUAL_SHARE);
  }

  @Override
  public String toString() {
    return machines + " machines, " + 5 * users + " units, ttl " + ttl.toSeconds() + " s";
  }
}
