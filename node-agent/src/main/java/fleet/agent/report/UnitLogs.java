package fleet.agent.report;

import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Problems;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Fetches what units that have failed last wrote to the journal, for their states to tell.
///
/// A loop of its own, with one fetch at a time: nobody waits for it, and as long as it has found
/// nothing, states are told without. About a unit that fails over and over it asks every ten
/// seconds.
public final class UnitLogs {

  private static final Logger LOG = System.getLogger(UnitLogs.class.getName());

  /// From a failure to the fetches: the journal is written by another process, which may be behind.
  private static final List<Duration> DELAYS =
      List.of(Duration.ofMillis(30), Duration.ofMillis(300), Duration.ofSeconds(1));

  /// How long to wait for a failure when there is none.
  private static final Duration LONG = Duration.ofHours(1);

  /// Until a failure that is like the one before is worth another fetch.
  private static final Duration CALM = Duration.ofSeconds(10);

  /// What tells one failure of a unit from the next.
  private record Failure(Optional<Applied> applied, String load, String result, String problem) {}

  /// A unit that has failed.
  private static final class Failed {
    final UnitName.Placeable unit;
    final Failure failure;
    final Deque<Duration> due = new ArrayDeque<>();
    List<String> lines = List.of();

    /// Whether it is so now, and not up again before it fails the next time.
    boolean now = true;

    Failed(UnitName.Placeable unit, Failure failure) {
      this.unit = unit;
      this.failure = failure;
    }
  }

  private final Environment environment;
  private final Systemd systemd;
  private final Signal wanted;
  private final Signal changed;
  private final TreeMap<UnitName.Placeable, Failed> failed = new TreeMap<>();

  /// @param changed raised when there is something new to tell
  public UnitLogs(Environment environment, Systemd systemd, Signal changed) {
    this.environment = environment;
    this.systemd = systemd;
    this.changed = changed;
    this.wanted = environment.signal("logs wanted");
  }

  /// Takes note of which units have failed.
  ///
  /// @param problems why the agent cannot bring some units as far as they should be
  /// @return the lines of those that have, where they are known
  public synchronized SortedMap<UnitName.Placeable, List<String>> of(
      LocalSnapshot local, Problems problems) {
    failed.keySet().retainAll(local.observed().keySet());
    local
        .observed()
        .forEach(
            (unit, observed) -> {
              var applied = Optional.ofNullable(local.applied().get(unit));
              failure(
                      observed,
                      applied,
                      problems.texts().getOrDefault(unit, ""),
                      problems.failedStarts().contains(unit))
                  .ifPresentOrElse(failure -> note(unit, failure), () -> isUp(unit));
            });
    var lines = new TreeMap<UnitName.Placeable, List<String>>();
    failed.forEach(
        (unit, present) -> {
          if (present.now) {
            lines.put(unit, present.lines);
          }
        });
    return lines;
  }

  private static Optional<Failure> failure(
      LocalUnit observed, Optional<Applied> applied, String problem, boolean failedStart) {
    boolean has =
        observed.active().equals("failed")
            || observed.load().equals("bad-setting")
            || (observed.sub().startsWith("auto-restart") && !observed.result().equals("success"))
            || failedStart;
    return has
        ? Optional.of(new Failure(applied, observed.load(), observed.result(), problem))
        : Optional.empty();
  }

  private void isUp(UnitName.Placeable unit) {
    Failed before = failed.get(unit);
    if (before != null) {
      before.now = false;
    }
  }

  private void note(UnitName.Placeable unit, Failure failure) {
    Duration now = environment.uptime();
    Failed before = failed.get(unit);
    if (before == null || !before.failure.equals(failure)) {
      var news = new Failed(unit, failure);
      DELAYS.forEach(delay -> news.due.add(now.plus(delay)));
      failed.put(unit, news);
      wanted.raise();
    } else if (!before.now) {
      before.now = true;
      if (before.due.isEmpty()) {
        before.due.add(now.plus(CALM));
        wanted.raise();
      }
    }
  }

  /// Runs until interrupted.
  public void run() throws InterruptedException {
    while (true) {
      Optional<Failed> next = next();
      Duration left = next.map(unit -> untilDue(unit)).orElse(LONG);
      if (left.isPositive()) {
        wanted.await(left);
      } else {
        fetch(next.orElseThrow());
      }
    }
  }

  private synchronized Optional<Failed> next() {
    return failed.values().stream()
        .filter(unit -> !unit.due.isEmpty())
        .min(Comparator.comparing(unit -> unit.due.element()));
  }

  private synchronized Duration untilDue(Failed unit) {
    return unit.due.element().minus(environment.uptime());
  }

  private void fetch(Failed unit) throws InterruptedException {
    List<String> lines = List.of();
    try {
      lines = LogLines.told(systemd.lastLines(unit.unit, LogLines.MOST));
    } catch (SystemdException e) {
      LOG.log(Level.DEBUG, () -> "no journal of " + unit.unit + ": " + e.getMessage());
    }
    synchronized (this) {
      unit.due.remove();
      if (lines.isEmpty() || lines.equals(unit.lines)) {
        return;
      }
      unit.lines = lines;
    }
    changed.raise();
  }
}
