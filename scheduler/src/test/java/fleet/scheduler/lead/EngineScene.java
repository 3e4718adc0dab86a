package fleet.scheduler.lead;

import fleet.cluster.DesiredUnit;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.Environment;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import fleet.scheduler.plan.ClusterScene;
import fleet.testing.store.FaultyStore;
import fleet.testing.store.MemoryStore;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// A cluster under virtual time: a memory store, machines that keep their leases, and engines.
final class EngineScene {

  static final Duration SECOND = Duration.ofSeconds(1);

  private static final UnitFile SLEEPER =
      UnitFile.parse("[Service]\nExecStart=/bin/sleep infinity\n").orElseThrow();

  final VirtualEnvironment environment;
  final MemoryStore store;
  final Keyspace keys = new Keyspace("/fleet/");
  final Registry registry;
  final List<Node> nodes = new ArrayList<>();

  EngineScene(long seed) {
    this.environment = new VirtualEnvironment(seed);
    this.store = new MemoryStore(environment);
    this.registry = new Registry(store, keys);
  }

  void run(Duration span) {
    environment.run(span);
  }

  /// What a test does as the world goes on.
  void act(Environment.Body body) {
    environment.fork("test", body);
    environment.run(Duration.ofMillis(1));
  }

  void launch(String... names) {
    submit(SLEEPER, names);
  }

  void submit(UnitFile file, String... names) {
    act(
        () -> {
          for (String name : names) {
            registry.create(
                DesiredUnit.of(
                    UnitName.parse(name).orElseThrow(), file, TargetState.LAUNCHED, Restarts.NONE));
          }
        });
  }

  /// Changes a unit's file.
  void rewrite(String text, UnitFile file) {
    UnitName name = ClusterScene.unitName(text);
    act(
        () ->
            registry.replace(
                DesiredUnit.of(name, file, TargetState.LAUNCHED, Restarts.NONE),
                registry.unit(name).orElseThrow().revision()));
  }

  /// What users set through the API.
  void overlay(String machine, String key, String value) {
    var overlay = new TreeMap<String, String>();
    overlay.put(key, value);
    var id = new MachineId(machine);
    act(
        () -> {
          var before = registry.overlay(id);
          registry.overlay(id, overlay, before.map(Registry.Stored::revision).orElse(0L));
        });
  }

  void put(String key, String value) {
    store.commit(List.of(), List.of(new Store.Op.Put("/fleet/" + key, value, 0)));
  }

  void delete(String key) {
    store.commit(List.of(), List.of(new Store.Op.Delete("/fleet/" + key)));
  }

  /// Where each unit is assigned.
  SortedMap<String, String> assignments() {
    var found = new TreeMap<String, String>();
    store
        .range("/fleet/assignments/")
        .entries()
        .keySet()
        .forEach(
            key -> {
              String[] path = key.split("/");
              found.merge(path[4], path[3], (one, other) -> one + " and " + other);
            });
    return found;
  }

  List<String> explained() {
    return store.range("/fleet/explanations/").entries().keySet().stream()
        .map(key -> key.substring("/fleet/explanations/".length()))
        .toList();
  }

  /// The node whose engine leads; fails if there is none, or more than one.
  Node leader() {
    var leaders = nodes.stream().filter(Node::leads).toList();
    if (leaders.size() != 1) {
      throw new AssertionError("leaders: " + leaders);
    }
    return leaders.getFirst();
  }

  Node node(String id) {
    var node = new Node(new MachineId(id));
    nodes.add(node);
    return node;
  }

  /// A machine, the engine on it, and their way to the store.
  final class Node {
    final MachineId id;
    final NodeWeather link = new NodeWeather(environment);
    private final Store way = new FaultyStore(store, link);
    private final TreeMap<String, String> metadata = new TreeMap<>();
    private long lease;
    private Environment.Task presence = () -> {};
    private Environment.Task leading = () -> {};
    private Engine engine;

    private Node(MachineId id) {
      this.id = id;
      this.engine = newEngine();
    }

    private Engine newEngine() {
      return new Engine(EngineOptions.DEFAULTS, id, environment, way, new Registry(way, keys));
    }

    /// Keeps the machine present from now on.
    Node join() {
      presence = environment.fork("machine " + id, this::stayPresent);
      return this;
    }

    /// What its configuration says that it carries. To be told before it joins.
    Node carrying(String key, String value) {
      metadata.put(key, value);
      return this;
    }

    private void stayPresent() throws InterruptedException {
      var reached = new Registry(way, keys);
      while (true) {
        try {
          lease = way.grant(Duration.ofSeconds(3));
          var machine = new Machine(id, "", metadata, "2", "boot");
          reached.announce(machine, lease, reached.announced(id));
          while (way.keepAlive(lease)) {
            environment.sleep(Duration.ofMillis(750));
          }
        } catch (StoreException.Unavailable | StoreException.Denied away) {
          environment.sleep(Duration.ofMillis(300));
        }
      }
    }

    /// Says that it runs a unit, in systemd's own word.
    void report(String unit, String sub) {
      var states = new TreeMap<UnitName.Placeable, UnitState>();
      states.put(
          ClusterScene.placeable(unit),
          new UnitState(
              TargetState.LAUNCHED,
              0,
              "loaded",
              "active",
              sub,
              Optional.empty(),
              "success",
              "",
              List.of()));
      act(() -> registry.publish(id, states, new TreeSet<>(), lease));
    }

    /// Says that a unit, which was submitted in that file, has failed so often in a row.
    void fail(String unit, UnitFile file, int times) {
      var states = new TreeMap<UnitName.Placeable, UnitState>();
      states.put(
          ClusterScene.placeable(unit),
          new UnitState(
                  TargetState.LAUNCHED,
                  0,
                  "loaded",
                  "failed",
                  "failed",
                  Optional.of(file.hash()),
                  "exit-code",
                  "",
                  List.of())
              .tried(new UnitState.Trial(times, false)));
      act(() -> registry.publish(id, states, new TreeSet<>(), lease));
    }

    /// Says that it is rid of the unit, as the assignment of that revision asks.
    void release(String unit, long revision) {
      var states = new TreeMap<UnitName.Placeable, UnitState>();
      states.put(ClusterScene.placeable(unit), UnitState.released(revision));
      act(() -> registry.publish(id, states, new TreeSet<>(), lease));
    }

    /// Has the unit no more.
    void forget(String unit) {
      var gone = new TreeSet<>(List.of(ClusterScene.placeable(unit)));
      act(() -> registry.publish(id, new TreeMap<>(), gone, lease));
    }

    /// Is there no more, and still says something of its units.
    void withdraw() {
      act(() -> registry.withdraw(id, registry.announced(id).orElseThrow()));
    }

    /// Begins to compete for leadership.
    Node compete() {
      engine = newEngine();
      leading = environment.fork("engine " + id, engine::run);
      return this;
    }

    EngineStatus status() {
      return engine.status();
    }

    boolean leads() {
      return status().leadingSince().isPresent();
    }

    /// Ends the engine as its daemon does, and leaves the machine.
    void stopEngine() {
      leading.interrupt();
    }

    /// The machine falls silent, engine and all.
    void powerOff() {
      link.dead = true;
      presence.interrupt();
      leading.interrupt();
    }

    void powerOn() {
      link.dead = false;
    }

    @Override
    public String toString() {
      return id.text();
    }
  }
}
