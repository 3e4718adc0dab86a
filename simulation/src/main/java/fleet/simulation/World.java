package fleet.simulation;

import fleet.cluster.MachineId;
import fleet.cluster.env.Environment;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store;
import fleet.testing.store.MemoryStore;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// A cluster of simulated machines, its store and its users. All that happens follows from a seed.
final class World {

  final VirtualEnvironment environment;
  final Chronicle chronicle;
  final MemoryStore store;
  final Keyspace keys = new Keyspace("/fleet/");
  final Registry registry;
  final Referee referee;
  final Aims aims = new Aims(this);
  final List<SimulatedMachine> machines = new ArrayList<>();
  final List<User> users = new ArrayList<>();

  /// A unit that all users have to do with.
  final SharedUnit shared = new SharedUnit();

  final Shape shape;

  /// The machine that has a unit of its own for ever, and the unit.
  private final SimulatedMachine proprietor;

  private final Optional<UnitName.Placeable> property;

  private Climate climate = Climate.CALM;
  private boolean storeAway;

  World(long seed, Shape shape) {
    this.shape = shape;
    environment = new VirtualEnvironment(seed);
    chronicle = new Chronicle(() -> environment.uptime().toString());
    store = new MemoryStore(environment);
    registry = new Registry(store, keys);
    referee = new Referee(this);
    referee.watchMachines();
    IntFunction<String> ids = i -> Character.toString('a' + i).repeat(32);
    for (int i = 0; i < shape.machines(); i++) {
      var machine = new SimulatedMachine(this, new MachineId(ids.apply(i)));
      machines.add(machine);
      environment.fork("power button", machine::powerOn);
    }
    for (int i = 0; i < shape.users(); i++) {
      var user = new User(this, i);
      users.add(user);
      environment.fork("user " + i, user::live);
    }
    property =
        users.stream().findFirst().map(user -> user.units().get(environment.random().nextInt(4)));
    proprietor = anyMachine();
    property.ifPresent(unit -> environment.fork("property", () -> proprietor.own.come(unit)));
    environment.fork("fortune", new Fortune(this)::reign);
  }

  /// Lets the world go on under a climate.
  void run(Climate now, Duration span) {
    climate = now;
    environment.run(span);
  }

  Climate climate() {
    return climate;
  }

  /// The leader's record.
  Optional<Store.Entry> leader() {
    return store.read("/fleet/leader");
  }

  boolean storeIsAway() {
    return storeAway;
  }

  void storeAway(boolean away) {
    storeAway = away;
  }

  /// Ends a machine's lease although it is kept alive, as a store does that has lost it.
  ///
  /// @return false if it has an exclusive unit: of those nothing is promised then (docs/decisions,
  ///     0020)
  boolean endLeaseOf(SimulatedMachine machine) {
    boolean exclusive =
        store.range("/fleet/assignments/" + machine + "/only").entries().size() > 0
            || machine.running().stream().anyMatch(u -> u.text().startsWith("only"));
    if (!exclusive) {
      store.read("/fleet/machines/" + machine).ifPresent(record -> store.revoke(record.lease()));
    }
    return !exclusive;
  }

  void later(Duration delay, Runnable event) {
    environment.fork(
        "later",
        () -> {
          environment.sleep(delay);
          event.run();
        });
  }

  /// Has the user of a unit, whose machine was hit while it restarted it, ask for that once more.
  void restartAgain(String unit) {
    if (climate.isAimed()) {
      users.stream()
          .filter(user -> user.units().stream().anyMatch(own -> own.text().equals(unit)))
          .forEach(user -> environment.fork("once more", () -> user.restart(unit)));
    }
  }

  /// Something to be done at once by somebody who stands outside.
  void act(Environment.Body body) {
    environment.fork("outside", body);
    environment.run(Duration.ofMillis(1));
  }

  SimulatedMachine anyMachine() {
    return machines.get(environment.random().nextInt(machines.size()));
  }

  /// The machine whose engine leads, if one does.
  Optional<SimulatedMachine> leadingMachine() {
    return leader()
        .flatMap(
            record ->
                machines.stream().filter(m -> record.value().contains(m.id.text())).findFirst());
  }

  SimulatedMachine machine(String id) {
    return machines.stream().filter(m -> m.id.text().equals(id)).findFirst().orElseThrow();
  }

  /// What a machine has for itself, for ever.
  Optional<UnitName.Placeable> keeps(SimulatedMachine machine) {
    return machine == proprietor ? property : Optional.empty();
  }

  /// Ends all trouble: every machine is on and reached by all, but one, which is lost for good.
  void heal() {
    climate = Climate.CALM;
    storeAway = false;
    machines.forEach(machine -> machine.cable(true, true));
    machines.forEach(machine -> machine.fillDisk(false));
    machines.forEach(SimulatedMachine::calm);
    machines.forEach(machine -> machine.own.goAllBut(keeps(machine)));
    machines.forEach(machine -> machine.systemd.away(false));
    users.forEach(User::rest);
    var lost = anyMachine();
    chronicle.fault(Fault.MACHINE_LOST_FOR_GOOD, lost.toString());
    machines.forEach(SimulatedMachine::powerOn);
    lost.loseForGood();
  }
}
