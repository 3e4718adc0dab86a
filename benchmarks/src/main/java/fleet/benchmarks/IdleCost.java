package fleet.benchmarks;

import fleet.testing.machines.LocalCluster;
import fleet.testing.machines.Shell.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// What the daemons of a cluster cost while nothing happens, and how long its lists take.
final class IdleCost {

  static final String HEAD =
      """
      | idle, five machines | leader CPU % | others CPU % | leader RSS MB | others RSS MB |\
       version ms | list-machines ms | list-units ms | list-unit-files ms |
      |---|---|---|---|---|---|---|---|---|\
      """;

  private IdleCost() {}

  /// One row, which takes about half a minute.
  static String row(LocalCluster cluster, int units) throws Exception {
    String leader = cluster.leader();
    var before = new TreeMap<String, Usage>();
    for (String node : cluster.nodes()) {
      before.put(node, usage(cluster, node));
    }
    Thread.sleep(Duration.ofSeconds(20));
    double leaderCpu = 0;
    double leaderRss = 0;
    List<Double> cpu = new ArrayList<>();
    List<Double> rss = new ArrayList<>();
    for (String node : cluster.nodes()) {
      Usage now = usage(cluster, node);
      Usage then = before.getOrDefault(node, now);
      double percent = 100 * (now.cpuSeconds - then.cpuSeconds) / ((now.at - then.at) / 1e9);
      if (node.equals(leader)) {
        leaderCpu = percent;
        leaderRss = now.rssMegabytes;
      } else {
        cpu.add(percent);
        rss.add(now.rssMegabytes);
      }
    }
    return String.format(
        Locale.ROOT,
        "| %d units | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f |",
        units,
        leaderCpu,
        average(cpu),
        leaderRss,
        average(rss),
        client(cluster, "version"),
        client(cluster, "list-machines"),
        client(cluster, "list-units"),
        client(cluster, "list-unit-files"));
  }

  private static double average(List<Double> numbers) {
    ToDoubleFunction<Double> itself = Double::doubleValue;
    return numbers.stream().mapToDouble(itself).average().orElse(0);
  }

  private static double client(LocalCluster cluster, String verb) throws InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      cluster.fleetctl("n1", verb).orFail();
      millis.add((System.nanoTime() - start) / 1e6);
    }
    return millis.stream().sorted().toList().get(2);
  }

  private record Usage(long at, double cpuSeconds, double rssMegabytes) {}

  private static Usage usage(LocalCluster cluster, String node) throws InterruptedException {
    Output shown =
        cluster.exec(
            node,
            "sh",
            "-c",
            "pid=$(systemctl show -p MainPID --value fleet);"
                + " cut -d' ' -f14,15 /proc/$pid/stat; grep VmRSS /proc/$pid/status");
    String[] words = shown.orFail().split("\\s+");
    double ticks = Double.parseDouble(words[0]) + Double.parseDouble(words[1]);
    return new Usage(System.nanoTime(), ticks / 100, Double.parseDouble(words[3]) / 1_024);
  }
}
