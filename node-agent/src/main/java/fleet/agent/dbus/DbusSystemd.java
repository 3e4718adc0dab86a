package fleet.agent.dbus;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException.Unavailable;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The systemd of this machine, over D-Bus (org.freedesktop.systemd1(5)).
///
/// It connects by itself, again and again. While it is not connected every call fails at once with
/// [Unavailable].
public final class DbusSystemd implements Systemd {

  /// How often we ask whether a job that we wait for is still there, in case that the signal of its
  /// end was lost.
  private static final Duration JOB_CHECK = Duration.ofSeconds(5);

  /// How long a signal that has come may take to be handled.
  private static final Duration SIGNAL_LAG = Duration.ofSeconds(1);

  private final DbusOptions options;

  /// For calls in which systemd reads or links many files.
  private final Duration slow;

  private final UnitDirectory directory;
  private final UnitFiles files;
  private final Observations observations;
  private final Signals signals;
  private final Bus bus;

  private DbusSystemd(DbusOptions options) {
    this.options = options;
    this.slow = options.callLimit().multipliedBy(6);
    Path below = Path.of("/").relativize(options.unitsDirectory());
    this.directory = new UnitDirectory(options.filesRoot().resolve(below));
    this.files = new UnitFiles(options.unitsDirectory(), directory, slow);
    this.observations = new Observations();
    this.signals = new Signals(observations, options.callLimit());
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

  /// Clears failures first, as a unit may have been started too often in a short time: that limit
  /// (`StartLimitBurst=`) is for restarts, not for what users ask.
  @Override
  public JobResult start(UnitName.Placeable unit, Duration limit) throws InterruptedException {
    Link link = bus.link();
    signals.alsoFollow(List.of(unit));
    List<Reply> replies =
        link.callAll(
            List.of(
                Request.manager("ResetFailedUnit", "s", unit.text()),
                Request.manager("StartUnit", "ss", unit.text(), "replace")),
            options.callLimit());
    return outcome(link, "start of " + unit, replies.get(1).orThrow(), limit);
  }

  @Override
  public JobResult stop(UnitName.Placeable unit, Duration limit) throws InterruptedException {
    Link link = bus.link();
    signals.alsoFollow(List.of(unit));
    Request request = Request.manager("StopUnit", "ss", unit.text(), "replace");
    return switch (link.call(request, options.callLimit())) {
      case Reply.Answer(var values) -> outcome(link, "stop of " + unit, values, limit);
      case Reply.Refusal refusal when refusal.noSuchUnit() -> JobResult.DONE;
      case Reply.Refusal refusal -> throw refusal.exception();
    };
  }

  /// Waits for the end of the job that systemd answered with.
  ///
  /// @throws Unavailable if it has ended and we shall never know how
  private JobResult outcome(Link link, String what, List<Object> answer, Duration limit)
      throws InterruptedException {
    String job = answer.getFirst().toString();
    CompletableFuture<JobResult> outcome = link.jobs().outcome(job);
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive()) {
        return JobResult.UNFINISHED;
      }
      try {
        return within(outcome, left.compareTo(JOB_CHECK) < 0 ? left : JOB_CHECK);
      } catch (TimeoutException e) {
        if (System.nanoTime() < end && isGone(link, job)) {
          return lost(outcome, what);
        }
      }
    }
  }

  private boolean isGone(Link link, String job) throws InterruptedException {
    Reply state = link.call(Request.property(job, "Job", "State"), options.callLimit());
    return state instanceof Reply.Refusal;
  }

  private static JobResult lost(CompletableFuture<JobResult> outcome, String what)
      throws InterruptedException {
    try {
      return within(outcome, SIGNAL_LAG);
    } catch (TimeoutException e) {
      throw new Unavailable(what + ": it has ended, and systemd's signal of how was lost", e);
    }
  }

  private static JobResult within(CompletableFuture<JobResult> outcome, Duration limit)
      throws InterruptedException, TimeoutException {
    try {
      return outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Unavailable lost -> throw new Unavailable(String.valueOf(lost.getMessage()), lost);
        case null, default -> throw new IllegalStateException(e);
      }
    }
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
