package fleet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.DesiredUnit;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.VirtualEnvironment;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.MemoryStore;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Engines under virtual time, on the memory store.
class EngineTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final MachineId A = new MachineId("aaaa");
  private static final MachineId B = new MachineId("bbbb");
  private static final UnitFile SLEEPER =
      UnitFile.parse("[Service]\nExecStart=/bin/sleep infinity\n").orElseThrow();

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final MemoryStore store = new MemoryStore(environment);
  private final Keyspace keys = new Keyspace("/fleet/");
  private final Registry registry = new Registry(store, keys);
  private final TreeMap<MachineId, Environment.Task> presences = new TreeMap<>();

  /// What a test does as the world goes on.
  private void act(Environment.Body body) {
    environment.fork("test", body);
    environment.run(Duration.ofMillis(1));
  }

  private Engine engine(MachineId id, Store through) {
    return new Engine(EngineOptions.DEFAULTS, id, environment, through, keys);
  }

  private Environment.Task boot(Engine engine) {
    return environment.fork("engine", engine::run);
  }

  /// A machine that keeps its lease alive until its power is cut.
  private void join(MachineId id, Store through) {
    presences.put(
        id,
        environment.fork(
            "machine " + id,
            () -> {
              while (true) {
                try {
                  long lease = through.grant(Duration.ofSeconds(3));
                  var seen = new Registry(through, keys).announced(id);
                  var machine = new Machine(id, "", new TreeMap<>(), "2", "boot");
                  new Registry(through, keys).announce(machine, lease, seen);
                  while (through.keepAlive(lease)) {
                    environment.sleep(Duration.ofMillis(750));
                  }
                } catch (StoreException.Unavailable away) {
                  environment.sleep(Duration.ofMillis(300));
                }
              }
            }));
  }

  private void powerCut(MachineId id) {
    var presence = presences.remove(id);
    if (presence != null) {
      presence.interrupt();
    }
  }

  private void launch(String... names) {
    act(
        () -> {
          for (String name : names) {
            registry.create(
                DesiredUnit.of(
                    UnitName.parse(name).orElseThrow(), SLEEPER, TargetState.LAUNCHED, 0));
          }
        });
  }

  /// Where each unit is assigned.
  private SortedMap<String, String> assignments() {
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

  private List<String> explained() {
    return store.range("/fleet/explanations/").entries().keySet().stream()
        .map(key -> key.substring("/fleet/explanations/".length()))
        .toList();
  }

  private static SortedMap<String, String> map(String... pairs) {
    var map = new TreeMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Test
  void aFreshUnitIsAssignedWithinMillisecondsOnAQuietCluster() {
    boot(engine(A, store));
    join(A, store);
    environment.run(SECOND.multipliedBy(10));

    launch("web.service");
    environment.run(Duration.ofMillis(5));

    assertEquals(map("web.service", "aaaa"), assignments());
  }

  @Test
  void oneOfTwoEnginesLeadsAndTheOtherTakesOverWhenItDies() {
    var first = engine(A, store);
    var second = engine(B, store);
    var firstTask = boot(first);
    environment.run(SECOND);
    boot(second);
    join(A, store);
    join(B, store);
    environment.run(SECOND);
    launch("one.service", "two.service");
    environment.run(SECOND.multipliedBy(5));
    assertTrue(first.status().leadingSince().isPresent());
    assertTrue(second.status().leadingSince().isEmpty());
    assertEquals(map("one.service", "aaaa", "two.service", "bbbb"), assignments());

    firstTask.interrupt();
    powerCut(A);
    environment.run(SECOND.multipliedBy(4));

    assertTrue(second.status().leadingSince().isPresent());
    assertEquals(map("one.service", "bbbb", "two.service", "bbbb"), assignments());
  }

  @Test
  void aLeaderThatWasPausedAndReplacedCannotWrite() {
    var link = new Link(store, environment);
    var paused = engine(A, link);
    boot(paused);
    environment.run(SECOND);
    boot(engine(B, store));
    join(A, store);
    join(B, store);
    environment.run(SECOND);

    link.pausedUntil = environment.uptime().plusSeconds(20);
    launch("web.service");
    environment.run(SECOND.multipliedBy(60));

    assertEquals(map("web.service", "aaaa"), assignments(), "assigned once, by one of them");
    assertEquals(0, paused.status().assigned());
  }

  @Test
  void theStoreAwayForAMinuteMovesNothing() {
    var link = new Link(store, environment);
    var engine = engine(A, link);
    boot(engine);
    join(A, link);
    join(B, link);
    launch("one.service", "two.service");
    environment.run(SECOND.multipliedBy(5));
    var before = assignments();
    assertEquals(2, before.size());

    link.cut = true;
    environment.run(SECOND.multipliedBy(60));
    assertEquals(0, store.range("/fleet/machines/").entries().size(), "all leases have expired");
    link.cut = false;
    environment.run(SECOND.multipliedBy(30));

    assertEquals(before, assignments());
    assertEquals(0, engine.status().unassigned());
  }

  @Test
  void afterTheStoreWasAwayAMachineThatDoesNotReportIsGivenUp() {
    var link = new Link(store, environment);
    boot(engine(A, link));
    join(A, link);
    join(B, link);
    launch("one.service", "two.service");
    environment.run(SECOND.multipliedBy(5));

    link.cut = true;
    environment.run(SECOND.multipliedBy(30));
    powerCut(B);
    link.cut = false;
    environment.run(SECOND.multipliedBy(10));

    assertEquals(map("one.service", "aaaa", "two.service", "aaaa"), assignments());
  }

  @Test
  void aUnitThatFitsNowhereIsExplainedUntilItFits() {
    boot(engine(A, store));
    launch("web.service");
    environment.run(SECOND);
    assertEquals(List.of("web.service"), explained());

    join(A, store);
    environment.run(SECOND);

    assertEquals(List.of(), explained());
    assertEquals(map("web.service", "aaaa"), assignments());
  }

  @Test
  void explanationsDieWithTheTermThatWroteThem() {
    var engine = boot(engine(A, store));
    launch("web.service");
    environment.run(SECOND);
    assertEquals(1, explained().size());

    engine.interrupt();
    environment.run(SECOND.multipliedBy(5));

    assertEquals(List.of(), explained());
  }

  @Test
  void aThousandUnitsAreAssignedInOneGo() {
    var engine = engine(A, store);
    boot(engine);
    join(A, store);
    join(B, store);
    environment.run(SECOND);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      names.add("u" + i + ".service");
    }

    launch(names.toArray(String[]::new));
    environment.run(SECOND);

    assertEquals(1_000, assignments().size());
    assertEquals(1_000, engine.status().assigned());
    assertTrue(engine.status().plans() < 10, engine.status().toString());
  }

  @Test
  void nothingIsWrittenWhenNothingChanges() {
    boot(engine(A, store));
    join(A, store);
    launch("web.service");
    environment.run(SECOND.multipliedBy(10));
    long before = store.range("").revision();

    environment.run(Duration.ofMinutes(10));

    assertEquals(before, store.range("").revision());
  }

  @Test
  void garbageFromStrangersStopsNobody() {
    boot(engine(A, store));
    join(A, store);
    launch("web.service");
    environment.run(SECOND);

    for (String key :
        List.of("units/web.service", "units/x.service", "units/ü", "machines/aaaa", "jobs/x")) {
      store.commit(List.of(), List.of(new Store.Op.Put("/fleet/" + key, "garbage", 0)));
    }
    launch("other.service");
    join(B, store);
    environment.run(SECOND.multipliedBy(10));

    assertEquals(map("other.service", "bbbb", "web.service", "aaaa"), assignments());
  }

  /// A way to the store that can be cut, or be that of a process which is paused.
  private static final class Link implements Store {
    private final Store store;
    private final Environment environment;
    private boolean cut;
    private Duration pausedUntil = Duration.ZERO;

    Link(Store store, Environment environment) {
      this.store = store;
      this.environment = environment;
    }

    private void travel() throws InterruptedException {
      Duration pause = pausedUntil.minus(environment.uptime());
      if (pause.isPositive()) {
        environment.sleep(pause);
      }
      if (cut) {
        environment.sleep(Duration.ofMillis(500));
        throw new StoreException.Unavailable("the link is cut");
      }
    }

    @Override
    public Range range(String prefix) throws InterruptedException {
      travel();
      return store.range(prefix);
    }

    @Override
    public Range range(String prefix, long revision) throws InterruptedException {
      travel();
      return store.range(prefix, revision);
    }

    @Override
    public Optional<Entry> read(String key) throws InterruptedException {
      travel();
      return store.read(key);
    }

    @Override
    public Commit commit(List<Compare> when, List<Op> then) throws InterruptedException {
      travel();
      return store.commit(when, then);
    }

    @Override
    public long grant(Duration ttl) throws InterruptedException {
      travel();
      return store.grant(ttl);
    }

    @Override
    public boolean keepAlive(long lease) throws InterruptedException {
      travel();
      return store.keepAlive(lease);
    }

    @Override
    public void revoke(long lease) throws InterruptedException {
      travel();
      store.revoke(lease);
    }

    @Override
    public Watch watch(String prefix, long fromRevision, Signal signal) {
      return store.watch(prefix, fromRevision, signal);
    }

    @Override
    public void close() {}
  }
}
