package fleet.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// What befalls machines, network and store from without.
final class Fortune {

  private final World world;

  Fortune(World world) {
    this.world = world;
  }

  /// Strikes again and again, as often as the climate says.
  void reign() throws InterruptedException {
    while (true) {
      Duration pause = world.climate().betweenBlows();
      world.environment.sleep(upTo(pause.multipliedBy(2)));
      if (world.climate().betweenBlows().equals(pause)) {
        strike();
      }
    }
  }

  private RandomGenerator random() {
    return world.environment.random();
  }

  private Duration upTo(Duration most) {
    return Duration.ofMillis(random().nextLong(most.toMillis()));
  }

  private void strike() {
    SimulatedMachine machine = world.anyMachine();
    Duration span = upTo(Duration.ofSeconds(random().nextInt(4) == 0 ? 300 : 20));
    switch (random().nextInt(10)) {
      case 0 -> {
        world.chronicle.fault(machine + " loses its power");
        machine.loseThePowerForAWhile();
      }
      case 1 -> {
        world.chronicle.fault(machine + " is cut off for " + span);
        cut(machine, false, false, span);
      }
      case 2 -> {
        world.chronicle.fault(machine + " hears nothing for " + span);
        cut(machine, true, false, span);
      }
      case 3 -> {
        world.chronicle.fault(machine + " is not heard for " + span);
        cut(machine, false, true, span);
      }
      case 4 -> {
        world.chronicle.fault("the store is away for " + span);
        world.storeAway(true);
        world.later(span, () -> world.storeAway(false));
      }
      case 5 -> {
        world.chronicle.fault(machine + ": its daemon is killed");
        machine.crashDaemon();
      }
      case 6 -> {
        world.chronicle.fault(machine + ": its daemon hangs for " + span);
        machine.suspendDaemon(span);
      }
      case 7 -> {
        world.chronicle.fault("the store is compacted");
        world.store.compact(Long.MAX_VALUE);
      }
      case 8 -> {
        Duration by = upTo(Duration.ofDays(2)).minus(Duration.ofDays(1));
        world.chronicle.fault(machine + ": its clock is set by " + by);
        machine.moveClock(by);
      }
      default -> rarely(machine, span);
    }
  }

  private void rarely(SimulatedMachine machine, Duration span) {
    switch (random().nextInt(4)) {
      case 0 -> {
        world.chronicle.fault(machine + " leaves, and takes " + span + " at most");
        machine.leaveForAWhile(span);
      }
      case 1 -> {
        world.chronicle.fault("all machines lose their power");
        world.machines.forEach(SimulatedMachine::loseThePowerForAWhile);
      }
      case 2 -> {
        world.chronicle.fault(machine + ": its disk is full for " + span);
        machine.fillDisk(true);
        world.later(span, () -> machine.fillDisk(false));
      }
      default -> {
        world.chronicle.fault("the store and all daemons hang for " + span);
        world.machines.forEach(each -> each.suspendDaemon(span));
      }
    }
  }

  private void cut(SimulatedMachine machine, boolean sends, boolean hears, Duration span) {
    machine.cable(sends, hears);
    world.later(span, () -> machine.cable(true, true));
  }
}
