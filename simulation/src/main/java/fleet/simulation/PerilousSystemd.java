package fleet.simulation;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.cluster.env.Environment.Signal;
import fleet.simulation.Shot.Moment;
import fleet.testing.time.VirtualProcess;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/// One daemon's way to its machine's systemd, on which things go wrong.
final class PerilousSystemd implements Systemd {

  private final Systemd systemd;
  private final World world;
  private final SimulatedMachine machine;
  private final VirtualProcess process;
  private final Perils perils;

  PerilousSystemd(
      Systemd systemd,
      World world,
      SimulatedMachine machine,
      VirtualProcess process,
      Perils perils) {
    this.systemd = systemd;
    this.world = world;
    this.machine = machine;
    this.process = process;
    this.perils = perils;
  }

  private interface Call<T> {
    T make() throws InterruptedException;
  }

  private <T> T travel(PortCall kind, String call, Call<T> inner) throws InterruptedException {
    process.checkAlive();
    perils.meet(kind, Moment.BEFORE, call);
    befall(call);
    if (kind != PortCall.LOOK && perils.strike()) {
      world.chronicle.fault(Fault.SYSTEMD_REFUSES, machine + ": " + call);
      throw new SystemdException.Refused("the simulated systemd will not", "org.example.Refused");
    }
    T answer = inner.make();
    process.checkAlive();
    perils.meet(kind, Moment.DURING, call);
    befall("the answer to " + call);
    perils.meet(kind, Moment.AFTER, call);
    return answer;
  }

  private void befall(String what) throws InterruptedException {
    if (perils.strike()) {
      switch (perils.random().nextInt(3)) {
        case 0 -> perils.seize(what);
        case 1 -> {
          long most = perils.random().nextInt(8) == 0 ? 600_000 : 20_000;
          Duration span = Duration.ofMillis(perils.random().nextLong(most));
          world.chronicle.fault(Fault.SYSTEMD_SLOW, machine + ": " + what + " takes " + span);
          process.sleep(span);
          process.checkAlive();
        }
        default -> {
          world.chronicle.fault(Fault.SYSTEMD_ANSWER_LOST, machine + ": " + what);
          throw new SystemdException.Unavailable("the simulated systemd did not answer");
        }
      }
    }
  }

  @Override
  public SortedMap<UnitName.Placeable, LocalUnit> units(SortedSet<UnitName.Placeable> also)
      throws InterruptedException {
    world.referee.looks(machine);
    return travel(PortCall.LOOK, "units", () -> systemd.units(also));
  }

  @Override
  public SortedMap<UnitName.Placeable, String> install(
      SortedMap<UnitName.Placeable, UnitFile> files) throws InterruptedException {
    return travel(PortCall.INSTALL, "install " + files.keySet(), () -> systemd.install(files));
  }

  @Override
  public Optional<UnitFile> file(UnitName.Placeable unit) {
    return systemd.file(unit);
  }

  @Override
  public void reload() throws InterruptedException {
    travel(
        PortCall.RELOAD,
        "reload",
        () -> {
          systemd.reload();
          return true;
        });
  }

  @Override
  public JobResult start(UnitName.Placeable unit, Duration limit) throws InterruptedException {
    world.referee.starts(machine, unit);
    return travel(PortCall.START, "start " + unit, () -> systemd.start(unit, limit));
  }

  @Override
  public JobResult restart(UnitName.Placeable unit, String invocation, Duration limit)
      throws InterruptedException {
    Runnable restarted = world.referee.restarts(machine, unit, invocation);
    JobResult result =
        travel(PortCall.RESTART, "restart " + unit, () -> systemd.restart(unit, invocation, limit));
    restarted.run();
    return result;
  }

  @Override
  public JobResult stop(UnitName.Placeable unit, String invocation, Duration limit)
      throws InterruptedException {
    world.referee.stops(machine, unit, invocation);
    return travel(PortCall.STOP, "stop " + unit, () -> systemd.stop(unit, invocation, limit));
  }

  @Override
  public SortedMap<UnitName.Placeable, String> remove(SortedSet<UnitName.Placeable> units)
      throws InterruptedException {
    return travel(PortCall.REMOVE, "remove " + units, () -> systemd.remove(units));
  }

  @Override
  public SortedMap<UnitName.Placeable, String> arm(SortedMap<UnitName.Placeable, Duration> after)
      throws InterruptedException {
    world.referee.arms(machine, after.keySet());
    return travel(PortCall.ARM, "arm " + after.keySet(), () -> systemd.arm(after));
  }

  @Override
  public void confirm(SortedSet<UnitName.Placeable> units) throws InterruptedException {
    travel(
        PortCall.CONFIRM,
        "confirm " + units,
        () -> {
          systemd.confirm(units);
          return true;
        });
  }

  @Override
  public void disarm(SortedSet<UnitName.Placeable> units) throws InterruptedException {
    travel(
        PortCall.DISARM,
        "disarm " + units,
        () -> {
          systemd.disarm(units);
          return true;
        });
  }

  @Override
  public List<String> lastLines(UnitName.Placeable unit, int count) throws InterruptedException {
    return travel(
        PortCall.LAST_LINES, "last lines of " + unit, () -> systemd.lastLines(unit, count));
  }

  @Override
  public void watch(Signal signal) {
    systemd.watch(signal);
  }

  @Override
  public void close() {}
}
