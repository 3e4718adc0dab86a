package fleet.simulation;

import fleet.agent.Agent;
import fleet.agent.presence.AgentStatus.Standing;
import fleet.agent.systemd.LocalUnit;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.api.service.ApiService;
import fleet.api.service.Availability;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.env.Environment;
import fleet.cluster.registry.Registry;
import fleet.scheduler.lead.Engine;
import fleet.testing.saved.MemoryText;
import fleet.testing.store.FaultyStore;
import fleet.testing.systemd.SimulatedSystemd;
import fleet.testing.time.VirtualProcess;
import fleet.unit.UnitName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One machine of a simulated cluster: its systemd, its disk, its cable, and the daemon that runs
/// on it, made of the same parts as the real one.
final class SimulatedMachine {

  /// More boots than any machine has.
  private static final int COPIED = 1_000_000;

  private static final ApiService.Settings SETTINGS = new ApiService.Settings(100, "2");

  final MachineId id;
  final SimulatedSystemd systemd;
  private final World world;
  private final MemoryText assignments;
  private MemoryText applied = new MemoryText();
  private @Nullable Daemon daemon;
  private boolean powered;
  private boolean lost;
  private boolean sends = true;
  private boolean hears = true;
  private int boot;
  final TakenNames own;

  /// Units that something on this machine does not leave alone.
  private final Set<UnitName.Placeable> harassed = new HashSet<>();

  SimulatedMachine(World world, MachineId id) {
    this(world, id, new MemoryText());
  }

  private SimulatedMachine(World world, MachineId id, MemoryText assignments) {
    this.world = world;
    this.id = id;
    this.assignments = assignments;
    this.systemd = new SimulatedSystemd(world.environment);
    this.own = new TakenNames(world, this);
    systemd.onBeginning(
        unit -> {
          own.begins(unit);
          world.referee.begins(this, unit);
        });
    systemd.switches().onChange(unit -> world.referee.fences.changed(this, unit));
  }

  /// Another machine, that is off, with this one's ID and what its disk has kept.
  SimulatedMachine copy() {
    var copy = new SimulatedMachine(world, id, assignments.copy());
    copy.boot = COPIED;
    return copy;
  }

  /// A `fleetd`.
  private final class Daemon {
    final VirtualProcess process = world.environment.process(id + " run " + boot);
    final FaultyStore store;
    final Agent agent;
    final ApiService api;

    Daemon() {
      world.referee.begins(SimulatedMachine.this);
      var perils = new Perils(world, SimulatedMachine.this, process);
      store = new FaultyStore(world.store, perils);
      var self = new Machine(id, id + ".example", new TreeMap<>(), "2", "boot " + boot);
      agent =
          new Agent(
              world.shape.agent(),
              process,
              store,
              world.keys,
              new PerilousSystemd(systemd, world, SimulatedMachine.this, process, perils),
              new PerilousText(assignments, "assignments", process, perils),
              new PerilousText(applied, "applied", process, perils),
              () -> self);
      var registry = new Registry(store, world.keys);
      api = new ApiService(registry, process, () -> SETTINGS, () -> availability(agent), () -> "");
      process.fork("agent", agent::run);
      process.fork("engine", new Engine(world.shape.engine(), id, process, store, registry)::run);
    }

    void kill() {
      process.kill();
      store.close();
    }
  }

  private static Availability availability(Agent agent) {
    return agent.status().standing() == Standing.PRESENT
        ? new Availability.Ready()
        : new Availability.Away(agent.status().problem(), Instant.EPOCH);
  }

  /// The assignments that are on its disk, as they lay in the store when they were kept.
  Map<String, String> kept() {
    var kept = new TreeMap<String, String>();
    for (String line : assignments.read().text().lines().skip(1).toList()) {
      String[] halves = line.split("\t", 2);
      kept.put(halves[0], halves[1]);
    }
    return kept;
  }

  boolean isOn() {
    return powered;
  }

  boolean sends() {
    return powered && sends;
  }

  boolean hears() {
    return powered && hears;
  }

  void powerOn() {
    if (!powered && !lost) {
      powered = true;
      boot++;
      daemon = new Daemon();
    }
  }

  void powerOff() {
    if (powered) {
      powered = false;
      world.referee.loses(this);
      endDaemon();
      systemd.reboot();
      applied = new MemoryText();
    }
  }

  private void endDaemon() {
    if (daemon != null) {
      daemon.kill();
      daemon = null;
    }
  }

  void loseThePowerForAWhile() {
    powerOff();
    world.later(Duration.ofMillis(world.environment.random().nextLong(120_000)), this::powerOn);
  }

  /// Has the daemon leave the cluster in order, and starts it again after a while.
  void leaveForAWhile(Duration limit) {
    Daemon leaving = daemon;
    if (leaving == null) {
      return;
    }
    world.referee.loses(this);
    int during = boot;
    leaving.process.fork(
        "leave",
        () -> {
          leaving.agent.leave(limit);
          if (daemon == leaving) {
            endDaemon();
            world.later(Duration.ofSeconds(20), () -> startDaemonOf(during));
          }
          leaving.process.checkAlive();
        });
  }

  private void startDaemonOf(int run) {
    if (powered && boot == run && daemon == null) {
      daemon = new Daemon();
    }
  }

  /// It never comes back.
  void loseForGood() {
    powerOff();
    lost = true;
  }

  /// Kills the daemon; systemd starts it again.
  void crashDaemon() {
    restartDaemon(Duration.ofMillis(300 + world.environment.random().nextLong(3_000)));
  }

  /// Ends the daemon, and starts it again after that time, as an upgrade does.
  void restartDaemon(Duration after) {
    endDaemon();
    int during = boot;
    world.later(after, () -> startDaemonOf(during));
  }

  /// Suspends the daemon; units run on.
  void suspendDaemon(Duration length) {
    if (daemon != null) {
      daemon.process.suspend(length);
    }
  }

  void moveClock(Duration by) {
    if (daemon != null) {
      daemon.process.moveClock(by);
    }
  }

  /// Pulls the cable, or one of its two directions.
  void cable(boolean sends, boolean hears) {
    if (this.hears != hears) {
      world.referee.hears(this, hears);
    }
    this.sends = sends;
    this.hears = hears;
  }

  /// Has a program on this machine start that unit again whenever it stops, and make it fail all
  /// the time, for as long as that: a crash loop.
  void harass(UnitName.Placeable unit, Duration span) {
    Duration end = world.environment.uptime().plus(span);
    systemd.startsAgain(unit);
    harassed.add(unit);
    world.environment.fork(
        "crash loop",
        () -> {
          while (harassed.contains(unit) && world.environment.uptime().compareTo(end) < 0) {
            if (systemd.peek(unit).active().equals("active")) {
              systemd.fail(unit);
            }
            world.environment.sleep(Duration.ofMillis(20));
          }
          harassed.remove(unit);
          systemd.startsNoMore(unit);
        });
  }

  /// Whether something on this machine starts the unit.
  boolean isHarassed(UnitName.Placeable unit) {
    return harassed.contains(unit);
  }

  /// Ends what goes on inside it.
  void calm() {
    harassed.clear();
  }

  boolean runs(String unit) {
    return running().stream().anyMatch(running -> running.text().equals(unit));
  }

  /// Whether it runs a unit of which there must not be two.
  boolean runsExclusive() {
    return systemd.running().stream().anyMatch(unit -> unit.text().startsWith("only"));
  }

  /// What runs of fleet's.
  SortedSet<UnitName.Placeable> running() {
    var running = new TreeSet<>(systemd.running());
    running.removeIf(unit -> own.runs(unit).isPresent());
    return running;
  }

  /// Whether a unit that was launched need not be running: it fails by itself, cannot run, or has
  /// been stopped by another than fleet.
  boolean mayHaveEnded(UnitName.Placeable unit) {
    LocalUnit local = systemd.peek(unit);
    return local.active().equals("failed") || !local.load().equals("loaded") || own.hasEnded(unit);
  }

  void fillDisk(boolean full) {
    var reason = full ? Optional.of("No space left on device") : Optional.<String>empty();
    world.referee.invocations.forgets(this, world.environment.uptime());
    assignments.failing(reason);
    applied.failing(reason);
  }

  /// Sends a request of a user to this machine's API, and waits for the answer for as long as there
  /// can be one.
  ///
  /// @return empty if there is nobody to answer, or no longer
  Optional<Response> ask(Request request) throws InterruptedException {
    Daemon asked = daemon;
    if (asked == null) {
      return Optional.empty();
    }
    var call = new Call(asked);
    asked.process.fork("request", () -> call.answer(asked.api.handle(request)));
    return call.await();
  }

  /// A request that may never be answered: the daemon may be killed over it.
  private final class Call {
    private final Environment.Signal answered = world.environment.signal("answer");
    private final Daemon asked;
    private @Nullable Response response;

    Call(Daemon asked) {
      this.asked = asked;
    }

    void answer(Response with) {
      response = with;
      answered.raise();
    }

    Optional<Response> await() throws InterruptedException {
      while (response == null && asked.process.isAlive()) {
        answered.await(Duration.ofSeconds(1));
      }
      return Optional.ofNullable(response);
    }
  }

  @Override
  public String toString() {
    return id.text();
  }
}
