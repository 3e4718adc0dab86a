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
  private final long began = System.nanoTime();
  private final Map<String, Double> years = new TreeMap<>();
  private final Map<String, Double> shapes = new TreeMap<>();
  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private long histories;
  private long violations;
  private long steps;
  private double machineSeconds;
  private long cutShort;
  private volatile boolean interrupted;

  private Sweep(Kind kind) {
    this.kind = kind;
  }

  /// Tells what was gone through also if it is interrupted, the last history included as far as it
  /// has come.
  ///
  /// @param arguments the kind, the first seed, the step from one to the next, for how many seconds
  ///     to go on, and how many histories to run at most
  public static void main(String[] arguments) {
    var sweep = new Sweep(Kind.of(arguments[0]));
    long step = Long.parseLong(arguments[2]);
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(arguments[3])).toNanos();
    long most = Long.parseLong(arguments[4]);
    Thread running = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> sweep.interrupt(running)));
    for (long seed = Long.parseLong(arguments[1]);
        sweep.histories < most && sweep.goesOn(end);
        seed += step) {
      sweep.run(seed, end);
    }
    sweep.tell();
  }

  private boolean goesOn(long end) {
    return !interrupted && System.nanoTime() < end;
  }

  private void interrupt(Thread running) {
    interrupted = true;
    try {
      running.join();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(long seed, long end) {
    histories++;
    try {
      gone(Simulation.run(kind, seed, kind.shape(seed), () -> goesOn(end)));
    } catch (AssertionError violation) {
      violations++;
      System.out.println(violation.getMessage());
    }
  }

  private void gone(History history) {
    double seconds = history.simulated().toMillis() / 1e3;
    cutShort += history.whole() ? 0 : 1;
    shapes.merge(history.shape().toString(), 1.0, Double::sum);
    years.merge(history.shape().toString(), seconds / YEAR_SECONDS, Double::sum);
    history.faults().forEach((fault, times) -> faults.merge(fault, times, Long::sum));
    steps += history.steps();
    machineSeconds += seconds * history.shape().machines();
  }

  /// Prints one figure a line, for a program to add up: all at once, since others print to the
  /// same place.
  private void tell() {
    var text = new StringBuilder();
    tell(text, "told", 1);
    tell(text, "cut short", (double) cutShort);
    tell(text, "histories", (double) histories);
    tell(text, "violations", (double) violations);
    tell(text, "steps", (double) steps);
    tell(text, "machine seconds", machineSeconds);
    tell(text, "wall seconds", (System.nanoTime() - began) / 1e9);
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(cpu -> tell(text, "processor seconds", cpu.toMillis() / 1e3));
    years.forEach((shape, sum) -> tell(text, "years of " + shape, sum));
    shapes.forEach((shape, count) -> tell(text, "histories of " + shape, count));
    faults.forEach((fault, times) -> tell(text, "fault " + fault, (double) times));
    System.out.print(text);
    System.out.flush();
  }

  private static void tell(StringBuilder text, String what, double figure) {
    text.append(String.format(Locale.ROOT, "tally\t%s\t%.6f%n", what, figure));
  }
}
