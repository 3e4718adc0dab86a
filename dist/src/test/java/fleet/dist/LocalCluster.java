package fleet.dist;

import fleet.dist.Shell.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/// A cluster of real machines on this one, with fleet running on each: `local-cluster/fleet`.
///
/// It vanishes when this process does, however that ends. Its name and its network are of this
/// checkout of the project, so that several can be tested side by side.
final class LocalCluster implements AutoCloseable {

  /// Where the cluster lies.
  enum StoreKind {
    EMBEDDED,
    ETCD
  }

  private static final Path PROJECT = project();

  private final Map<String, String> environment;
  private final int size;

  private LocalCluster(Map<String, String> environment, int size) {
    this.environment = environment;
    this.size = size;
  }

  /// Boots nodes n1…n`size`, and waits until their daemons have met.
  ///
  /// @param name three letters or more, of which the first three are used by no other cluster of
  ///     this project
  /// @param net from 0 to 35, used by no other cluster of this project
  /// @param settings lines for configuration files, such as `n2:metadata=disk=ssd`
  static LocalCluster up(String name, int net, int size, StoreKind store, String... settings)
      throws InterruptedException {
    var cluster = new LocalCluster(place(name, net), size);
    cluster.down();
    List<String> arguments = new ArrayList<>(List.of("up", Integer.toString(size)));
    if (store == StoreKind.ETCD) {
      arguments.add("--etcd");
    }
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of("--while-alive", Long.toString(ProcessHandle.current().pid())));
    cluster.tool("fleet", "", arguments).orFail();
    return cluster;
  }

  private static Map<String, String> place(String name, int net) {
    int checkout = PROJECT.hashCode();
    String suffix = Integer.toString(36 * 36 * 36 + Math.floorMod(checkout, 36 * 36 * 36), 36);
    int second = 20 + Math.floorMod(checkout, 51);
    int third = 36 * Math.floorMod(checkout / 51, 7) + net;
    return Map.of(
        "CLUSTER",
        name.substring(0, 3) + suffix.substring(1),
        "CLUSTER_NET",
        "10." + second + "." + third);
  }

  private static Path project() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isExecutable(at.resolve("local-cluster/fleet"))) {
        return at;
      }
    }
    throw new AssertionError("no local-cluster/fleet above " + Path.of("").toAbsolutePath());
  }

  private Output tool(String program, String input, List<String> arguments)
      throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(PROJECT.resolve("local-cluster").resolve(program).toString());
    command.addAll(arguments);
    return Shell.run(environment, input, command);
  }

  private void cluster(String... arguments) throws InterruptedException {
    tool("cluster", "", List.of(arguments)).orFail();
  }

  /// The nodes' names: n1, n2, ….
  List<String> nodes() {
    List<String> nodes = new ArrayList<>();
    for (int k = 1; k <= size; k++) {
      nodes.add("n" + k);
    }
    return nodes;
  }

  /// All nodes but those.
  List<String> nodesWithout(String... others) {
    var nodes = nodes();
    nodes.removeAll(List.of(others));
    return nodes;
  }

  /// Runs a program in a node.
  Output exec(String node, String... command) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("exec", node));
    arguments.addAll(List.of(command));
    return tool("cluster", "", arguments);
  }

  /// Runs `fleetctl` in a node.
  Output fleetctl(String node, String... arguments) throws InterruptedException {
    var command = new ArrayList<>(List.of("fleetctl"));
    command.addAll(Arrays.asList(arguments));
    return exec(node, command.toArray(String[]::new));
  }

  /// Writes a file in a node, which may be off.
  void put(String node, String path, String contents) throws InterruptedException {
    tool("cluster", contents, List.of("put", node + ":" + path)).orFail();
  }

  /// Cuts the power of a node.
  void kill(String node) throws InterruptedException {
    cluster("kill", node);
  }

  /// Boots a node that is off.
  void start(String node) throws InterruptedException {
    cluster("start", node);
  }

  /// Makes a node that is off another machine: with another ID, and with no memory.
  void rebuild(String node) throws InterruptedException {
    cluster("rebuild", node);
  }

  /// Drops all packets of a node, silently.
  void cut(String node) throws InterruptedException {
    cluster("cut", node);
  }

  /// Undoes [#cut].
  void heal(String node) throws InterruptedException {
    cluster("heal", node);
  }

  /// Does something to the etcd of the cluster: `start`, `stop`, `kill`, ….
  void etcd(String verb) throws InterruptedException {
    cluster("etcd", verb);
  }

  /// The host's end of a node's network link, which goes down as the node's power is cut.
  String link(String node) {
    return "fl-" + environment.get("CLUSTER") + "-" + node;
  }

  String machineId(String node) throws InterruptedException {
    return tool("cluster", "", List.of("machine-id", node)).orFail();
  }

  /// The node that leads, as the daemons' logs tell.
  String leader() throws InterruptedException {
    String leader = "";
    long latest = -1;
    for (String node : nodes()) {
      Output log =
          exec(
              node,
              "sh",
              "-c",
              "journalctl -u fleet -b -o short-monotonic | grep 'leadership acquired' | tail -1");
      String at = log.out().replaceFirst("(?s)^\\[\\s*([0-9.]+)\\].*$", "$1");
      if (log.status() == 0 && !at.isBlank()) {
        long micros = (long) (Double.parseDouble(at) * 1_000_000);
        if (micros > latest) {
          latest = micros;
          leader = node;
        }
      }
    }
    if (leader.isEmpty()) {
      throw new AssertionError("nobody leads");
    }
    return leader;
  }

  /// What systemd in one node says of a unit.
  ///
  /// @param invocation differs from one start of the unit to the next
  /// @param activeSince on this host's monotonic clock, which all nodes share; in nanoseconds, as
  ///     [System#nanoTime()]
  record Unit(String load, String active, String sub, String invocation, long activeSince) {}

  /// What systemd in a node says of a unit.
  Unit unit(String node, String unit) throws InterruptedException {
    String shown =
        exec(
                node,
                "systemctl",
                "show",
                "-p",
                "LoadState,ActiveState,SubState,InvocationID,ActiveEnterTimestampMonotonic",
                unit)
            .orFail();
    var properties = new TreeMap<String, String>();
    shown.lines().forEach(line -> properties.put(line.split("=", 2)[0], line.split("=", 2)[1]));
    return new Unit(
        properties.getOrDefault("LoadState", ""),
        properties.getOrDefault("ActiveState", ""),
        properties.getOrDefault("SubState", ""),
        properties.getOrDefault("InvocationID", ""),
        1_000 * Long.parseLong(properties.getOrDefault("ActiveEnterTimestampMonotonic", "0")));
  }

  /// The nodes among those where a unit is active.
  List<String> activeOn(List<String> nodes, String unit) throws InterruptedException {
    List<String> active = new ArrayList<>();
    for (String node : nodes) {
      if (exec(node, "systemctl", "is-active", "--quiet", unit).status() == 0) {
        active.add(node);
      }
    }
    return active;
  }

  /// The one node where a unit is active.
  ///
  /// @throws AssertionError if it is active nowhere, or in several
  String whereActive(String unit) throws InterruptedException {
    List<String> active = activeOn(nodes(), unit);
    if (active.size() != 1) {
      throw new AssertionError(unit + " is active on " + active);
    }
    return active.getFirst();
  }

  /// Waits until something is so.
  ///
  /// @throws AssertionError after `limit`, naming `what` and how far it came
  static <T> void await(String what, Duration limit, T expected, Callable<T> actual)
      throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      T now = actual.call();
      if (expected.equals(now)) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(what + ": expected " + expected + ", after " + limit + " " + now);
      }
      Thread.sleep(50);
    }
  }

  /// The last lines of the daemon's log in every node that is up, for a failure's message.
  String logs() throws InterruptedException {
    var text = new StringBuilder();
    for (String node : nodes()) {
      text.append("---- ").append(node).append('\n');
      text.append(exec(node, "journalctl", "-u", "fleet", "-n", "30", "--no-pager").all());
    }
    return text.toString();
  }

  private void down() throws InterruptedException {
    cluster("down");
  }

  @Override
  public void close() {
    try {
      down();
    } catch (InterruptedException e) {
      // The cluster's keeper removes it when this process ends.
      Thread.currentThread().interrupt();
    }
  }
}
