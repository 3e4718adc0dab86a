package fleet.simulation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/// One history, from its seed to the verdict.
final class Simulation {

  /// Longer than the longest job that systemd may be at when trouble ends, and what follows it.
  private static final Duration SETTLING = Duration.ofMinutes(15);

  /// What production code logs of thousands of faults tells nobody anything.
  private static final Logger QUIET = Logger.getLogger("fleet");

  private Simulation() {}

  /// After so much of a history it is asked whether to go on.
  private static final Duration PART = Duration.ofHours(3);

  /// A history without a violation.
  ///
  /// @param simulated how much time has passed in it
  /// @param whole whether it has come to its end, and has been judged there
  record History(
      Shape shape, Duration simulated, Map<Fault, Long> faults, long steps, boolean whole) {}

  static History run(Kind kind, long seed) {
    return run(kind, seed, kind.shape(seed));
  }

  static History run(Kind kind, long seed, Shape shape) {
    return run(kind, seed, shape, () -> true);
  }

  /// @param goOn whether to; else the history is cut short, at a moment that its seed does not know
  /// @throws AssertionError if anything has happened that must not
  static History run(Kind kind, long seed, Shape shape, BooleanSupplier goOn) {
    QUIET.setLevel(Boolean.getBoolean("fleet.log") ? Level.ALL : Level.OFF);
    var world = new World(seed, shape);
    boolean whole = false;
    try {
      if (live(world, kind.climate(), shape.span(), goOn)) {
        world.heal();
        world.run(Climate.CALM, SETTLING);
        world.act(world.referee::judge);
        if (!kind.lossy()) {
          var last = new LastTrouble(world);
          world.act(last::befall);
          world.run(Climate.CALM, last.span());
          world.act(world.referee::judge);
        }
        whole = true;
      }
    } catch (AssertionError violation) {
      throw new AssertionError(
          """
          %s %d, at %s, commit %s: %s
          replay: bench/sweep -n 1 -c 1 -s %d %s
          the last that happened:
          %s
          """
              .formatted(
                  kind,
                  seed,
                  world.environment.uptime(),
                  commit(),
                  reason(violation),
                  seed,
                  kind,
                  world.chronicle),
          violation);
    } finally {
      world.environment.close();
    }
    return new History(
        shape,
        world.environment.uptime(),
        new EnumMap<>(world.chronicle.faults()),
        world.environment.steps(),
        whole);
  }

  /// @return whether it was to go on to the end
  private static boolean live(World world, Climate climate, Duration span, BooleanSupplier goOn) {
    Duration left = span;
    while (left.isPositive() && goOn.getAsBoolean()) {
      world.run(climate, left.compareTo(PART) < 0 ? left : PART);
      left = left.minus(PART);
    }
    return !left.isPositive();
  }

  private static String reason(Throwable violation) {
    Throwable cause = violation.getCause() == null ? violation : violation.getCause();
    return String.valueOf(cause.getMessage());
  }

  /// What this was built from, as far as is known.
  private static String commit() {
    try {
      Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException none) {
      return "unknown";
    }
  }
}
