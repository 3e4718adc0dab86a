package fleet.agent.dbus;

import fleet.agent.Agent;
import fleet.agent.disk.FileText;
import fleet.agent.pace.AgentOptions;
import fleet.cluster.Assignment;
import fleet.cluster.Leadership;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Environment.Task;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.registry.ClusterMirror;
import fleet.cluster.registry.Decision;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.testing.store.MemoryStore;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The whole agent, on a real machine: only the store is in memory.
@Tag("slow")
abstract class AgentNodeScene {

  static final MachineId ID = new MachineId("6f1a2b3c4d5e6f708192a3b4c5d6e7f8");
  static final Duration LONG = Duration.ofSeconds(60);
  static final String SERVICE = "[Service]\nExecStart=/bin/sleep infinity\n";

  static Node node;

  @TempDir Path folder;

  final SystemEnvironment environment = new SystemEnvironment();
  final MemoryStore store = new MemoryStore(environment);
  final Registry registry = new Registry(store, new Keyspace("/fleet/"));
  private final Signal changed = environment.signal("test");
  private ClusterMirror mirror;
  private DbusSystemd systemd;
  Agent agent;
  Task task;

  @BeforeAll
  static void boot() throws IOException, InterruptedException {
    node = Node.boot();
  }

  @AfterAll
  static void vanish() throws IOException, InterruptedException {
    node.vanish();
  }

  @BeforeEach
  void start() throws InterruptedException {
    mirror = registry.mirror(changed);
    systemd = DbusSystemd.open(node.options());
    startAgent();
  }

  @AfterEach
  void leave() throws InterruptedException {
    agent.leave(Duration.ofSeconds(30));
    task.interrupt();
    systemd.close();
    mirror.close();
    store.close();
  }

  final void startAgent() {
    agent =
        new Agent(
            AgentOptions.DEFAULTS,
            environment,
            store,
            new Keyspace("/fleet/"),
            systemd,
            new FileText(folder.resolve("assignments"), true),
            new FileText(folder.resolve("applied"), false),
            () -> new Machine(ID, "10.0.0.1", new TreeMap<>(), "2.0.0", "boot"));
    task = environment.fork("agent", agent::run);
  }

  /// All that lies where units leave files and links.
  String traces() throws IOException, InterruptedException {
    return node.run(
        "sh", "-c", "find /run/systemd/system /run/fleet/units -mindepth 1 2>/dev/null | sort");
  }

  void launch(String unit, String text) throws InterruptedException {
    assign(unit, text, TargetState.LAUNCHED, 1);
  }

  void assign(String unit, String text, TargetState target, long generation)
      throws InterruptedException {
    decide(
        List.of(
            new Decision.Assign(ID, new Assignment(unit(unit), file(text), target, generation))));
  }

  void unassign(String unit) {
    try {
      decide(List.of(new Decision.Unassign(ID, unit(unit), false)));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void decide(List<Decision> decisions) throws InterruptedException {
    registry.commit(new Leadership(ID, 1, List.of()), decisions, 0);
  }

  SortedMap<UnitName.Placeable, UnitState> states() throws InterruptedException {
    mirror.refresh();
    return mirror.snapshot().states().getOrDefault(ID, new TreeMap<>());
  }

  String words() throws InterruptedException {
    var words = new ArrayList<String>();
    states().forEach((unit, state) -> words.add(unit + " " + state.active() + " " + state.sub()));
    return String.join("; ", words);
  }

  /// Waits until the machine has published such states.
  void until(Predicate<SortedMap<UnitName.Placeable, UnitState>> expected)
      throws InterruptedException {
    Duration end = environment.uptime().plus(LONG);
    while (!expected.test(states())) {
      Duration left = end.minus(environment.uptime());
      if (!left.isPositive()) {
        throw new AssertionError("waited in vain; the states are " + states());
      }
      changed.await(left);
    }
  }

  UnitState until(String unit, Predicate<UnitState> expected) throws InterruptedException {
    until(states -> Optional.ofNullable(states.get(unit(unit))).filter(expected).isPresent());
    return state(unit);
  }

  UnitState state(String unit) throws InterruptedException {
    UnitState state = states().get(unit(unit));
    if (state == null) {
      throw new AssertionError("there is no state of " + unit);
    }
    return state;
  }

  static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  static UnitFile file(String text) {
    return UnitFile.parse(text).orElseThrow();
  }
}
