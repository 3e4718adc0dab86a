package fleet.benchmarks;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.TargetState;
import fleet.scheduler.plan.ClusterScene;
import fleet.scheduler.plan.Planner;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// How long the planner takes, in the situations in which that of fleet 1.0 was measured. Prints a
/// table in Markdown. What it counts is processor time, so that a busy machine changes little.
/// `bench/planner` runs it.
final class PlannerBenchmark {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 30;
  private static final int ROUNDS = 7;

  private record Size(int machines, int units) {}

  private static final List<Size> SIZES =
      List.of(
          new Size(10, 100), new Size(100, 1_000), new Size(300, 3_000), new Size(1_000, 10_000));

  private static final List<Size> CROWDS =
      List.of(
          new Size(250, 500), new Size(500, 1_000), new Size(1_000, 2_000), new Size(2_000, 4_000));

  private PlannerBenchmark() {}

  public static void main(String[] arguments) {
    for (int i = 0; i < WARM_UP; i++) {
      SIZES.stream().limit(2).forEach(PlannerBenchmark::row);
    }
    System.out.println(
        """
        | one plan, milliseconds | rules | places all | nothing to do | one machine gone | none fits |
        |---|---|---|---|---|---|\
        """);
    SIZES.forEach(size -> System.out.print(row(size)));
    System.out.println(
        """

        | one per machine, half of them wait | places all | nothing to do | one machine gone |
        |---|---|---|---|\
        """);
    CROWDS.forEach(size -> System.out.print(crowd(size)));
  }

  /// Twice as many as there are machines, of which each can take one.
  private static String crowd(Size size) {
    BiFunction<Integer, Size, List<String>> unit = (_, _) -> List.of("Conflicts=app*@*.service");
    ClusterScene fresh = cluster(size, unit);
    ClusterScene settled = settled(size, unit);
    ClusterScene smaller = settled(size, unit);
    smaller.machineGone(machine(0));
    return "| %,d machines, %,d units | %s | %s | %s |%n"
        .formatted(size.machines, size.units, median(fresh), median(settled), median(smaller));
  }

  private static ClusterScene settled(Size size, BiFunction<Integer, Size, List<String>> unit) {
    ClusterScene settled = cluster(size, unit);
    settled.carryOut(settled.plan());
    settled.reportAll();
    return settled;
  }

  private static String row(Size size) {
    return line(size, "none", PlannerBenchmark::simple)
        + line(size, "mixed", PlannerBenchmark::mixed);
  }

  private static String line(
      Size size, String rules, BiFunction<Integer, Size, List<String>> unit) {
    ClusterScene fresh = cluster(size, unit);
    ClusterScene settled = settled(size, unit);
    ClusterScene smaller = settled(size, unit);
    smaller.machineGone(machine(0));
    ClusterScene hopeless = cluster(size, (i, s) -> List.of("MachineMetadata=disk=tape"));
    return "| %,d machines, %,d units | %s | %s | %s | %s | %s |%n"
        .formatted(
            size.machines,
            size.units,
            rules,
            median(fresh),
            median(settled),
            median(smaller),
            median(hopeless));
  }

  /// The median of several plans of one snapshot. Reading the snapshot is not counted.
  private static String median(ClusterScene cluster) {
    ClusterSnapshot snapshot = cluster.snapshot();
    double[] times = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = THREADS.getCurrentThreadCpuTime();
      Planner.plan(snapshot);
      times[round] = (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
    }
    Arrays.sort(times);
    return "%.1f".formatted(times[ROUNDS / 2]);
  }

  private static ClusterScene cluster(Size size, BiFunction<Integer, Size, List<String>> unit) {
    var cluster = new ClusterScene();
    for (int i = 0; i < size.machines; i++) {
      cluster.machine(machine(i), Map.of("disk", i % 3 == 0 ? "ssd" : "hdd", "zone", "z" + i % 5));
    }
    for (int i = 0; i < size.units; i++) {
      cluster.unit(name(i), TargetState.LAUNCHED, unit.apply(i, size));
    }
    return cluster;
  }

  private static String machine(int i) {
    return "%08x%024x".formatted(i * 0x9e3779b1, i);
  }

  private static String name(int i) {
    return "app%d@%d.service".formatted(i / 10, i % 10);
  }

  private static List<String> simple(int i, Size size) {
    return List.of("ExecStart=/bin/app " + i);
  }

  /// Of ten instances of an application, all stay apart; some want a disk or a zone, one follows
  /// the first of them. Each thousandth unit is global, each hundredth replaces another.
  private static List<String> mixed(int i, Size size) {
    if (i % 1_000 == 5) {
      return List.of("Global=true");
    }
    return switch (i % 10) {
      case 1, 2 -> List.of("MachineMetadata=disk=ssd", "Conflicts=app" + i / 10 + "@*.service");
      case 3 -> List.of("MachineMetadata=zone=z" + i % 5);
      case 4 -> List.of("MachineOf=" + name(i - 4));
      case 5 -> List.of();
      case 6 -> i % 100 == 6 ? List.of("Replaces=" + name(i - 6)) : List.of();
      case 7 -> List.of("MachineMetadata=disk=ssd", "MachineMetadata=zone=z1");
      default -> List.of("Conflicts=app" + i / 10 + "@*.service");
    };
  }
}
