package fleet.simulation;

import fleet.cluster.env.VirtualProcess;
import fleet.cluster.store.FaultyStore;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.Store.Range;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// What may befall one daemon whenever it touches the world.
final class Perils implements FaultyStore.Weather {

  /// As long as a request to a real store may take before it is given up.
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);

  /// How far its watches may lag behind the store.
  private static final Duration MOST_LAG = Duration.ofSeconds(20);

  private final World world;
  private final SimulatedMachine machine;
  private final VirtualProcess process;
  private Duration deafUntil = Duration.ZERO;

  Perils(World world, SimulatedMachine machine, VirtualProcess process) {
    this.world = world;
    this.machine = machine;
    this.process = process;
  }

  /// Whether it happens this time.
  boolean strike() {
    int odds = world.climate().portFaults();
    return odds > 0 && random().nextInt(odds) == 0;
  }

  RandomGenerator random() {
    return world.environment.random();
  }

  /// Something that ends or suspends the daemon in the midst of what it does.
  void seize(String during) throws InterruptedException {
    switch (random().nextInt(4)) {
      case 0 -> {
        world.chronicle.fault(Fault.DAEMON_KILLED, machine + " during " + during);
        machine.crashDaemon();
      }
      case 1 -> {
        world.chronicle.fault(Fault.POWER_LOST, machine + " during " + during);
        machine.loseThePowerForAWhile();
      }
      default -> {
        Duration pause = Duration.ofMillis(random().nextLong(90_000));
        world.chronicle.fault(Fault.DAEMON_HANGS, machine + " for " + pause + " during " + during);
        process.suspend(pause);
        process.sleep(Duration.ZERO);
      }
    }
    process.checkAlive();
  }

  @Override
  public void out(String request) throws InterruptedException {
    process.checkAlive();
    if (strike()) {
      switch (random().nextInt(4)) {
        case 0 -> seize(request);
        case 1 -> lose(Fault.REQUEST_LOST, request);
        default -> delay(Fault.REQUEST_LATE, request);
      }
    }
    if (isLost()) {
      lose(Fault.REQUEST_LOST, request);
    }
    if (!machine.sends() || world.storeIsAway()) {
      process.sleep(REQUEST_TIMEOUT);
      throw new StoreException.Unavailable("no way to the store");
    }
  }

  @Override
  public void back(String request) throws InterruptedException {
    process.checkAlive();
    if (strike()) {
      switch (random().nextInt(4)) {
        case 0 -> seize("the answer to " + request);
        case 1 -> lose(Fault.ANSWER_LOST, request);
        default -> delay(Fault.ANSWER_LATE, request);
      }
    }
    if (isLost()) {
      lose(Fault.ANSWER_LOST, request);
    }
    if (!machine.hears()) {
      process.sleep(REQUEST_TIMEOUT);
      throw new StoreException.Unavailable("no answer from the store");
    }
    world.referee.answered();
  }

  private boolean isLost() {
    int losses = world.climate().losses();
    return losses > 0 && random().nextInt(100) < losses;
  }

  private void delay(Fault fault, String what) throws InterruptedException {
    Duration delay = Duration.ofMillis(random().nextLong(REQUEST_TIMEOUT.toMillis()));
    world.chronicle.fault(fault, machine + ": " + what + " by " + delay);
    process.sleep(delay);
    process.checkAlive();
  }

  private void lose(Fault fault, String what) throws InterruptedException {
    world.chronicle.fault(fault, machine + ": " + what);
    process.sleep(REQUEST_TIMEOUT);
    process.checkAlive();
    throw new StoreException.Unavailable("lost: " + what);
  }

  @Override
  public Consumer<Optional<Boolean>> renews(long lease) {
    Duration asked = world.environment.uptime();
    return kept -> world.referee.renewed(machine, lease, asked, kept);
  }

  @Override
  public boolean hears() {
    return process.isAlive()
        && machine.hears()
        && !world.storeIsAway()
        && world.environment.uptime().compareTo(deafUntil) >= 0;
  }

  @Override
  public boolean losesSignal() {
    if (!strike()) {
      return false;
    }
    if (random().nextBoolean()) {
      Duration lag = Duration.ofMillis(random().nextLong(MOST_LAG.toMillis()));
      world.chronicle.fault(Fault.WATCH_LATE, machine + " by " + lag);
      deafUntil = world.environment.uptime().plus(lag);
    } else {
      world.chronicle.fault(Fault.WATCH_SIGNAL_LOST, machine.toString());
    }
    return true;
  }

  @Override
  public void told(String prefix, Range range) {
    if (prefix.equals(world.referee.assignmentsOf(machine))) {
      world.referee.told(machine, range.entries());
    }
  }

  @Override
  public void told(String prefix, Batch batch) {
    if (prefix.equals(world.referee.assignmentsOf(machine))
        && batch instanceof Batch.Changes(_, var changes)) {
      changes.forEach(change -> world.referee.told(machine, change));
    }
  }

  @Override
  public void applied(List<Op> ops, long revision) {
    world.referee.applied(machine.id, ops, revision);
  }
}
