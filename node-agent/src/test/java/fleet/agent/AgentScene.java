package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.pace.AgentOptions;
import fleet.agent.systemd.Systemd;
import fleet.cluster.Assignment;
import fleet.cluster.Leadership;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Environment.Task;
import fleet.cluster.registry.Decision;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import fleet.testing.saved.MemoryText;
import fleet.testing.store.FaultyStore;
import fleet.testing.store.MemoryStore;
import fleet.testing.systemd.SimulatedSystemd;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One machine with its agent, in virtual time, and short words for what tests do with it.
abstract class AgentScene {

  static final String SERVICE = "[Service]\nExecStart=/bin/sleep infinity\n";
  static final String OTHER = "[Service]\nExecStart=/bin/sleep 86400\n";
  static final String SLOW_STOP = SERVICE + "ExecStop=/bin/sleep 20\n";
  static final String SLOW_START =
      "[Service]\nType=oneshot\nExecStart=/bin/sleep 15\nRemainAfterExit=yes\n";
  static final String FAILING = "[Service]\nType=oneshot\nExecStart=/bin/false\n";
  static final String BROKEN = "[Service]\nType=simple\n";
  static final String ONESHOT = "[Service]\nType=oneshot\nExecStart=/bin/true\n";

  static final MachineId ID = new MachineId("6f1a2b3c4d5e6f708192a3b4c5d6e7f8");

  final VirtualEnvironment environment;
  final Keyspace keys = new Keyspace("/fleet/");
  final MemoryStore memory;
  final Cable cable;
  final FaultyStore store;
  final Registry leader;
  final SimulatedSystemd systemd;
  final MemoryText assignments = new MemoryText();
  final MemoryText applied = new MemoryText();

  String boot = "boot-1";
  String address = "10.0.0.1";
  @Nullable Agent agent;
  private @Nullable Task task;

  AgentScene() {
    this(7);
  }

  AgentScene(long seed) {
    environment = new VirtualEnvironment(seed);
    memory = new MemoryStore(environment);
    cable = new Cable(environment);
    store = new FaultyStore(memory, cable);
    leader = new Registry(memory, keys);
    systemd = new SimulatedSystemd(environment);
  }

  /// What happens in a test.
  interface Act {
    void run() throws InterruptedException, IOException;
  }

  /// Runs a test in virtual time, for at most half an hour of it.
  void within(Act act) {
    var ended = new AtomicBoolean();
    environment.fork(
        "test",
        () -> {
          try {
            act.run();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          ended.set(true);
        });
    for (int second = 0; second < 1_800 && !ended.get(); second++) {
      environment.run(Duration.ofSeconds(1));
    }
    assertTrue(ended.get(), "the test has not come to its end");
  }

  void pass(long milliseconds) throws InterruptedException {
    environment.sleep(Duration.ofMillis(milliseconds));
  }

  // The machine.

  Machine machine() {
    return new Machine(ID, address, new TreeMap<>(), "2.0.0", boot);
  }

  /// What the agent takes for its systemd.
  Systemd driven() {
    return systemd;
  }

  Agent startAgent() {
    return startAgent(AgentOptions.DEFAULTS);
  }

  Agent startAgent(AgentOptions options) {
    killAgent();
    var started =
        new Agent(options, environment, store, keys, driven(), assignments, applied, this::machine);
    agent = started;
    task = environment.fork("agent", started::run);
    return started;
  }

  void plug() {
    cable.plug();
    store.wake();
  }

  /// All keys and values, whether or not the cable is pulled.
  SortedMap<String, Store.Entry> contents() {
    return memory.range("").entries();
  }

  /// As `kill -9` does.
  void killAgent() {
    if (task != null) {
      task.interrupt();
    }
  }

  /// Loses power, and comes back; the agent is not started.
  void reboot(String bootId) throws IOException {
    killAgent();
    systemd.reboot();
    applied.write("");
    boot = bootId;
  }

  // The leader.

  void assign(String unit, String text, TargetState target, long generation)
      throws InterruptedException {
    decide(
        new Decision.Assign(
            ID,
            new Assignment(unit(unit), UnitFile.parse(text).orElseThrow(), target, generation)));
  }

  void launch(String unit, String text) throws InterruptedException {
    assign(unit, text, TargetState.LAUNCHED, 1);
  }

  Assignment assigned(String unit) throws InterruptedException {
    try (var mirror = leader.assignments(ID, environment.signal("none"))) {
      return Optional.ofNullable(mirror.assignments().get(unit(unit))).orElseThrow();
    }
  }

  void unassign(String unit) throws InterruptedException {
    decide(new Decision.Unassign(ID, unit(unit), false));
  }

  void decide(Decision... decisions) throws InterruptedException {
    Commit commit = leader.commit(new Leadership(ID, 1, List.of()), List.of(decisions), 0);
    assertTrue(commit instanceof Commit.Applied, commit::toString);
  }

  /// Writes something that fleet did not write.
  void scribble(String key, String value, long lease) {
    memory.commit(List.of(), List.of(new Op.Put("/fleet/" + key, value, lease)));
  }

  // What can be seen.

  /// What systemd was asked to do since the last call.
  String asked() {
    List<String> history = systemd.history();
    String news = history.subList(seen, history.size()).stream().collect(Collectors.joining("; "));
    seen = history.size();
    return news;
  }

  private int seen;

  String running() {
    return systemd.running().toString();
  }

  /// The states that the machine has published, in short.
  String states() throws InterruptedException {
    var states = new ArrayList<String>();
    published()
        .forEach(
            (unit, state) ->
                states.add(unit + " " + state.reached().text() + " " + state.active()));
    return String.join("; ", states);
  }

  SortedMap<UnitName.Placeable, UnitState> published() throws InterruptedException {
    Signal none = environment.signal("none");
    try (var mirror = leader.mirror(none)) {
      return new TreeMap<>(
          Optional.ofNullable(mirror.snapshot().states().get(ID)).orElse(new TreeMap<>()));
    }
  }

  String problem(String unit) throws InterruptedException {
    return state(unit).problem();
  }

  UnitState state(String unit) throws InterruptedException {
    UnitState state = published().get(unit(unit));
    if (state == null) {
      throw new AssertionError("no state of " + unit + " is published, but of " + states());
    }
    return state;
  }

  boolean present() throws InterruptedException {
    try {
      return leader.announced(ID).isPresent();
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
  }

  static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  static String lines(String... lines) {
    return Arrays.stream(lines).collect(Collectors.joining("; "));
  }
}
