package fleet.simulation;

import fleet.simulation.Simulation.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Many histories, one after another, and what they amount to. `bench/sweep` runs one a core.
final class Sweep {

  private static final double YEAR_SECONDS = 365.25 * 24 * 3600;

  private Sweep() {}

  /// @param arguments the first seed, the step from one to the next, for how many minutes to go on,
  ///     and `rough` or the days of usual life that each history has
  public static void main(String[] arguments) {
    long seed = Long.parseLong(arguments[0]);
    long step = Long.parseLong(arguments[1]);
    Duration budget = Duration.ofMinutes(Long.parseLong(arguments[2]));
    long began = System.nanoTime();
    List<History> histories = new ArrayList<>();
    int violations = 0;
    do {
      try {
        histories.add(
            arguments[3].equals("rough")
                ? Simulation.rough(seed)
                : Simulation.usual(seed, Duration.ofDays(Long.parseLong(arguments[3]))));
      } catch (AssertionError violation) {
        violations++;
        System.out.println(violation.getMessage());
      }
      seed += step;
    } while (System.nanoTime() - began < budget.toNanos());
    double years =
        histories.stream().mapToDouble(h -> h.simulated().toMillis() / 1e3).sum() / YEAR_SECONDS;
    double hours = (System.nanoTime() - began) / 3.6e12;
    System.out.printf(
        Locale.ROOT,
        "%d histories, %d violations, %.4f cluster-years, %d faults, %d steps, %.1f years an"
            + " hour%n",
        histories.size(),
        violations,
        years,
        histories.stream().mapToLong(History::faults).sum(),
        histories.stream().mapToLong(History::steps).sum(),
        years / hours);
  }
}
