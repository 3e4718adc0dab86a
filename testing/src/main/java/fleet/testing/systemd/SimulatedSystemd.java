package fleet.testing.systemd;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The systemd of a machine that exists in memory only: nothing runs, but everything takes its
/// time.
///
/// It is as real as [Systemd] can tell; what units do is said by [Behavior]. It outlives the agents
/// that use it: closing it does nothing.
public final class SimulatedSystemd implements Systemd {

  /// The time that a call takes at most.
  private static final Duration LATENCY = Duration.ofMillis(10);

  private final Environment environment;
  private final SimulatedDisk disk = new SimulatedDisk();
  private final SimulatedUnits units = new SimulatedUnits(this, disk);
  private final List<Signal> watchers = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final SimulatedJournal journal = new SimulatedJournal();
  private long runs;
  private final SimulatedSwitches switches;
  private final SimulatedJobs jobs;
  private final SimulatedOwnUnits ownUnits;

  private Consumer<UnitName.Placeable> observer = _ -> {};
  private int reloadsToRefuse;
  private boolean away;
  private final LastLook lastLook = new LastLook();

  public SimulatedSystemd(Environment environment) {
    this.environment = environment;
    this.switches = new SimulatedSwitches(environment, this);
    this.jobs = new SimulatedJobs(environment, this);
    this.ownUnits = new SimulatedOwnUnits(this, disk);
  }

  // The port.

  @Override
  public SortedMap<UnitName.Placeable, LocalUnit> units(SortedSet<UnitName.Placeable> also)
      throws InterruptedException {
    answer("");
    synchronized (this) {
      return lastLook.again(also, disk.names(), units::look);
    }
  }

  @Override
  public SortedMap<UnitName.Placeable, String> install(
      SortedMap<UnitName.Placeable, UnitFile> files) throws InterruptedException {
    answer("install " + files.keySet());
    synchronized (this) {
      lastLook.changed();
      var refused = new TreeMap<UnitName.Placeable, String>();
      files.forEach(
          (name, file) -> {
            String refusal = disk.install(name, file);
            if (!refusal.isEmpty()) {
              refused.put(name, refusal);
            }
          });
      return refused;
    }
  }

  @Override
  public void reload() throws InterruptedException {
    answer("reload");
    synchronized (this) {
      if (reloadsToRefuse > 0) {
        reloadsToRefuse--;
        throw new SystemdException.Refused(
            "Reload() request rejected due to rate limit.",
            "org.freedesktop.DBus.Error.LimitsExceeded");
      }
      readAll();
    }
  }

  @Override
  public JobResult start(UnitName.Placeable name, Duration limit) throws InterruptedException {
    answer("start " + name);
    return jobs.start(name, limit);
  }

  @Override
  public JobResult restart(UnitName.Placeable name, String invocation, Duration limit)
      throws InterruptedException {
    answer("restart " + name);
    return jobs.restart(name, invocation, limit);
  }

  @Override
  public JobResult stop(UnitName.Placeable name, String invocation, Duration limit)
      throws InterruptedException {
    answer("stop " + name);
    return jobs.stop(name, invocation, limit);
  }

  @Override
  public synchronized Optional<UnitFile> file(UnitName.Placeable name) {
    return disk.file(name);
  }

  @Override
  public SortedMap<UnitName.Placeable, String> remove(SortedSet<UnitName.Placeable> names)
      throws InterruptedException {
    answer("remove " + names);
    synchronized (this) {
      for (UnitName.Placeable name : names) {
        disk.remove(name);
        units.forgetIfResting(name);
      }
      notifyWatchers();
      return new TreeMap<>();
    }
  }

  @Override
  public SortedMap<UnitName.Placeable, String> arm(SortedMap<UnitName.Placeable, Duration> after)
      throws InterruptedException {
    answer("");
    synchronized (this) {
      return switches.arm(after);
    }
  }

  @Override
  public void confirm(SortedSet<UnitName.Placeable> units) throws InterruptedException {
    answer("");
    synchronized (this) {
      units.forEach(switches::confirm);
    }
  }

  @Override
  public void disarm(SortedSet<UnitName.Placeable> units) throws InterruptedException {
    answer("");
    synchronized (this) {
      units.forEach(switches::disarm);
    }
  }

  @Override
  public List<String> lastLines(UnitName.Placeable name, int most) throws InterruptedException {
    answer("");
    synchronized (this) {
      return journal.last(name, most);
    }
  }

  @Override
  public synchronized void watch(Signal signal) {
    watchers.add(signal);
  }

  @Override
  public void close() {}

  // What the world does to it.

  /// What was asked of it, such as `start web.service`, but for questions.
  public synchronized List<String> history() {
    return List.copyOf(history);
  }

  /// What there is to say of a unit, without asking it.
  public synchronized LocalUnit peek(UnitName.Placeable name) {
    return units.look(name);
  }

  /// The units of which anything runs.
  public synchronized SortedSet<UnitName.Placeable> running() {
    return units.running();
  }

  /// Lets somebody know of each unit that begins to run.
  public synchronized void onBeginning(Consumer<UnitName.Placeable> observer) {
    this.observer = observer;
  }

  /// Makes it answer no more, or again.
  public synchronized void away(boolean away) {
    this.away = away;
    notifyWatchers();
  }

  /// Makes its journal unreadable.
  public synchronized void withoutJournal() {
    journal.lose();
  }

  /// Makes it refuse to reload so many times.
  public synchronized void refuseReloads(int count) {
    reloadsToRefuse = count;
  }

  /// From now on, something else starts the unit whenever it has stopped.
  public synchronized void startsAgain(UnitName.Placeable name) {
    units.startAgain(name, true);
  }

  /// Nothing else starts the unit any more.
  public synchronized void startsNoMore(UnitName.Placeable name) {
    units.startAgain(name, false);
  }

  /// Lets the main program of a service fail.
  public synchronized void fail(UnitName.Placeable name) {
    unit(name).fail();
  }

  /// Starts a unit that has failed, as its own `Restart=` does.
  public synchronized void comesUp(UnitName.Placeable name) {
    SimulatedUnit unit = unit(name);
    if (unit.active.equals("failed")) {
      unit.beginAgain();
    }
  }

  /// Has something other than fleet start a unit, such as its socket.
  public synchronized void startsByItself(UnitName.Placeable name) {
    SimulatedUnit unit = unit(name);
    if (unit.rests()) {
      unit.begin();
    }
  }

  /// Has something other than fleet stop a unit at once, such as `BindsTo=`.
  public synchronized void stopsByItself(UnitName.Placeable name) {
    SimulatedUnit unit = unit(name);
    if (!unit.rests()) {
      unit.end("inactive", "dead", "success");
    }
  }

  /// From when systemd next reads its files, the unit cannot be loaded, as after a mask or with a
  /// bad drop-in; or, with `loaded`, it can again.
  public synchronized void spoil(UnitName.Placeable name, String load) {
    units.spoil(name, load);
  }

  /// Writes something into the directory, behind everybody's back.
  public synchronized void write(UnitName.Placeable name, String text) {
    lastLook.changed();
    disk.write(name, text);
  }

  /// Deletes a file from the directory, behind everybody's back.
  public synchronized void delete(UnitName.Placeable name) {
    lastLook.changed();
    disk.delete(name);
  }

  /// What the machine has for itself.
  public SimulatedOwnUnits ownUnits() {
    return ownUnits;
  }

  /// Its dead man's switches, as they are armed.
  public SimulatedSwitches switches() {
    return switches;
  }

  /// Boots the machine anew: nothing runs, and the directory is empty.
  public synchronized void reboot() {
    lastLook.changed();
    units.vanish();
    switches.clear();
    disk.reboot();
    watchers.clear();
    away = false;
  }

  // The machine.

  private void answer(String request) throws InterruptedException {
    environment.sleep(Duration.ofNanos(1 + environment.random().nextLong(LATENCY.toNanos())));
    synchronized (this) {
      if (away) {
        throw new SystemdException.Unavailable("the simulated systemd is away");
      }
      if (!request.isEmpty()) {
        history.add(request.replace("[", "").replace("]", ""));
      }
    }
  }

  // What its switches do to it.

  void fired(UnitName.Placeable unit) {
    history.add("fired " + unit);
  }

  void kill(UnitName.Placeable name) {
    lastLook.changed();
    ownUnits.killed(name);
    unit(name).kill();
  }

  // What its units do to it.

  void notifyWatchers() {
    lastLook.changed();
    watchers.forEach(Signal::raise);
  }

  void begins(UnitName.Placeable name) {
    observer.accept(name);
  }

  void log(UnitName.Placeable name, String line) {
    journal.add(name, line);
  }

  Duration uptime() {
    return environment.uptime();
  }

  long nextRun() {
    return ++runs;
  }

  void looksDifferent() {
    lastLook.changed();
  }

  boolean isStartedAgain(UnitName.Placeable name) {
    return units.isStartedAgain(name);
  }

  /// Lets something happen when that much time has passed.
  void later(String what, Duration time, Runnable event) {
    environment.fork(
        what,
        () -> {
          environment.sleep(time);
          synchronized (this) {
            event.run();
          }
        });
  }

  synchronized <T> T whenHeld(Supplier<T> what) {
    return what.get();
  }

  SimulatedUnit unit(UnitName.Placeable name) {
    return units.unit(name);
  }

  void readAll() {
    units.readAll();
    notifyWatchers();
  }

  boolean allowsStartOf(UnitName.Placeable name) {
    return switches.allowsStartOf(name);
  }
}
