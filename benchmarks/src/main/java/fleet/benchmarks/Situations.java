package fleet.benchmarks;

import fleet.testing.machines.LocalCluster;
import fleet.testing.machines.LocalCluster.StoreKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Measures how long users wait, in the situations in which fleet v1 was measured: five real
/// machines, 20 units running, default settings. `bench/run` starts it.
///
/// When a unit became active is read from systemd afterwards, on the monotonic clock that all nodes
/// share with this host, so that watching disturbs nothing.
final class Situations {

  private static final String SLEEPER = "[Service]\nExecStart=/bin/sleep infinity\n";
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final LocalCluster cluster;
  private final StoreKind store;
  private final List<String> standing = new ArrayList<>();
  private int count;

  private Situations(LocalCluster cluster, StoreKind store) {
    this.cluster = cluster;
    this.store = store;
  }

  private interface Rows {
    void measure() throws Exception;
  }

  /// @param arguments `--embedded`, if the cluster shall lie in the store of n1 and not in an etcd;
  ///     how often each kind of power cut; and the names of the groups of rows, of all if none is
  ///     named
  public static void main(String[] arguments) throws Exception {
    var words = new ArrayList<>(List.of(arguments));
    var store = words.remove("--embedded") ? StoreKind.EMBEDDED : StoreKind.ETCD;
    int rounds = words.isEmpty() ? 10 : Integer.parseInt(words.removeFirst());
    List<String> wanted = words;
    try (var cluster = LocalCluster.up("bench", 31, 5, store)) {
      var groups = new Situations(cluster, store).groups(rounds);
      if (!groups.keySet().containsAll(wanted)) {
        throw new IllegalArgumentException("expected some of " + groups.keySet());
      }
      Figures.head();
      for (var group : groups.entrySet()) {
        if (wanted.isEmpty() || wanted.contains(group.getKey())) {
          group.getValue().measure();
        }
      }
    }
  }

  private Map<String, Rows> groups(int rounds) throws Exception {
    prepare();
    var groups = new LinkedHashMap<String, Rows>();
    groups.put("one-unit", () -> oneUnit(rounds));
    groups.put("100-units", () -> manyUnits(100, 3));
    groups.put("power", () -> powerCuts(rounds));
    groups.put("leader-power", () -> leadersPowerCuts(rounds));
    groups.put("restart", this::daemonRestarted);
    groups.put("kill", () -> daemonsKilled(rounds));
    groups.put("store", this::storeStopped);
    groups.put("cut", this::cutOff);
    groups.put("500-units", () -> manyUnits(500, 3));
    groups.put("idle", this::idle);
    return groups;
  }

  private void prepare() throws Exception {
    for (String node : cluster.nodes()) {
      cluster.put(node, "/root/s@.service", SLEEPER);
    }
    for (int i = 1; i <= 20; i++) {
      standing.add("s@standing" + i + ".service");
    }
    fleetctl("start", standing);
  }

  private void fleetctl(String verb, List<String> units) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(verb));
    units.forEach(unit -> command.add(verb.equals("start") ? "/root/" + unit : unit));
    cluster.fleetctl(console(), command.toArray(String[]::new)).orFail();
  }

  private String console() throws InterruptedException {
    for (String node : cluster.nodes()) {
      if (cluster.exec(node, "true").status() == 0) {
        return node;
      }
    }
    throw new AssertionError("all nodes are off");
  }

  private List<String> fresh(int number) {
    List<String> units = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      units.add("s@" + ++count + ".service");
    }
    return units;
  }

  /// When each unit that is active became so; absent for those that are not.
  private SortedMap<String, Long> activeSince(List<String> units, List<String> nodes)
      throws InterruptedException {
    var since = new TreeMap<String, Long>();
    for (String node : nodes) {
      List<String> command =
          new ArrayList<>(
              List.of("systemctl", "show", "-p", "Id,ActiveState,ActiveEnterTimestampMonotonic"));
      command.addAll(units);
      String shown = cluster.exec(node, command.toArray(String[]::new)).orFail();
      for (String block : shown.split("\n\n")) {
        var properties = new TreeMap<String, String>();
        block.lines().forEach(l -> properties.put(l.split("=", 2)[0], l.split("=", 2)[1]));
        if ("active".equals(properties.get("ActiveState"))) {
          since.put(
              properties.getOrDefault("Id", ""),
              1_000
                  * Long.parseLong(properties.getOrDefault("ActiveEnterTimestampMonotonic", "0")));
        }
      }
    }
    return since;
  }

  private SortedMap<String, Long> awaitActive(List<String> units, List<String> nodes)
      throws Exception {
    LocalCluster.await("active", LIMIT, units.size(), () -> activeSince(units, nodes).size());
    return activeSince(units, nodes);
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  private void oneUnit(int rounds) throws Exception {
    List<Double> returned = new ArrayList<>();
    List<Double> active = new ArrayList<>();
    List<Double> version = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      List<String> unit = fresh(1);
      long start = System.nanoTime();
      cluster.fleetctl("n1", "version").orFail();
      version.add(seconds(start, System.nanoTime()));
      start = System.nanoTime();
      fleetctl("start", unit);
      returned.add(seconds(start, System.nanoTime()));
      active.add(seconds(start, latest(awaitActive(unit, cluster.nodes()))));
      fleetctl("destroy", unit);
    }
    Figures.row("fleetctl version: the client's own start-up", version);
    Figures.row("one new unit: fleetctl start returns", returned);
    Figures.row("… unit active", active);
  }

  private static long latest(SortedMap<String, Long> since) {
    return since.values().stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  private void manyUnits(int number, int rounds) throws Exception {
    List<Double> returned = new ArrayList<>();
    List<Double> active = new ArrayList<>();
    List<Double> destroyed = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      List<String> units = fresh(number);
      long start = System.nanoTime();
      fleetctl("start", units);
      returned.add(seconds(start, System.nanoTime()));
      active.add(seconds(start, latest(awaitActive(units, cluster.nodes()))));
      start = System.nanoTime();
      fleetctl("destroy", units);
      LocalCluster.await("stopped", LIMIT, 0, () -> activeSince(units, cluster.nodes()).size());
      destroyed.add(seconds(start, System.nanoTime()));
    }
    Figures.row(number + " instances in one command: last active", active);
    Figures.row("… command returns", returned);
    Figures.row(number + " instances destroyed in one command: all stopped", destroyed);
  }

  private List<String> unitsOn(String node) throws InterruptedException {
    return List.copyOf(activeSince(standing, List.of(node)).keySet());
  }

  private void powerCuts(int rounds) throws Exception {
    boolean etcd = store == StoreKind.ETCD;
    List<String> victims = etcd ? cluster.nodes() : cluster.nodesWithout("n1");
    new PowerOffs(cluster, standing, victims).measure(rounds);
  }

  private void back(String node) throws Exception {
    cluster.start(node);
    LocalCluster.await(
        node + " is back",
        LIMIT,
        5L,
        () -> cluster.fleetctl(console(), "list-machines", "--no-legend").out().lines().count());
  }

  private void leadersPowerCuts(int rounds) throws Exception {
    List<Double> moved = new ArrayList<>();
    List<Double> active = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      String leader = cluster.leader();
      List<String> units = unitsOn(leader);
      if (units.isEmpty()) {
        units = fresh(5);
        fleetctl("start", units);
        standing.addAll(units);
        units = unitsOn(leader);
      }
      long start = System.nanoTime();
      cluster.kill(leader);
      List<String> one = fresh(1);
      fleetctl("start", one);
      active.add(seconds(start, latest(awaitActive(one, cluster.nodesWithout(leader)))));
      if (!units.isEmpty()) {
        moved.add(seconds(start, latest(awaitActive(units, cluster.nodesWithout(leader)))));
      }
      fleetctl("destroy", one);
      back(leader);
    }
    Figures.row("the leader's machine powered off: its units active elsewhere", moved);
    Figures.row("the leader's machine powered off: a new unit active", active);
  }

  private void daemonRestarted() throws Exception {
    var before = activeSince(standing, cluster.nodes());
    cluster.exec("n1", "systemctl", "restart", "fleet").orFail();
    Thread.sleep(Duration.ofSeconds(10));
    Figures.row("`systemctl restart fleet`: units stopped", disturbed(before), 1);
  }

  /// A killed daemon must be back before its machine's lease ends, or its units move.
  private void daemonsKilled(int rounds) throws Exception {
    List<Double> back = new ArrayList<>();
    long moved = 0;
    for (int i = 0; i < rounds; i++) {
      String node = cluster.nodes().get(i % cluster.nodes().size());
      var before = activeSince(standing, cluster.nodes());
      long start = System.nanoTime();
      cluster.exec(node, "systemctl", "kill", "-s", "KILL", "fleet").orFail();
      LocalCluster.await(
          "fleet on " + node,
          LIMIT,
          true,
          () -> cluster.exec(node, "fleetctl", "list-machines").status() == 0);
      back.add(seconds(start, System.nanoTime()));
      Thread.sleep(Duration.ofSeconds(5));
      moved += disturbed(before);
    }
    Figures.row("`kill -9` of a daemon: until it answers, its client's start-up included", back);
    Figures.row("… units stopped or moved, in all rounds", moved, rounds);
  }

  private long disturbed(SortedMap<String, Long> before) throws InterruptedException {
    var after = activeSince(standing, cluster.nodes());
    return before.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(after.get(entry.getKey())))
        .count();
  }

  private void storeStopped() throws Exception {
    var before = activeSince(standing, cluster.nodes());
    cluster.etcd("stop");
    Thread.sleep(Duration.ofSeconds(60));
    cluster.etcd("start");
    long start = System.nanoTime();
    LocalCluster.await(
        "list-units is whole",
        LIMIT,
        (long) standing.size(),
        () ->
            cluster
                .fleetctl("n1", "list-units", "--no-legend")
                .out()
                .lines()
                .filter(line -> line.contains("running"))
                .count());
    double whole = seconds(start, System.nanoTime());
    Thread.sleep(Duration.ofSeconds(10));
    Figures.row(
        "etcd stopped for 60 s: units stopped and moved, of " + standing.size(),
        disturbed(before),
        1);
    Figures.row("… until `list-units` is whole again", List.of(whole));
  }

  private void cutOff() throws Exception {
    String node = cluster.nodesWithout(cluster.leader()).getLast();
    List<String> units = unitsOn(node);
    if (units.isEmpty()) {
      return;
    }
    cluster.cut(node);
    long elsewhere = latest(awaitActive(units, cluster.nodesWithout(node)));
    Thread.sleep(Duration.ofSeconds(40));
    cluster.heal(node);
    LocalCluster.await("the surplus copies", LIMIT, 0, () -> unitsOn(node).size());
    Figures.row(
        "machine cut off for 40 s: both copies ran for",
        List.of(seconds(elsewhere, System.nanoTime())));
    LocalCluster.await(
        node + " is back",
        LIMIT,
        5L,
        () -> cluster.fleetctl(console(), "list-machines", "--no-legend").out().lines().count());
  }

  /// What the daemons cost while nothing happens, and how long lists take.
  private void idle() throws Exception {
    fleetctl("destroy", standing);
    standing.clear();
    System.out.println();
    System.out.println(IdleCost.HEAD);
    for (int units : new int[] {0, 100, 500}) {
      List<String> more = fresh(units - standing.size());
      if (!more.isEmpty()) {
        fleetctl("start", more);
        standing.addAll(more);
      }
      Thread.sleep(Duration.ofSeconds(15));
      System.out.println(IdleCost.row(cluster, units));
    }
  }
}
