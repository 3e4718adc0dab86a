package fleet.simulation;

import fleet.cluster.env.VirtualProcess;
import fleet.cluster.store.FaultyStore;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.Store.Range;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// What may befall one daemon whenever it touches the world.
final class Perils implements FaultyStore.Weather {

  /// As long as a request to a real store may take before it is given up.
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);

  private final World world;
  private final SimulatedMachine machine;
  private final VirtualProcess process;

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
        world.chronicle.fault(machine + ": its daemon is killed during " + during);
        machine.crashDaemon();
      }
      case 1 -> {
        world.chronicle.fault(machine + ": power lost during " + during);
        machine.loseThePowerForAWhile();
      }
      default -> {
        Duration pause = Duration.ofMillis(random().nextLong(90_000));
        world.chronicle.fault(machine + ": its daemon hangs for " + pause + " during " + during);
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
        case 1 -> lose(request + " on its way");
        default -> delay(request + " on its way");
      }
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
        case 1 -> lose("the answer to " + request);
        default -> delay("the answer to " + request);
      }
    }
    if (!machine.hears()) {
      process.sleep(REQUEST_TIMEOUT);
      throw new StoreException.Unavailable("no answer from the store");
    }
  }

  private void delay(String what) throws InterruptedException {
    Duration delay = Duration.ofMillis(random().nextLong(REQUEST_TIMEOUT.toMillis()));
    world.chronicle.fault(machine + ": " + what + " is late by " + delay);
    process.sleep(delay);
    process.checkAlive();
  }

  private void lose(String what) throws InterruptedException {
    world.chronicle.fault(machine + ": " + what + " is lost");
    process.sleep(REQUEST_TIMEOUT);
    process.checkAlive();
    throw new StoreException.Unavailable("lost: " + what);
  }

  @Override
  public boolean hears() {
    return process.isAlive() && machine.hears() && !world.storeIsAway();
  }

  @Override
  public boolean losesSignal() {
    boolean lost = strike();
    if (lost) {
      world.chronicle.fault(machine + ": the signal of a watch is lost");
    }
    return lost;
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
