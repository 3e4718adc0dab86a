package fleet.agent;

import fleet.agent.AgentAction.Adopt;
import fleet.agent.AgentAction.Install;
import fleet.agent.AgentAction.Reason;
import fleet.agent.AgentAction.Reload;
import fleet.agent.AgentAction.Remove;
import fleet.agent.AgentAction.Start;
import fleet.agent.AgentAction.Stop;
import fleet.agent.AgentAction.Wait;
import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Environment.Task;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Does what the [Reconciler] says, again and again, whenever something may have changed.
///
/// One loop observes and decides. Files are written and deleted by the loop itself, many at once
/// and with one reload; each start and each stop is a task of its own, so that a unit that takes
/// its time delays nobody. What fails is noted against the unit that it concerns, and tried again
/// after a while; the others never notice.
final class UnitKeeper implements AssignmentFollower.Listener {

  private static final Logger LOG = System.getLogger(UnitKeeper.class.getName());
  private static final Duration LONGEST_REST = Duration.ofMillis(100);

  private final Environment environment;
  private final Systemd systemd;
  private final Memo memo;
  private final AgentOptions options;
  private final StatePublisher publisher;
  private final Signal changed;
  private final Signal cleared;

  // What follows is guarded by this object, which is never held while waiting.

  /// Empty until it is known; nothing is done until then.
  private Optional<SortedMap<UnitName.Placeable, Assignment>> assigned = Optional.empty();

  private SortedMap<UnitName.Placeable, String> illegible = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, Applied> applied = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, Task> busy = new TreeMap<>();
  private final BackOff backOff;
  private final TreeSet<UnitName.Placeable> stopped = new TreeSet<>();
  private boolean leaving;
  private boolean clean;

  // What follows is the loop's own.

  private boolean reloadOwed;
  private String trouble = "";
  private String saved = "";

  UnitKeeper(
      Environment environment,
      Systemd systemd,
      Memo memo,
      AgentOptions options,
      StatePublisher publisher) {
    this.environment = environment;
    this.systemd = systemd;
    this.memo = memo;
    this.options = options;
    this.publisher = publisher;
    this.changed = environment.signal("units changed");
    this.cleared = environment.signal("units cleared");
    this.backOff = new BackOff(environment, options.firstBackOff(), options.longestBackOff());
  }

  @Override
  public void assigned(
      SortedMap<UnitName.Placeable, Assignment> assignments,
      SortedMap<UnitName.Placeable, String> illegible) {
    synchronized (this) {
      if (leaving) {
        return;
      }
      var before = assigned.orElse(new TreeMap<>());
      var names = new TreeSet<>(before.keySet());
      names.addAll(assignments.keySet());
      for (UnitName.Placeable unit : names) {
        if (!Optional.ofNullable(before.get(unit))
            .equals(Optional.ofNullable(assignments.get(unit)))) {
          backOff.forget(unit);
        }
      }
      assigned = Optional.of(new TreeMap<>(assignments));
      this.illegible = new TreeMap<>(illegible);
    }
    changed.raise();
  }

  /// Stops and removes all units.
  ///
  /// @return whether all are gone; false if the limit came first
  boolean clear(Duration limit) throws InterruptedException {
    Duration end = environment.uptime().plus(limit);
    synchronized (this) {
      leaving = true;
      clean = false;
      assigned = Optional.of(new TreeMap<>());
      illegible = new TreeMap<>();
    }
    changed.raise();
    while (true) {
      synchronized (this) {
        if (clean) {
          return true;
        }
      }
      Duration left = end.minus(environment.uptime());
      if (!left.isPositive()) {
        return false;
      }
      cleared.await(left);
    }
  }

  /// Runs until interrupted.
  void run() throws InterruptedException {
    remember();
    systemd.watch(changed);
    try {
      while (true) {
        Duration began = environment.uptime();
        Duration next = pass();
        // As long again as that took, so that a storm of signals takes half of the time at most.
        Duration took = environment.uptime().minus(began);
        environment.sleep(took.compareTo(LONGEST_REST) < 0 ? took : LONGEST_REST);
        changed.await(next);
      }
    } finally {
      synchronized (this) {
        busy.values().forEach(Task::interrupt);
      }
    }
  }

  /// @return when to look again if nothing is signaled
  private Duration pass() throws InterruptedException {
    try {
      Optional<LocalSnapshot> local = observe();
      if (local.isPresent()) {
        reconcile(local.get());
      }
      if (!trouble.isEmpty()) {
        LOG.log(Level.INFO, "systemd answers again");
        trouble = "";
      }
    } catch (SystemdException e) {
      String now = String.valueOf(e.getMessage());
      if (!now.equals(trouble)) {
        LOG.log(
            Level.WARNING, "systemd does not do as asked; trying again. reason=\"" + now + "\"");
        trouble = now;
      }
      save();
      return Jitter.around(options.firstBackOff(), environment);
    }
    save();
    synchronized (this) {
      return backOff.untilNext().orElse(Jitter.around(options.resync(), environment));
    }
  }

  private Optional<LocalSnapshot> observe() throws InterruptedException {
    SortedMap<UnitName.Placeable, Assignment> assignments;
    var held = new TreeMap<UnitName.Placeable, Reason>();
    var names = new TreeSet<UnitName.Placeable>();
    synchronized (this) {
      if (assigned.isEmpty()) {
        return Optional.empty();
      }
      assignments = assigned.get();
      illegible.keySet().forEach(unit -> held.put(unit, Reason.ILLEGIBLE));
      backOff.deferred().forEach(unit -> held.put(unit, Reason.NOT_YET_AGAIN));
      // Before units are looked at: what is seen of a unit whose job has just ended may be old.
      busy.keySet().forEach(unit -> held.put(unit, Reason.JOB_RUNS));
      names.addAll(assignments.keySet());
      names.addAll(applied.keySet());
    }
    SortedMap<UnitName.Placeable, LocalUnit> observed = systemd.units(names);
    synchronized (this) {
      stopped.removeIf(
          unit -> {
            LocalUnit seen = observed.get(unit);
            return seen == null || seen.phase() == LocalUnit.Phase.RESTING;
          });
      return Optional.of(new LocalSnapshot(assignments, observed, applied, held, reloadOwed));
    }
  }

  private void reconcile(LocalSnapshot local) throws InterruptedException {
    List<AgentAction> actions = Reconciler.reconcile(local);
    var toInstall = new TreeMap<UnitName.Placeable, Assignment>();
    var toRemove = new TreeSet<UnitName.Placeable>();
    boolean acted = false;
    for (AgentAction action : actions) {
      switch (action) {
        case Stop(var unit, var reason) -> stop(unit, reason);
        case Install(var assignment, var reason) -> {
          toInstall.put(assignment.unit(), assignment);
          log("installing", assignment.unit(), reason);
        }
        case Remove(var unit, var reason) -> {
          toRemove.add(unit);
          log("removing", unit, reason);
        }
        case Reload() -> {
          change(toInstall, toRemove);
          acted = true;
        }
        case Adopt(var unit, var as, var reason) -> {
          adopt(unit, as, reason);
          acted = true;
        }
        case Start(var assignment, var reason) -> start(assignment, reason);
        case Wait(var unit, var reason) ->
            LOG.log(
                Level.DEBUG, () -> "waiting unit=" + unit + " reason=\"" + reason.text() + "\"");
      }
    }
    if (acted) {
      changed.raise(); // what was seen is no longer true: look before you speak
    } else {
      publish(local);
      synchronized (this) {
        clean =
            leaving
                && local.assigned().isEmpty()
                && local.applied().isEmpty()
                && local.observed().values().stream()
                    .allMatch(unit -> unit.file() instanceof OnDisk.Absent);
        if (clean) {
          cleared.raise();
        }
      }
    }
  }

  private void publish(LocalSnapshot local) {
    var problems = new TreeMap<UnitName.Placeable, String>();
    synchronized (this) {
      for (UnitName.Placeable unit : local.observed().keySet()) {
        problems.put(unit, backOff.problem(unit));
      }
      illegible.forEach(
          (unit, reason) -> problems.put(unit, Reason.ILLEGIBLE.text() + ": " + reason));
    }
    publisher.offer(UnitStates.of(local, problems));
  }

  // What is done by the loop itself.

  private void change(
      SortedMap<UnitName.Placeable, Assignment> toInstall, SortedSet<UnitName.Placeable> toRemove)
      throws InterruptedException {
    reloadOwed = true;
    var files = new TreeMap<UnitName.Placeable, UnitFile>();
    toInstall.forEach((unit, assignment) -> files.put(unit, assignment.file()));
    var notInstalled =
        files.isEmpty() ? new TreeMap<UnitName.Placeable, String>() : systemd.install(files);
    var notRemoved =
        toRemove.isEmpty() ? new TreeMap<UnitName.Placeable, String>() : systemd.remove(toRemove);
    notInstalled.forEach((unit, problem) -> failed(unit, problem));
    notRemoved.forEach((unit, problem) -> failed(unit, problem));
    systemd.reload();
    reloadOwed = false;
    synchronized (this) {
      toInstall.forEach(
          (unit, assignment) -> {
            if (!notInstalled.containsKey(unit)) {
              loaded(unit, assignment);
            }
          });
      for (UnitName.Placeable unit : toRemove) {
        if (!notRemoved.containsKey(unit)) {
          applied.remove(unit);
          backOff.forget(unit);
        }
      }
    }
  }

  private void loaded(UnitName.Placeable unit, Assignment assignment) {
    Applied before = applied.get(unit);
    if (before == null || !before.hash().equals(assignment.file().hash())) {
      applied.put(
          unit, new Applied(assignment.file().hash(), TargetState.LOADED, assignment.generation()));
    }
  }

  private void adopt(UnitName.Placeable unit, Applied as, Reason reason) {
    synchronized (this) {
      applied.put(unit, as);
      backOff.forget(unit);
    }
    log("adopting", unit, reason);
  }

  // What is done by tasks.

  private interface Job {
    JobResult run() throws InterruptedException;
  }

  private void start(Assignment assignment, Reason reason) {
    UnitName.Placeable unit = assignment.unit();
    synchronized (this) {
      Applied present = applied.get(unit);
      if (present == null || !present.hash().equals(assignment.file().hash())) {
        return; // it could not be installed
      }
    }
    log("starting", unit, reason);
    perform(
        "start",
        unit,
        () -> systemd.start(unit, options.jobLimit()),
        result -> {
          switch (result) {
            // A start that takes longer than we wait is in systemd's hands.
            case DONE, SKIPPED, ONCE, UNFINISHED -> {
              applied.put(
                  unit,
                  new Applied(
                      assignment.file().hash(), TargetState.LAUNCHED, assignment.generation()));
              backOff.forget(unit);
            }
            case CANCELED,
                TIMEOUT,
                FAILED,
                DEPENDENCY,
                INVALID,
                ASSERT,
                UNSUPPORTED,
                COLLECTED,
                OTHER ->
                failed(unit, "its start ended with \"" + result.text() + "\"");
          }
        });
  }

  private void stop(UnitName.Placeable unit, Reason reason) {
    synchronized (this) {
      if (stopped.remove(unit)) {
        failed(unit, "it was stopped and is active again");
        return;
      }
    }
    log("stopping", unit, reason);
    perform(
        "stop",
        unit,
        () -> systemd.stop(unit, options.jobLimit()),
        result -> {
          switch (result) {
            case DONE -> {
              applied.computeIfPresent(unit, (_, was) -> was.target(TargetState.LOADED));
              stopped.add(unit);
            }
            case UNFINISHED -> {} // seen as long as it lasts
            case CANCELED,
                TIMEOUT,
                FAILED,
                DEPENDENCY,
                SKIPPED,
                INVALID,
                ASSERT,
                UNSUPPORTED,
                COLLECTED,
                ONCE,
                OTHER ->
                failed(unit, "its stop ended with \"" + result.text() + "\"");
          }
        });
  }

  private interface Outcome {
    void take(JobResult result);
  }

  private synchronized void perform(
      String what, UnitName.Placeable unit, Job job, Outcome outcome) {
    Task task =
        environment.fork(
            what + " " + unit,
            () -> {
              try {
                JobResult result = job.run();
                synchronized (this) {
                  outcome.take(result);
                }
              } catch (SystemdException e) {
                failed(unit, String.valueOf(e.getMessage()));
              } finally {
                synchronized (this) {
                  busy.remove(unit);
                }
                changed.raise();
              }
            });
    busy.put(unit, task);
  }

  private synchronized void failed(UnitName.Placeable unit, String problem) {
    Duration pause = backOff.failed(unit, problem);
    LOG.log(
        Level.WARNING,
        "failed unit=" + unit + " again-in-ms=" + pause.toMillis() + " reason=\"" + problem + "\"");
  }

  private static void log(String what, UnitName.Placeable unit, Reason reason) {
    LOG.log(Level.INFO, () -> what + " unit=" + unit + " reason=\"" + reason.text() + "\"");
  }

  // What outlives the agent.

  private void remember() {
    try {
      var remembered = Remembered.applied(memo.read());
      remembered
          .problems()
          .forEach(problem -> LOG.log(Level.WARNING, "ignored in " + memo + ": " + problem));
      synchronized (this) {
        applied.putAll(remembered.units());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read what was done before: " + e.getMessage());
    }
  }

  private void save() {
    String text;
    synchronized (this) {
      text = Remembered.applied(applied);
    }
    if (!text.equals(saved)) {
      try {
        memo.write(text);
        saved = text;
      } catch (IOException e) {
        LOG.log(Level.WARNING, "cannot note what was done: " + e.getMessage());
      }
    }
  }
}
