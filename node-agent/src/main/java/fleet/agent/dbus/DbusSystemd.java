package fleet.agent.dbus;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.agent.systemd.SystemdException.Unavailable;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/// The systemd of this machine, over D-Bus (org.freedesktop.systemd1(5)).
///
/// It connects by itself, again and again. While it is not connected every call fails at once with
/// [Unavailable].
public final class DbusSystemd implements Systemd {

  private static final Duration JOB_CHECK = Duration.ofSeconds(5);
  private static final Duration JOURNAL_LIMIT = Duration.ofSeconds(3);

  private final DbusOptions options;

  /// For calls in which systemd reads or links many files.
  private final Duration slow;

  private final UnitDirectory directory;
  private final UnitFiles files;
  private final Observations observations;
  private final JobRunner jobs;
  private final SwitchUnits switchboard;
  private final Signals signals;
  private final Journal journal;
  private final Bus bus;

  private DbusSystemd(DbusOptions options) {
    this.options = options;
    this.slow = options.callLimit().multipliedBy(6);
    this.directory = new UnitDirectory(options.reached(options.unitsDirectory()));
    var switches = new SwitchFiles(options.reached(options.runtimeUnits()), options.ofUser());
    var others = new OthersFiles(options);
    this.files =
        new UnitFiles(
            options.unitsDirectory(),
            directory,
            switches,
            others,
            new OwnLinks(options, others),
            slow);
    this.observations = new Observations(others, options.local() ? Home.own() : new TreeSet<>());
    this.jobs = new JobRunner(options.callLimit(), JOB_CHECK);
    this.switchboard = new SwitchUnits(switches, jobs, options.callLimit(), slow);
    this.signals = new Signals(observations, others, options.callLimit());
    this.journal = new Journal(options.journalctl(), JOURNAL_LIMIT);
    this.bus = new Bus(options, signals);
  }

  /// Begins to connect, and waits for the outcome of the first attempt. If that fails others
  /// follow, for as long as this is open.
  public static DbusSystemd open(DbusOptions options) throws InterruptedException {
    var systemd = new DbusSystemd(options);
    systemd.bus.open();
    return systemd;
  }

  @Override
  public SortedMap<UnitName.Placeable, LocalUnit> units(SortedSet<UnitName.Placeable> also)
      throws InterruptedException {
    Link link = bus.link();
    try {
      SortedMap<UnitName.Placeable, OnDisk> asked = directory.list();
      also.forEach(name -> asked.putIfAbsent(name, new OnDisk.Absent()));
      signals.follow(asked.keySet());
      return observations.look(link, asked, options.callLimit(), slow);
    } catch (IOException e) {
      throw unlistable(e);
    }
  }

  @Override
  public SortedMap<UnitName.Placeable, String> install(
      SortedMap<UnitName.Placeable, UnitFile> units) throws InterruptedException {
    Link link = bus.link();
    signals.alsoFollow(units.keySet());
    try {
      return files.install(link, units);
    } catch (IOException e) {
      throw unlistable(e);
    } finally {
      observations.filesChanged();
    }
  }

  private Unavailable unlistable(IOException e) {
    return new Unavailable(
        "list of " + options.unitsDirectory() + ": " + UnitDirectory.problem(e), e);
  }

  @Override
  public SortedMap<UnitName.Placeable, String> remove(SortedSet<UnitName.Placeable> units)
      throws InterruptedException {
    try {
      return files.remove(bus.link(), units);
    } catch (IOException e) {
      throw unlistable(e);
    } finally {
      observations.filesChanged();
    }
  }

  @Override
  public void reload() throws InterruptedException {
    try {
      var _ = bus.link().call(Request.manager("Reload", ""), slow).orThrow();
    } finally {
      observations.filesChanged();
    }
  }

  @Override
  public JobResult start(UnitName.Placeable unit, Duration limit) throws InterruptedException {
    Link link = bus.link();
    signals.alsoFollow(List.of(unit));
    return jobs.start(link, unit, limit);
  }

  @Override
  public JobResult restart(UnitName.Placeable unit, String invocation, Duration limit)
      throws InterruptedException {
    Link link = bus.link();
    signals.alsoFollow(List.of(unit));
    if (jobs.needsReload(link, unit)) {
      reload();
    }
    return jobs.restart(link, unit, invocation, limit);
  }

  @Override
  public Optional<UnitFile> file(UnitName.Placeable unit) {
    return directory.file(unit);
  }

  @Override
  public JobResult stop(UnitName.Placeable unit, String invocation, Duration limit)
      throws InterruptedException {
    Link link = bus.link();
    signals.alsoFollow(List.of(unit));
    return jobs.stop(link, unit, invocation, limit);
  }

  @Override
  public SortedMap<UnitName.Placeable, String> arm(SortedMap<UnitName.Placeable, Duration> after)
      throws InterruptedException {
    return switchboard.arm(bus.link(), after);
  }

  @Override
  public void confirm(SortedSet<UnitName.Placeable> units) throws InterruptedException {
    switchboard.confirm(bus.link(), units);
  }

  @Override
  public void disarm(SortedSet<UnitName.Placeable> units) throws InterruptedException {
    switchboard.disarm(bus.link(), units);
  }

  /// In whose care a process is, as this systemd sees it.
  public ProcessManager managerOf(long pid) throws InterruptedException {
    try {
      return ProcessManagerQuestion.ask(bus.link(), pid, options.callLimit());
    } catch (SystemdException e) {
      return new ProcessManager.Unknown(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<String> lastLines(UnitName.Placeable unit, int most) throws InterruptedException {
    return journal.lastLines(unit, most);
  }

  @Override
  public void watch(Signal signal) {
    signals.watch(signal);
  }

  @Override
  public void close() {
    bus.close();
  }
}
