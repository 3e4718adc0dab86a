package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;

import fleet.testing.machines.LocalCluster;
import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// A cluster of machines for a class of tests, and what a user does on it.
///
/// After every test, however it has ended, all nodes are up and as they were, and no unit is left:
/// so any order will do.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClusterTest {

  static final Duration SOON = Duration.ofSeconds(15);

  /// For what takes several times to live and pauses.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final String EXAMPLES = "/opt/fleet/examples/";
  static final String SLEEPER = "[Service]\nExecStart=/bin/sleep infinity\n";

  private final String name;
  private final int net;
  private final StoreKind store;
  private final int size;
  private final List<String> options;
  LocalCluster cluster;

  /// The node at which the user sits.
  private String console = "n1";

  private final Deque<Step> undoing = new ArrayDeque<>();

  /// Something that is done to the cluster.
  interface Step {
    void run() throws Exception;
  }

  ClusterTest(String name, int net, StoreKind store) {
    this(name, net, store, 4);
  }

  /// @param options of `fleet up`
  ClusterTest(String name, int net, StoreKind store, int size, String... options) {
    this.name = name;
    this.net = net;
    this.store = store;
    this.size = size;
    this.options = List.of(options);
  }

  @BeforeAll
  void boot() throws InterruptedException {
    cluster =
        LocalCluster.up(
            name,
            net,
            size,
            store,
            options,
            "n2:metadata=disk=ssd,zone=a",
            "n3:metadata=disk=hdd,zone=a");
  }

  @AfterAll
  void shutDown() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /// Has something done when the test has ended, even if it fails. The test may do the same before.
  void afterwards(Step step) {
    undoing.push(step);
  }

  private void undo() throws Exception {
    if (!undoing.isEmpty()) {
      try {
        undoing.pop().run();
      } finally {
        undo();
      }
    }
  }

  @AfterEach
  void tidy() throws Exception {
    undo();
    await("all machines", PATIENCE, (long) size, this::countMachines);
    String units = fleetctl("list-unit-files", "--no-legend", "--fields=unit").orFail();
    if (!units.isEmpty()) {
      List<String> command = new ArrayList<>(List.of("destroy"));
      units.lines().map(String::strip).forEach(command::add);
      fleetctl(command.toArray(String[]::new)).orFail();
    }
    await("states after destroy", SOON, "", () -> list("list-units"));
  }

  Output fleetctl(String... arguments) throws InterruptedException {
    return cluster.fleetctl(console, arguments);
  }

  /// Has leases live for longer than even a crowded machine takes to restart a daemon: for tests of
  /// what the next daemon does, not of how fast a host is. Daemons are restarted for it, and again
  /// when the test has ended.
  void lengthenLeases() throws Exception {
    afterwards(this::shortenLeases);
    configure("echo agent_ttl=20s >>/etc/fleet/fleet.conf");
  }

  /// Has leases live for as long as they usually do, if they do not.
  void shortenLeases() throws Exception {
    if (cluster.exec("n1", "grep", "-q", "agent_ttl", "/etc/fleet/fleet.conf").status() == 0) {
      configure("sed -i /agent_ttl/d /etc/fleet/fleet.conf");
    }
  }

  private void configure(String command) throws Exception {
    for (String node : cluster.nodes()) {
      cluster.exec(node, "sh", "-c", command + " && systemctl restart fleet").orFail();
      await("the daemon of " + node, PATIENCE, (long) size, this::countMachines);
    }
  }

  /// Cuts the power of a node; its user goes to another.
  void kill(String node) throws InterruptedException {
    sitElsewhere(node);
    afterwards(() -> cluster.start(node));
    cluster.kill(node);
  }

  /// Cuts nodes off from all others, and from the store.
  void cutOff(String... nodes) throws InterruptedException {
    for (String node : nodes) {
      afterwards(() -> cluster.heal(node));
      cluster.cut(node);
    }
  }

  /// Freezes all that runs on a node.
  void freeze(String node) throws InterruptedException {
    afterwards(() -> cluster.resume(node));
    cluster.pause(node);
  }

  /// Freezes the daemon on a node.
  ///
  /// @return what thaws it
  Step freezeDaemon(String node) throws InterruptedException {
    String daemon = mainPid(node);
    Step thaw = () -> cluster.exec(node, "kill", "-CONT", daemon);
    afterwards(thaw);
    cluster.exec(node, "kill", "-STOP", daemon).orFail();
    return thaw;
  }

  /// Stops an etcd outside of the nodes.
  void stopStore() throws InterruptedException {
    afterwards(() -> cluster.etcd("start"));
    cluster.etcd("stop");
  }

  /// The user of that node goes to another.
  void sitElsewhere(String node) {
    if (console.equals(node)) {
      console = cluster.nodesWithout(node).getFirst();
    }
  }

  String list(String... command) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.add("--no-legend");
    return fleetctl(arguments.toArray(String[]::new)).orFail();
  }

  void submit(String unit, String contents) throws InterruptedException {
    write(unit, contents);
    fleetctl("submit", "/tmp/" + unit).orFail();
  }

  void write(String unit, String contents) throws InterruptedException {
    cluster.put(console, "/tmp/" + unit, contents);
  }

  void start(String unit, String contents) throws InterruptedException {
    write(unit, contents);
    fleetctl("start", "/tmp/" + unit).orFail();
  }

  /// Starts many units that only sleep, with one command.
  List<String> startSleepers(String prefix, int count) throws InterruptedException {
    write(prefix + "@.service", SLEEPER);
    List<String> units = new ArrayList<>();
    List<String> command = new ArrayList<>(List.of("start"));
    for (int i = 1; i <= count; i++) {
      units.add(prefix + "@" + i + ".service");
      command.add("/tmp/" + prefix + "@" + i + ".service");
    }
    fleetctl(command.toArray(String[]::new)).orFail();
    return units;
  }

  /// Which start of each unit runs, and where: equal before and after, if nobody touched it.
  SortedMap<String, String> invocations(List<String> units, List<String> nodes)
      throws InterruptedException {
    var invocations = new TreeMap<String, String>();
    for (String node : nodes) {
      for (String unit : units) {
        var shown = cluster.unit(node, unit);
        if (shown.active().equals("active")) {
          invocations.merge(unit, node + " " + shown.invocation(), (a, b) -> a + " and " + b);
        }
      }
    }
    return invocations;
  }

  void comesBack(String node) throws Exception {
    cluster.start(node);
    await(node + " is back", SOON, (long) size, this::countMachines);
  }

  /// Which of those units are active on a node.
  List<String> running(String node, List<String> units) throws InterruptedException {
    return List.copyOf(invocations(units, List.of(node)).keySet());
  }

  /// What the daemon of a node has written since the node was booted.
  String log(String node) throws InterruptedException {
    return cluster.exec(node, "journalctl", "--no-pager", "-b", "-o", "cat", "-u", "fleet").out();
  }

  static SortedMap<String, String> without(
      SortedMap<String, String> invocations, List<String> units) {
    var rest = new TreeMap<>(invocations);
    rest.keySet().removeAll(units);
    return rest;
  }

  long countMachines() throws InterruptedException {
    Output listed = fleetctl("list-machines", "--no-legend");
    return listed.status() == 0 ? listed.out().lines().count() : 0;
  }

  String mainPid(String node) throws InterruptedException {
    return cluster.exec(node, "systemctl", "show", "-p", "MainPID", "--value", "fleet").orFail();
  }
}
