package fleet.benchmarks;

import fleet.testing.machines.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Cuts the power of one machine after the other, the leader's in its turn, and measures how long
/// it takes until all that ran there is active elsewhere. What ran elsewhere must stay untouched.
///
/// The power is off when the kernel says that the machine's link is down; a unit is active when its
/// systemd says so; the engine has decided when its log says so. All three are on the one monotonic
/// clock of this host. A machine boots while the next loses its power.
final class PowerOffs {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// Shorter than any failover, so that nobody looks, and disturbs, before.
  private static final Duration UNDISTURBED = Duration.ofMillis(2_500);

  private final LocalCluster cluster;
  private final List<String> units;
  private final List<String> victims;
  private final Load load = new Load();
  private final List<Round> rounds = new ArrayList<>();
  private int disturbed;

  /// @param units all that runs; each of them is active, on one machine
  /// @param victims the machines whose power may be cut
  PowerOffs(LocalCluster cluster, List<String> units, List<String> victims) {
    this.cluster = cluster;
    this.units = units;
    this.victims = victims;
  }

  /// One power cut; times in nanoseconds as [System#nanoTime()].
  ///
  /// @param decided when the engine has assigned the first unit elsewhere
  /// @param active when the last unit was active elsewhere
  /// @param lateness of [Load], the greatest in this round, in nanoseconds
  private record Round(
      String node, boolean led, long off, long decided, long active, long lateness) {

    double seconds() {
      return (active - off) / 1e9;
    }

    double untilDecided() {
      return (decided - off) / 1e9;
    }

    double untilActive() {
      return (active - decided) / 1e9;
    }

    double waking() {
      return lateness / 1e9;
    }
  }

  /// How a unit runs: an invocation differs from one start of the unit to the next.
  private record Run(String node, String invocation, long activeSince) {}

  /// Cuts the power so many times, and prints a row for each figure.
  void measure(int count) throws Exception {
    String away = "";
    for (int i = 0; i < count; i++) {
      String victim = next(away, i % 4 == 0);
      if (!away.isEmpty()) {
        cluster.start(away);
      }
      rounds.add(round(victim, away));
      if (!away.isEmpty()) {
        isBack(away, victim);
      }
      away = victim;
    }
    cluster.start(away);
    isBack(away, "");
    Thread.sleep(Duration.ofSeconds(5));
    if (runs(cluster.nodes()).size() != units.size()) {
      throw new AssertionError(
          "a machine that returned has changed what runs: " + runs(cluster.nodes()));
    }
    report();
  }

  /// The one with the most units, of those that are up; the one that lost its power last has none.
  ///
  /// @param leads the leader's machine instead, if anything runs there
  private String next(String away, boolean leads) throws InterruptedException {
    var count = new TreeMap<String, Integer>();
    runs(cluster.nodesWithout(away))
        .values()
        .forEach(run -> count.merge(run.node, 1, Integer::sum));
    count.keySet().retainAll(victims);
    String leader = leads ? cluster.leader() : "";
    return count.containsKey(leader)
        ? leader
        : Collections.max(count.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  private Round round(String victim, String booting) throws Exception {
    var others = cluster.nodesWithout(victim, booting);
    var before = runs(cluster.nodesWithout(booting));
    boolean led = cluster.leader().equals(victim);
    load.reset();

    var watch = PowerWatch.of(cluster.link(victim));
    cluster.kill(victim);
    long off = watch.off();
    Thread.sleep(UNDISTURBED);
    var survivors = cluster.nodesWithout(victim);
    LocalCluster.await(
        "active after the power cut of " + victim,
        LIMIT,
        units.size(),
        () -> runs(up(survivors)).size());
    long lateness = load.reset();

    var after = runs(survivors);
    long active = off;
    for (String unit : units) {
      Run then = before.get(unit);
      Run now = after.get(unit);
      if (then == null || now == null) {
        throw new AssertionError(unit + " ran as " + then + ", runs as " + now);
      }
      if (then.node.equals(victim)) {
        active = Math.max(active, now.activeSince);
      } else if (!then.equals(now)) {
        disturbed++;
        System.out.println("disturbed: " + unit + " ran as " + then + ", runs as " + now);
      }
    }
    return new Round(victim, led, off, decided(others, off), active, lateness);
  }

  private List<String> up(List<String> nodes) throws InterruptedException {
    List<String> up = new ArrayList<>();
    for (String node : nodes) {
      if (cluster.exec(node, "true").status() == 0) {
        up.add(node);
      }
    }
    return up;
  }

  /// How each unit runs that is active on one of the nodes.
  ///
  /// @throws AssertionError if one is on two
  private SortedMap<String, Run> runs(List<String> nodes) throws InterruptedException {
    var runs = new TreeMap<String, Run>();
    List<String> command =
        new ArrayList<>(
            List.of(
                "systemctl",
                "show",
                "-p",
                "Id,ActiveState,InvocationID,ActiveEnterTimestampMonotonic"));
    command.addAll(units);
    for (String node : nodes) {
      String shown = cluster.exec(node, command.toArray(String[]::new)).orFail();
      for (String block : shown.split("\n\n")) {
        var properties = new TreeMap<String, String>();
        block.lines().forEach(l -> properties.put(l.split("=", 2)[0], l.split("=", 2)[1]));
        if ("active".equals(properties.get("ActiveState"))) {
          long micros =
              Long.parseLong(properties.getOrDefault("ActiveEnterTimestampMonotonic", "0"));
          var run = new Run(node, properties.getOrDefault("InvocationID", ""), 1_000 * micros);
          Run other = runs.put(properties.getOrDefault("Id", ""), run);
          if (other != null) {
            throw new AssertionError(properties.get("Id") + " runs as " + other + " and as " + run);
          }
        }
      }
    }
    return runs;
  }

  /// When the engine assigned the first unit after that instant.
  private long decided(List<String> nodes, long off) throws InterruptedException {
    long first = Long.MAX_VALUE;
    for (String node : nodes) {
      String log =
          cluster
              .exec(
                  node,
                  "sh",
                  "-c",
                  "journalctl -b -u fleet -o short-monotonic -n 200 | grep -w assigned")
              .out();
      for (String line : log.lines().toList()) {
        String stamp = line.replaceFirst("^\\[\\s*([0-9.]+)\\].*$", "$1");
        long at = (long) (Double.parseDouble(stamp) * 1e9);
        if (at > off) {
          first = Math.min(first, at);
        }
      }
    }
    if (first == Long.MAX_VALUE) {
      throw new AssertionError("no log tells of a decision");
    }
    return first;
  }

  private void isBack(String node, String without) throws Exception {
    long expected = without.isEmpty() ? cluster.nodes().size() : cluster.nodes().size() - 1L;
    LocalCluster.await(
        node + " is back",
        LIMIT,
        expected,
        () -> cluster.fleetctl(node, "list-machines", "--no-legend").out().lines().count());
  }

  private void report() {
    Figures.row("machine powered off: its units active elsewhere", of(rounds, Round::seconds));
    var led = rounds.stream().filter(Round::led).toList();
    if (!led.isEmpty()) {
      Figures.row("… of these the leader's machine", of(led, Round::seconds));
    }
    Figures.row("… until the engine has assigned the first", of(rounds, Round::untilDecided));
    Figures.row("… from then on until the last is active", of(rounds, Round::untilActive));
    Figures.row("… how late threads woke meanwhile, at worst", of(rounds, Round::waking));
    Figures.row("… units elsewhere disturbed, in all rounds", disturbed, rounds.size());
    Figures.row("… load averages of this host at the end", Load.average(), rounds.size());
  }

  private static List<Double> of(List<Round> rounds, Function<Round, Double> part) {
    return rounds.stream().map(part).toList();
  }

  /// Tells when a node's link went down: before the power cut of the node, which is that much
  /// later.
  private record PowerWatch(Thread thread, AtomicLong seen) {

    static PowerWatch of(String link) {
      Path flags = Path.of("/sys/class/net", link, "flags");
      var seen = new AtomicLong();
      var thread =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      while (isUp(flags)) {
                        Thread.sleep(2);
                      }
                      seen.set(System.nanoTime());
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      return new PowerWatch(thread, seen);
    }

    private static boolean isUp(Path flags) {
      try {
        return (Integer.decode(Files.readString(flags).strip()) & 1) != 0;
      } catch (NoSuchFileException e) {
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    long off() throws InterruptedException {
      thread.join();
      return seen.get();
    }
  }
}
