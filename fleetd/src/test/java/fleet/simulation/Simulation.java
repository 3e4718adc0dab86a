package fleet.simulation;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/// One history, from its seed to the verdict.
final class Simulation {

  private static final Duration SETTLING = Duration.ofMinutes(5);

  /// What production code logs of thousands of faults tells nobody anything.
  private static final Logger QUIET = Logger.getLogger("fleet");

  private Simulation() {}

  /// @param simulated how much time has passed in it
  record History(long seed, Duration simulated, long faults, long steps) {}

  /// Ten minutes of faults wherever the code touches the world.
  static History rough(long seed) {
    return live(seed, Climate.ROUGH, Duration.ofMinutes(10));
  }

  /// Some months of a cluster's usual life.
  static History usual(long seed, Duration span) {
    return live(seed, Climate.USUAL, span);
  }

  private static History live(long seed, Climate climate, Duration span) {
    QUIET.setLevel(Boolean.getBoolean("fleet.log") ? Level.ALL : Level.OFF);
    var world = new World(seed);
    try {
      world.run(climate, span);
      world.heal();
      world.run(Climate.CALM, SETTLING);
      world.act(world.referee::judge);
    } catch (AssertionError violation) {
      throw new AssertionError(
          """
          seed %d, at %s: %s
          replay: mvn -B test -pl fleetd -am -Dtest=SimulationTest -Dfleet.seed=%d \
          -Dsurefire.failIfNoSpecifiedTests=false
          the last that happened:
          %s\
          """
              .formatted(
                  seed, world.environment.uptime(), reason(violation), seed, world.chronicle),
          violation);
    }
    return new History(
        seed, world.environment.uptime(), world.chronicle.faults(), world.environment.steps());
  }

  private static String reason(Throwable violation) {
    Throwable cause = violation.getCause() == null ? violation : violation.getCause();
    return String.valueOf(cause.getMessage());
  }
}
