package fleet.simulation;

import fleet.simulation.Simulation.History;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Many histories, one after another, and what they amount to. `bench/sweep` runs one a core, and
/// adds up what they print.
final class Sweep {

  private static final double YEAR_SECONDS = 365.25 * 24 * 3600;

  private final Kind kind;
  private final Map<String, Double> years = new TreeMap<>();
  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private long histories;
  private long violations;
  private long steps;

  private Sweep(Kind kind) {
    this.kind = kind;
  }

  /// @param arguments the kind, the first seed, the step from one to the next, for how many seconds
  ///     to go on, and how many histories to run at most
  public static void main(String[] arguments) {
    var sweep = new Sweep(Kind.of(arguments[0]));
    long step = Long.parseLong(arguments[2]);
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(arguments[3])).toNanos();
    long most = Long.parseLong(arguments[4]);
    long began = System.nanoTime();
    for (long seed = Long.parseLong(arguments[1]);
        sweep.histories < most && System.nanoTime() < end;
        seed += step) {
      sweep.run(seed);
    }
    sweep.print((System.nanoTime() - began) / 1e9);
  }

  private void run(long seed) {
    histories++;
    try {
      History history = Simulation.run(kind, seed);
      years.merge(
          history.shape().toString(),
          history.simulated().toMillis() / 1e3 / YEAR_SECONDS,
          Double::sum);
      history.faults().forEach((fault, times) -> faults.merge(fault, times, Long::sum));
      steps += history.steps();
    } catch (AssertionError violation) {
      violations++;
      System.out.println(violation.getMessage());
    }
  }

  /// One figure a line, for a program to add up.
  private void print(double seconds) {
    tell("histories", (double) histories);
    tell("violations", (double) violations);
    tell("steps", (double) steps);
    tell("wall seconds", seconds);
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(cpu -> tell("processor seconds", cpu.toMillis() / 1e3));
    years.forEach((shape, sum) -> tell("years of " + shape, sum));
    faults.forEach((fault, times) -> tell("fault " + fault, (double) times));
  }

  private static void tell(String what, double figure) {
    System.out.printf(Locale.ROOT, "tally\t%s\t%.6f%n", what, figure);
  }
}
