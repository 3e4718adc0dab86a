package fleet.ctl;

import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.api.service.ApiService;
import fleet.api.service.Availability;
import fleet.cluster.Assignment;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Explanation;
import fleet.cluster.Invocation;
import fleet.cluster.Leadership;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.Pause;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.registry.Decision;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.testing.store.MemoryStore;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/// A cluster for the command line to talk to: the real API on a memory store. The test plays the
/// leader and the machines, and writes into the store what they would.
final class PlayedWorld implements AutoCloseable {

  private static final Duration TTL = Duration.ofHours(1);

  private final SystemEnvironment environment = new SystemEnvironment();
  private final MemoryStore store = new MemoryStore(environment);
  private final Registry registry = new Registry(store, new Keyspace("/fleet/"));
  private final ApiService service;
  private final ServedApi served;
  private final long lease;
  private Leadership term;
  private final Map<String, UnitState> reported = new TreeMap<>();
  private volatile Availability availability = new Availability.Ready();

  /// How many requests the API has yet to answer before it is away; 0 if it stays.
  private final AtomicInteger answersLeft = new AtomicInteger();

  PlayedWorld() throws Exception {
    lease = store.grant(TTL);
    term = registry.campaign(new MachineId("leader"), lease).orElseThrow();
    // Of which there is something to know, so that its metadata may be set; see #check.
    store.commit(List.of(), List.of(new Op.Put("/fleet/overlays/nobody", "{}", 0)));
    service =
        new ApiService(
            registry,
            environment,
            () -> new ApiService.Settings(100, "2.0.0"),
            () -> availability,
            () -> "");
    served = new ServedApi(this::handle);
  }

  private Response handle(Request request) throws InterruptedException {
    Response response = service.handle(request);
    if (answersLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 1) {
      away("no answer from http://10.0.0.1:2379");
    }
    return response;
  }

  /// Has the API answer some requests more, and then be away.
  void awayAfter(int answers) {
    answersLeft.set(answers);
  }

  /// Where the API is.
  String endpoint() {
    return served.endpoint();
  }

  /// What the API has been asked for so far.
  List<String> targets() {
    return served.targets();
  }

  void away(String cause) {
    availability = new Availability.Away(cause, Instant.now());
  }

  void back() {
    availability = new Availability.Ready();
  }

  void machine(String id, String address, SortedMap<String, String> metadata)
      throws InterruptedException {
    var machine = new Machine(new MachineId(id), address, metadata, "2.0.0", "boot");
    check(registry.announce(machine, lease, registry.announced(machine.id())));
  }

  void machineGone(String id) throws InterruptedException {
    var machine = new MachineId(id);
    check(registry.withdraw(machine, registry.announced(machine).orElseThrow()));
  }

  /// The machine falls silent, without a word of farewell.
  void silence(String id) throws InterruptedException {
    check(store.commit(List.of(), List.of(new Op.Delete("/fleet/machines/" + id))));
  }

  /// So many of so many machines are silent that evictions are paused; or, if none, no longer.
  void pause(int silent, int machines) throws InterruptedException {
    var pause = new Pause(new TreeSet<>(), silent, machines, 0.5);
    decide(new Decision.Pausing(Optional.of(pause).filter(Pause::isDue)));
  }

  void unit(String name, String target, String text) throws InterruptedException {
    var file = UnitFile.parse(text).orElseThrow();
    var unit =
        DesiredUnit.of(
            UnitName.parse(name).orElseThrow(),
            file,
            TargetState.of(target).orElseThrow(),
            Restarts.NONE);
    check(registry.create(unit));
  }

  void assign(String unit, String machine) throws InterruptedException {
    DesiredUnit desired = desired(unit).orElseThrow();
    var id = new MachineId(machine);
    var assignment =
        new Assignment(placeable(unit), desired.file(), desired.target(), desired.restarts().on(id))
            .by(desired.orders().on(id));
    decide(new Decision.Assign(id, assignment));
  }

  void unassign(String unit, String machine) throws InterruptedException {
    decide(new Decision.Unassign(new MachineId(machine), placeable(unit), false));
  }

  void explain(String unit, String summary, SortedMap<MachineId, String> vetoes)
      throws InterruptedException {
    decide(
        new Decision.Explain(UnitName.parse(unit).orElseThrow(), new Explanation(summary, vetoes)));
  }

  void unexplain(String unit) throws InterruptedException {
    decide(new Decision.Unexplain(UnitName.parse(unit).orElseThrow()));
  }

  void resign() throws InterruptedException {
    check(registry.resign(term));
  }

  void campaign() throws InterruptedException {
    term = registry.campaign(new MachineId("leader"), lease).orElseThrow();
  }

  /// Has a machine report a unit, in the file that the cluster has of it.
  ///
  /// @param log the last lines of its journal
  void report(
      String unit,
      String machine,
      String reached,
      String load,
      String active,
      String sub,
      String result,
      String problem,
      long generation,
      List<String> log)
      throws InterruptedException {
    var state =
        new UnitState(
            TargetState.of(reached).orElseThrow(),
            generation,
            load,
            active,
            sub,
            desired(unit).map(desired -> desired.file().hash()),
            result,
            problem,
            log);
    UnitState before = reported.get(unit + " " + machine);
    publish(unit, machine, before == null ? state : state.ordered(before.outcomes()));
  }

  private void publish(String unit, String machine, UnitState state) throws InterruptedException {
    reported.put(unit + " " + machine, state);
    var states = new TreeMap<UnitName.Placeable, UnitState>();
    states.put(placeable(unit), state);
    check(registry.publish(new MachineId(machine), states, new TreeSet<>(), lease));
  }

  /// Has a machine tell how the run goes of a unit that it has reported.
  void run(String unit, String machine, long restarts, String exit, boolean crashLooping)
      throws InterruptedException {
    var run = new Invocation("ab", restarts, exit, crashLooping);
    publish(unit, machine, reported(unit, machine).ran(run));
  }

  /// Has a machine tell what became of the newest order that concerns it, of a unit that it has
  /// reported and that has ended up as it has reported.
  void outcome(String unit, String machine, String result, String words)
      throws InterruptedException {
    UnitState state = reported(unit, machine);
    var order = desired(unit).orElseThrow().orders().on(new MachineId(machine)).orElseThrow();
    var after = new Outcome.Seen(state.active(), state.sub(), state.result(), "");
    var outcome =
        new Outcome(
            order, Outcome.Result.of(result).orElseThrow(), words, Outcome.Seen.NOTHING, after);
    var outcomes = new ArrayList<>(state.outcomes());
    outcomes.removeIf(each -> each.order().equals(order));
    outcomes.add(outcome);
    publish(unit, machine, state.ordered(outcomes));
  }

  private UnitState reported(String unit, String machine) {
    UnitState state = reported.get(unit + " " + machine);
    if (state == null) {
      throw new IllegalArgumentException(machine + " has not reported " + unit);
    }
    return state;
  }

  void forget(String unit, String machine) throws InterruptedException {
    reported.remove(unit + " " + machine);
    var gone = new TreeSet<>(List.of(placeable(unit)));
    check(registry.publish(new MachineId(machine), new TreeMap<>(), gone, lease));
  }

  void delete(String unit) throws InterruptedException {
    UnitName name = UnitName.parse(unit).orElseThrow();
    check(registry.destroy(name, registry.unit(name).orElseThrow().revision()));
  }

  void want(String unit, String target) throws InterruptedException {
    UnitName name = UnitName.parse(unit).orElseThrow();
    var stored = registry.unit(name).orElseThrow();
    var changed = stored.value().orElseThrow().to(TargetState.of(target).orElseThrow());
    check(registry.replace(changed, stored.revision()));
  }

  /// Another user orders something of a unit.
  void order(String unit, String kind) throws InterruptedException {
    UnitName name = UnitName.parse(unit).orElseThrow();
    var stored = registry.unit(name).orElseThrow();
    DesiredUnit desired = stored.value().orElseThrow();
    var orders =
        desired
            .orders()
            .once(new OrderId("other"), Order.Kind.of(kind).orElseThrow(), Optional.empty());
    check(registry.replace(desired.ordered(orders), stored.revision()));
  }

  private Optional<DesiredUnit> desired(String unit) throws InterruptedException {
    return registry
        .unit(UnitName.parse(unit).orElseThrow())
        .map(stored -> stored.value().orElseThrow());
  }

  private void decide(Decision decision) throws InterruptedException {
    check(registry.commit(term, List.of(decision), lease));
  }

  /// Makes sure that the API has seen a change that went past it: it shows all that happened before
  /// a change of its own.
  private void check(Commit commit) throws InterruptedException {
    if (!(commit instanceof Commit.Applied)) {
      throw new IllegalStateException("expected the change to be applied, found " + commit);
    }
    var patch = "[{\"op\":\"add\",\"path\":\"/nobody/metadata/at\",\"value\":\"" + commit + "\"}]";
    var response = service.handle(new Request("PATCH", "/fleet/v1/machines", List.of(), patch));
    if (response.status() != 204 && availability instanceof Availability.Ready) {
      throw new IllegalStateException(response.body());
    }
  }

  private static UnitName.Placeable placeable(String name) {
    return (UnitName.Placeable) UnitName.parse(name).orElseThrow();
  }

  @Override
  public void close() {
    served.close();
    service.close();
    store.close();
  }
}
