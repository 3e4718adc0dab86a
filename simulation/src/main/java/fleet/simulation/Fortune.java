package fleet.simulation;

import fleet.cluster.MachineId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What befalls machines, network and store from without.
final class Fortune {

  /// What one daemon is started later than another after an upgrade of all.
  private static final Duration UPGRADE = Duration.ofMillis(500);

  private final World world;

  /// When daemons that have hung may hang again: two short pauses in a row are a long one.
  private final Map<MachineId, Duration> rested = new HashMap<>();

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

  private void strike() throws InterruptedException {
    SimulatedMachine machine = world.anyMachine();
    Duration pauses = world.climate().pauses();
    if (pauses.isPositive()) {
      Duration now = world.environment.uptime();
      if (rested.getOrDefault(machine.id, now).compareTo(now) <= 0) {
        Duration pause = upTo(pauses);
        rested.put(machine.id, now.plus(pause).plus(world.shape.ttl()));
        note(Fault.DAEMON_HANGS, machine + " for " + pause);
        machine.suspendDaemon(pause);
      }
      return;
    }
    Duration span = upTo(Duration.ofSeconds(random().nextInt(4) == 0 ? 300 : 20));
    String whom = machine + " for " + span;
    switch (random().nextInt(13)) {
      case 0 -> {
        note(Fault.POWER_LOST, machine.toString());
        machine.loseThePowerForAWhile();
      }
      case 1 -> {
        note(Fault.CUT_OFF, whom);
        cut(machine, false, false, span);
      }
      case 2 -> {
        note(Fault.HEARS_NOTHING, whom);
        cut(machine, true, false, span);
      }
      case 3 -> {
        note(Fault.NOT_HEARD, whom);
        cut(machine, false, true, span);
      }
      case 4 -> {
        note(Fault.STORE_AWAY, "for " + span);
        world.storeAway(true);
        world.later(span, () -> world.storeAway(false));
      }
      case 5 -> {
        note(Fault.DAEMON_KILLED, machine.toString());
        machine.crashDaemon();
      }
      case 6 -> {
        note(Fault.DAEMON_HANGS, whom);
        machine.suspendDaemon(span);
      }
      case 7 -> {
        note(Fault.STORE_COMPACTED, "up to now");
        world.store.compact(Long.MAX_VALUE);
      }
      case 8 -> {
        Duration by = upTo(Duration.ofDays(2)).minus(Duration.ofDays(1));
        note(Fault.CLOCK_SET, machine + " by " + by);
        machine.moveClock(by);
      }
      case 9 -> {
        if (world.endLeaseOf(machine)) {
          note(Fault.LEASE_ENDED, machine.toString());
        }
      }
      case 10 -> toUnits(machine, span);
      case 11 -> itsOwn(machine, span);
      default -> rarely(machine, span);
    }
  }

  private void rarely(SimulatedMachine machine, Duration span) {
    String whom = machine + " for " + span;
    switch (random().nextInt(7)) {
      case 0 -> {
        note(Fault.DAEMON_LEAVES, machine + ", and takes " + span + " at most");
        machine.leaveForAWhile(span);
      }
      case 1 -> {
        note(Fault.ALL_POWER_LOST, "for a while");
        world.machines.forEach(SimulatedMachine::loseThePowerForAWhile);
      }
      case 2 -> {
        note(Fault.DISK_FULL, whom);
        machine.fillDisk(true);
        world.later(span, () -> machine.fillDisk(false));
      }
      case 3, 4 -> {
        note(Fault.SYSTEMD_AWAY, whom);
        machine.systemd.away(true);
        world.later(span, () -> machine.systemd.away(false));
      }
      case 5 -> {
        note(Fault.ALL_DAEMONS_UPGRADED, "within " + span);
        world.machines.forEach(each -> each.restartDaemon(span.plus(upTo(UPGRADE))));
      }
      default -> {
        note(Fault.ALL_DAEMONS_HANG, "for " + span);
        world.machines.forEach(each -> each.suspendDaemon(span));
      }
    }
  }

  /// Units fail, or somebody touches what is not theirs.
  private void toUnits(SimulatedMachine machine, Duration span) {
    var running = List.copyOf(machine.running());
    if (running.isEmpty()) {
      return;
    }
    var unit = running.get(random().nextInt(running.size()));
    String which = unit + " on " + machine;
    switch (random().nextInt(4)) {
      case 0 -> {
        note(Fault.UNIT_FILE_DELETED, which);
        machine.systemd.delete(unit);
      }
      case 1 -> {
        note(Fault.UNIT_FAILS, which);
        machine.systemd.fail(unit);
      }
      case 2 -> {
        note(Fault.UNIT_CRASHES_AGAIN_AND_AGAIN, which + " for " + span);
        // What others than fleet start is not fleet's to hold to one copy.
        if (!unit.text().startsWith("only")) {
          machine.harass(unit, span);
        }
      }
      default -> {
        note(Fault.UNIT_FILE_EDITED, which);
        machine.systemd.write(unit, "[Service]\nExecStart=/bin/other\n");
      }
    }
  }

  /// The machine has a unit of its own, under a name that a user's unit has, for a while.
  private void itsOwn(SimulatedMachine machine, Duration span) {
    var units = world.users.get(random().nextInt(world.users.size())).units();
    var unit = units.get(random().nextInt(units.size()));
    machine.own.come(unit);
    world.later(span.dividedBy(3), () -> machine.own.start(unit));
    world.later(span.dividedBy(2), () -> machine.own.start(unit));
    world.later(span, () -> machine.own.go(unit));
  }

  private void cut(SimulatedMachine machine, boolean sends, boolean hears, Duration span) {
    machine.cable(sends, hears);
    world.later(span, () -> machine.cable(true, true));
  }

  private void note(Fault fault, String whom) {
    world.chronicle.fault(fault, whom);
  }
}
