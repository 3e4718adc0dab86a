package fleet.testing.machines;

import fleet.testing.machines.Shell.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// A cluster of real machines on this one, with fleet running on each: `local-cluster/fleet`.
///
/// It vanishes when this process does, however that ends. Its name and its network are of this
/// checkout of the project, so that several can be tested side by side.
public final class LocalCluster implements AutoCloseable {

  /// Where the cluster lies.
  public enum StoreKind {
    EMBEDDED,
    ETCD
  }

  /// What fills `/run` on a node, as a script. More may be in use by the time that the size is set,
  /// which is refused.
  public static final String FILL_RUN =
      "for i in 1 2 3 4; do"
          + " mount -o remount,size=$(df -k --output=used /run | tail -1 | tr -d ' ')k /run"
          + " && exit 0; done; exit 1";

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
  public static LocalCluster up(String name, int net, int size, StoreKind store, String... settings)
      throws InterruptedException {
    return up(name, net, size, store, List.of(), settings);
  }

  /// The same with options of `fleet up`, such as `--store-disk`.
  public static LocalCluster up(
      String name, int net, int size, StoreKind store, List<String> options, String... settings)
      throws InterruptedException {
    var cluster = new LocalCluster(place(name, net), size);
    cluster.down();
    cluster.boot(options, store, settings);
    return cluster;
  }

  /// Boots a cluster of just that name and net, if there is none of that name.
  ///
  /// @param name as `cluster help` says of `CLUSTER`
  /// @param net as it says of `CLUSTER_NET`
  /// @param options of `fleet up`, such as `--store-disk`
  /// @throws IllegalStateException if there is one, whosever it is; it is left as it is
  public static LocalCluster create(
      String name, String net, int size, StoreKind store, List<String> options)
      throws InterruptedException {
    var cluster = new LocalCluster(Map.of("CLUSTER", name, "CLUSTER_NET", net), size);
    if (Files.exists(cluster.folder()) || Files.exists(Path.of("/sys/class/net/fl-" + name))) {
      throw new IllegalStateException(
          "there is a cluster " + name + " on this host already, and it is not ours");
    }
    cluster.boot(options, store);
    return cluster;
  }

  private void boot(List<String> options, StoreKind store, String... settings)
      throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("up", Integer.toString(size)));
    arguments.addAll(options);
    if (store == StoreKind.ETCD) {
      arguments.add("--etcd");
    }
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of("--while-alive", Long.toString(ProcessHandle.current().pid())));
    tool("fleet", "", arguments).orFail();
  }

  /// Where the cluster's disks are.
  private Path folder() {
    String all = System.getenv().getOrDefault("CLUSTER_DIR", "/var/tmp/fleet-cluster");
    return Path.of(all).toAbsolutePath().resolve(environment.getOrDefault("CLUSTER", ""));
  }

  /// The disk of a node, as a folder of this host.
  public Path root(String node) {
    return folder().resolve(node).resolve("root");
  }

  /// The small disk of a node that was given one.
  public SmallDisk smallDisk(String node) {
    return new SmallDisk(folder().resolve(node).resolve("small"));
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

  /// Runs a program in a node that may be about to lose its power or to be frozen.
  ///
  /// @return with the status [Shell#TOO_LONG] if it had to be killed
  public Output exec(Duration limit, String input, String node, String... command)
      throws InterruptedException {
    List<String> all = new ArrayList<>();
    all.add(PROJECT.resolve("local-cluster/cluster").toString());
    all.addAll(List.of("exec", node));
    all.addAll(List.of(command));
    return Shell.run(environment, input, all, limit);
  }

  private void cluster(String... arguments) throws InterruptedException {
    tool("cluster", "", List.of(arguments)).orFail();
  }

  /// The nodes' names: n1, n2, ….
  public List<String> nodes() {
    List<String> nodes = new ArrayList<>();
    for (int k = 1; k <= size; k++) {
      nodes.add("n" + k);
    }
    return nodes;
  }

  /// All nodes but those.
  public List<String> nodesWithout(String... others) {
    var nodes = nodes();
    nodes.removeAll(List.of(others));
    return nodes;
  }

  /// Runs a program in a node.
  public Output exec(String node, String... command) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("exec", node));
    arguments.addAll(List.of(command));
    return tool("cluster", "", arguments);
  }

  /// Runs `fleetctl` in a node.
  public Output fleetctl(String node, String... arguments) throws InterruptedException {
    var command = new ArrayList<>(List.of("fleetctl"));
    command.addAll(Arrays.asList(arguments));
    return exec(node, command.toArray(String[]::new));
  }

  /// Writes a file in a node, which may be off.
  public void put(String node, String path, String contents) throws InterruptedException {
    tool("cluster", contents, List.of("put", node + ":" + path)).orFail();
  }

  /// Cuts the power of a node.
  public void kill(String node) throws InterruptedException {
    cluster("kill", node);
  }

  /// Boots a node that is off.
  public void start(String node) throws InterruptedException {
    cluster("start", node);
  }

  /// Makes a node that is off another machine: with another ID, and with no memory.
  public void rebuild(String node) throws InterruptedException {
    cluster("rebuild", node);
  }

  /// Drops all packets of a node, or those to and from a peer, silently.
  public void cut(String node, String... peer) throws InterruptedException {
    cluster(words("cut", node, peer));
  }

  /// Undoes [#cut] and [#mute].
  public void heal(String node, String... peer) throws InterruptedException {
    cluster(words("heal", node, peer));
  }

  private static String[] words(String verb, String node, String... peer) {
    return Stream.concat(Stream.of(verb, node), Stream.of(peer)).toArray(String[]::new);
  }

  /// Drops silently what one end sends to another: nodes, or `host`, where an etcd is.
  public void mute(String from, String to) throws InterruptedException {
    cluster("mute", from, to);
  }

  /// Freezes every process of a node.
  public void pause(String node) throws InterruptedException {
    cluster("pause", node);
  }

  /// Undoes [#pause].
  public void resume(String node) throws InterruptedException {
    cluster("resume", node);
  }

  /// Powers a node off cleanly.
  public void stop(String node) throws InterruptedException {
    cluster("stop", node);
  }

  /// Does something to the etcd of the cluster: `start`, `stop`, `kill`, ….
  public void etcd(String verb) throws InterruptedException {
    cluster("etcd", verb);
  }

  /// The host's end of a node's network link, which goes down as the node's power is cut.
  public String link(String node) {
    return "fl-" + environment.get("CLUSTER") + "-" + node;
  }

  public String machineId(String node) throws InterruptedException {
    return tool("cluster", "", List.of("machine-id", node)).orFail();
  }

  /// The node that leads, as the daemons' logs tell.
  public String leader() throws InterruptedException {
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
  public record Unit(String load, String active, String sub, String invocation, long activeSince) {}

  /// What systemd in a node says of a unit.
  public Unit unit(String node, String unit) throws InterruptedException {
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
  public List<String> activeOn(List<String> nodes, String unit) throws InterruptedException {
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
  public String whereActive(String unit) throws InterruptedException {
    List<String> active = activeOn(nodes(), unit);
    if (active.size() != 1) {
      throw new AssertionError(unit + " is active on " + active);
    }
    return active.getFirst();
  }

  /// Waits until something is so.
  ///
  /// @throws AssertionError after `limit`, naming `what` and how far it came
  public static <T> void await(String what, Duration limit, T expected, Callable<T> actual)
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

  /// The journal of a node, which may be off.
  ///
  /// @param options those of `journalctl`
  public String logs(String node, List<String> options) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("logs", node));
    arguments.addAll(options);
    return tool("cluster", "", arguments).orFail();
  }

  /// The last lines of the daemon's log in every node that is up, for a failure's message.
  public String logs() throws InterruptedException {
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
