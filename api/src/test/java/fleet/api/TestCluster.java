package fleet.api;

import fleet.api.service.ApiService;
import fleet.api.service.Availability;
import fleet.cluster.Assignment;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Explanation;
import fleet.cluster.FailedPlacements;
import fleet.cluster.Leadership;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.Pause;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.Environment;
import fleet.cluster.registry.Decision;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.testing.store.MemoryStore;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// A cluster in memory: what engines and agents would have written, and the API on top of it.
public final class TestCluster implements AutoCloseable {

  public static final String PREFIX = "/fleet/";
  public static final String VERSION = "2.0.0";

  private final Store store;
  private final Registry registry;
  private final ApiService service;
  private final long lease;
  private final Leadership term;
  private volatile Availability availability = new Availability.Ready();

  public TestCluster(Environment environment, int tokenLimit) throws InterruptedException {
    this(environment, new MemoryStore(environment), tokenLimit);
  }

  public TestCluster(Environment environment, Store store, int tokenLimit)
      throws InterruptedException {
    this.store = store;
    this.registry = new Registry(store, new Keyspace(PREFIX));
    this.lease = store.grant(Duration.ofHours(1));
    this.term = registry.campaign(new MachineId("engine"), lease).orElseThrow();
    this.service =
        new ApiService(
            registry,
            environment,
            () -> new ApiService.Settings(tokenLimit, VERSION),
            () -> availability,
            () -> "fleet_up 1\n");
  }

  public ApiService service() {
    return service;
  }

  public Store store() {
    return store;
  }

  public Registry registry() {
    return registry;
  }

  public void available(Availability now) {
    availability = now;
  }

  public static UnitName.Placeable unit(String name) {
    return (UnitName.Placeable) UnitName.parse(name).orElseThrow();
  }

  public static UnitFile file(String text) {
    return UnitFile.parse(text).orElseThrow();
  }

  public void desire(String name, String file, TargetState target) throws InterruptedException {
    applied(
        registry.create(
            DesiredUnit.of(UnitName.parse(name).orElseThrow(), file(file), target, Restarts.NONE)));
  }

  public void machine(String id, String address, SortedMap<String, String> metadata)
      throws InterruptedException {
    var machine = new Machine(new MachineId(id), address, metadata, VERSION, "boot");
    applied(registry.announce(machine, lease, Optional.empty()));
  }

  public void assign(String machine, String name) throws InterruptedException {
    DesiredUnit unit =
        registry
            .unit(unit(name))
            .map(Registry.Stored::value)
            .map(Parsed::orElseThrow)
            .orElseThrow();
    var id = new MachineId(machine);
    var assignment =
        new Assignment(
            unit(name), unit.file(), unit.target(), unit.restarts().on(id), unit.orders().on(id));
    commit(new Decision.Assign(id, assignment));
  }

  public void explain(String name, String summary, Map<String, String> vetoes)
      throws InterruptedException {
    var byMachine = new TreeMap<MachineId, String>();
    vetoes.forEach((machine, reason) -> byMachine.put(new MachineId(machine), reason));
    commit(new Decision.Explain(unit(name), new Explanation(summary, byMachine)));
  }

  /// The machine falls silent.
  public void silence(String id) throws InterruptedException {
    applied(store.commit(List.of(), List.of(new Op.Delete(PREFIX + "machines/" + id))));
  }

  /// So many of so many machines are silent that evictions are paused; or, if none, no longer.
  public void pause(int silent, int machines) throws InterruptedException {
    var pause = new Pause(new TreeSet<>(), silent, machines, 0.5);
    commit(new Decision.Pausing(Optional.of(pause).filter(Pause::isDue)));
  }

  /// A unit has failed too often on some machines.
  public void failed(String name, List<String> machines) throws InterruptedException {
    var failures =
        new FailedPlacements(
            file("").hash(), 0, machines.stream().map(MachineId::new).toList(), machines.size());
    commit(new Decision.Failed(unit(name), Optional.of(failures)));
  }

  public void resign() throws InterruptedException {
    applied(registry.resign(term));
  }

  private void commit(Decision decision) throws InterruptedException {
    applied(registry.commit(term, List.of(decision), lease));
  }

  public void report(String machine, String name, UnitState state) throws InterruptedException {
    applied(
        registry.publish(
            new MachineId(machine),
            new TreeMap<>(Map.of(unit(name), state)),
            new TreeSet<>(),
            lease));
  }

  /// Writes what no fleet would write.
  public void scribble(String key, String value) throws InterruptedException {
    applied(store.commit(List.of(), List.of(new Op.Put(PREFIX + key, value, 0))));
  }

  private static void applied(Commit commit) {
    if (!(commit instanceof Commit.Applied)) {
      throw new AssertionError("expected the change to be applied, found " + commit);
    }
  }

  @Override
  public void close() {
    service.close();
    store.close();
  }
}
