package fleet.agent;

import fleet.agent.reconcile.AgentAction;
import fleet.agent.reconcile.AgentAction.Adopt;
import fleet.agent.reconcile.AgentAction.Install;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.reconcile.AgentAction.Reload;
import fleet.agent.reconcile.AgentAction.Remove;
import fleet.agent.reconcile.AgentAction.Restart;
import fleet.agent.reconcile.AgentAction.Start;
import fleet.agent.reconcile.AgentAction.Stop;
import fleet.agent.reconcile.AgentAction.Try;
import fleet.agent.reconcile.AgentAction.Wait;
import fleet.agent.reconcile.Expected;
import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.reconcile.Permissions;
import fleet.agent.reconcile.Reconciler;
import fleet.agent.saved.SavedText;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.agent.unit.UnitEvent;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.LastingTrouble;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Does what the [Reconciler] says, again and again, whenever something may have changed.
///
/// One loop looks, decides and acts. It writes and deletes files itself, many at once and with one
/// reload, and leaves starts and stops to [UnitJobs]. What fails is noted against the unit that it
/// concerns, and tried again after a while; the others never notice. Where all is as it was when
/// there was nothing to do, nothing is decided anew ([Scene]).
final class ReconcileLoop {

  private static final Logger LOG = System.getLogger(ReconcileLoop.class.getName());

  /// After a calm, the loop may work for half of this without a rest.
  private static final Duration ALLOWANCE = Duration.ofSeconds(1);

  /// What should be is as it was for so long, if nothing has failed or been changed.
  private static final Duration LONG = Duration.ofHours(1);

  /// A process that was suspended in the midst of its work has not worked all that time.
  private static final Duration COSTLIEST = Duration.ofSeconds(2);

  private final Environment environment;
  private final Systemd systemd;
  private final AgentOptions options;
  private final StatePublisher publisher;
  private final LeaseGuard guard;
  private final OwnUnits ownUnits;
  private final UnitTable table;
  private final AppliedLog appliedLog;
  private final Inbox inbox;
  private final JobOutcomes outcomes;
  private final UnitJobs jobs;
  private final UnitLogs logs;
  private final Undertakings undertakings;
  private final FileChanges files;
  private final Tryout tryout;
  private final Signal changed;
  private final Signal cleared;

  /// What was found when there was last nothing to do; empty if there was something.
  private Optional<Scene> calm = Optional.empty();

  private Optional<Expected> expected = Optional.empty();

  /// [UnitTable#changes] when that was asked for.
  private long expectedAt = -1;

  /// When something that has failed may be tried again.
  private Duration expectedUntil = Duration.ZERO;

  private final LastingTrouble trouble;

  /// What others may know of the records, as of the last pass.
  private volatile View view = new View(new TreeMap<>(), new TreeSet<>(), new TreeSet<>());

  /// [UnitTable#changes] as of that.
  private long viewedAt = -1;

  /// Units of which two copies must never run, of a machine that leaves.
  private volatile SortedSet<UnitName.Placeable> exclusiveAsItLeft = new TreeSet<>();

  /// What is still here of a machine that leaves; empty before the first look.
  private volatile Optional<SortedSet<UnitName.Placeable>> left = Optional.empty();

  /// @param file where to note what was done
  /// @param ownUnits what the machine tells of names that are taken
  /// @param inbox where it is told what has happened to units
  /// @param changed to be raised when something has, or systemd has changed
  ReconcileLoop(
      Environment environment,
      Systemd systemd,
      SavedText file,
      AgentOptions options,
      StatePublisher publisher,
      LeaseGuard guard,
      OwnUnits ownUnits,
      Inbox inbox,
      Signal changed) {
    this.environment = environment;
    this.systemd = systemd;
    this.options = options;
    this.publisher = publisher;
    this.guard = guard;
    this.changed = changed;
    this.trouble = new LastingTrouble(environment);
    this.cleared = environment.signal("units cleared");
    this.ownUnits = ownUnits;
    this.table = new UnitTable(environment, options, ownUnits);
    this.appliedLog = new AppliedLog(environment, file, table);
    this.inbox = inbox;
    this.outcomes = new JobOutcomes(environment, options, table);
    this.jobs = new UnitJobs(environment, systemd, options, inbox);
    this.logs = new UnitLogs(environment, systemd, changed);
    this.undertakings = new Undertakings(environment, table, guard, appliedLog, jobs, outcomes);
    this.files = new FileChanges(environment, systemd, options, table, outcomes);
    this.tryout = new Tryout(environment, systemd, table, appliedLog, files, outcomes);
  }

  /// How far each unit that is assigned should come.
  SortedMap<UnitName.Placeable, TargetState> targets() {
    return view.targets();
  }

  /// Whether two copies of the unit must never run, also if it is assigned no longer.
  boolean isExclusive(UnitName.Placeable unit) {
    return exclusiveAsItLeft.contains(unit) || guard.isExclusive(unit);
  }

  /// Stops and removes all units, whatever is assigned from now on.
  ///
  /// @return those that are still here when the limit comes first, as far as is known
  SortedSet<UnitName.Placeable> clear(Duration limit) throws InterruptedException {
    Duration end = environment.uptime().plus(limit);
    exclusiveAsItLeft = view.exclusive();
    inbox.offer(new UnitEvent.Leaving());
    while (left.map(units -> !units.isEmpty()).orElse(true)) {
      Duration remaining = end.minus(environment.uptime());
      if (!remaining.isPositive()) {
        return left.orElseGet(view::here);
      }
      cleared.await(remaining);
    }
    return new TreeSet<>();
  }

  /// Fetches the last words of units that have failed, until interrupted. A task of its own: nobody
  /// waits for a journal.
  void fetchLogs() throws InterruptedException {
    logs.run();
  }

  /// Runs until interrupted.
  void run() throws InterruptedException {
    appliedLog.remember();
    systemd.watch(changed);
    try {
      var bucket = new LeakyBucket(environment, ALLOWANCE);
      while (true) {
        Duration began = environment.uptime();
        Duration next = pass();
        // Twice what it took: a storm of signals takes half of the time at most.
        Duration cost = environment.uptime().minus(began);
        cost = cost.plus(cost);
        bucket.rest(cost.compareTo(COSTLIEST) < 0 ? cost : COSTLIEST);
        awaitNews(next);
      }
    } finally {
      jobs.interrupt();
    }
  }

  /// @return when to look again if nothing is signaled
  private Duration pass() throws InterruptedException {
    inbox
        .take()
        .forEach(
            event -> {
              jobs.ended(event);
              outcomes.take(event);
            });
    try {
      tryout.putBack();
      long before = table.changes();
      Duration now = environment.uptime();
      if (before != expectedAt || now.compareTo(expectedUntil) >= 0 || !table.calm()) {
        expected = table.expected();
        expectedAt = before;
        expectedUntil = now.plus(table.untilNextAttempt().orElse(LONG));
      }
      if (expected.isPresent()) {
        look(expected.get());
      }
      trouble.over("systemd answers again").ifPresent(line -> LOG.log(Level.INFO, line));
    } catch (SystemdException e) {
      trouble
          .met(
              e.getClass().getSimpleName(),
              "systemd does not answer; trying again. reason=\"" + e.getMessage() + "\"")
          .ifPresent(line -> LOG.log(Level.WARNING, line));
      return Jitter.around(options.firstBackOff(), environment);
    } finally {
      appliedLog.save();
      show();
    }
    Duration next = table.untilNextAttempt().orElse(options.resync());
    boolean unfinished = files.reloadOwed() || !table.toPutBack().isEmpty();
    Duration resync =
        Jitter.around(unfinished ? options.firstBackOff() : options.resync(), environment);
    return next.compareTo(resync) < 0 ? next : resync;
  }

  /// Lets others know of the records.
  private void show() {
    if (viewedAt == table.changes()) {
      return;
    }
    viewedAt = table.changes();
    var here = new TreeSet<>(table.applied().keySet());
    view = new View(table.targets(), here, table.exclusive());
  }

  /// @param targets how far each unit that is assigned should come
  /// @param here the units that are installed
  /// @param exclusive those of them of which two copies must never run
  private record View(
      SortedMap<UnitName.Placeable, TargetState> targets,
      SortedSet<UnitName.Placeable> here,
      SortedSet<UnitName.Placeable> exclusive) {}

  /// Waits until something may have changed, or the lease has lapsed, and units must stop for it.
  private void awaitNews(Duration limit) throws InterruptedException {
    var bound = expected.map(Expected::bound).orElseGet(TreeSet::new);
    Duration left = limit;
    Duration end = environment.uptime().plus(limit);
    Duration lapse = guard.untilLapse(bound);
    while (!changed.await(lapse.isPositive() && lapse.compareTo(left) < 0 ? lapse : left)) {
      Duration now = guard.untilLapse(bound);
      left = end.minus(environment.uptime());
      if (!left.isPositive() || (lapse.isPositive() && !now.isPositive())) {
        return;
      }
      lapse = now;
    }
  }

  private void look(Expected expected) throws InterruptedException {
    Permissions permissions = guard.permissions(expected);
    long disturbances = guard.disturbances();
    Duration began = environment.uptime();
    var observed = systemd.units(expected.names());
    var scene = new Scene(expected, disturbances, logs.fetched(), permissions, observed);
    // Who leaves has to hear what is left, also if that is nothing, as before.
    if (!table.leaving() && table.calm() && calm.equals(Optional.of(scene))) {
      return;
    }
    calm = Optional.empty();
    var foreign = table.own(expected, observed);
    var local = table.seen(expected, observed, foreign, files.reloadDue(), permissions, began);
    var taken = local.taken();
    ownUnits.seen(local, taken);
    if (undertakings.refuse(local, taken)) {
      changed.raise();
    }
    guard.guard(expected, observed, taken.keySet());
    var cutDown =
        table.cutDown(
            observed, expected.held().keySet(), unit -> guard.disturbance(unit, disturbances));
    if (!cutDown.isEmpty()) {
      LOG.log(Level.WARNING, "cut down by their dead man's switches units=" + cutDown);
      changed.raise();
      return;
    }
    if (!reconcile(local) && table.calm() && table.changes() == expectedAt) {
      calm = Optional.of(scene);
    }
  }

  /// All that a pass goes by, as long as nothing is under way.
  ///
  /// @param disturbances of the guard
  /// @param fetched of the journals
  private record Scene(
      Expected expected,
      long disturbances,
      long fetched,
      Permissions permissions,
      SortedMap<UnitName.Placeable, LocalUnit> observed) {}

  /// @return whether there was anything to do
  private boolean reconcile(LocalSnapshot local) throws InterruptedException {
    var toInstall = new TreeMap<UnitName.Placeable, Assignment>();
    var toRemove = new TreeSet<UnitName.Placeable>();
    boolean acted = false;
    List<AgentAction> actions = Reconciler.reconcile(local);
    undertakings.noteEnds(actions, local);
    var starts = new ArrayList<Start>();
    var restarts = new ArrayList<Restart>();
    var tries = new TreeMap<UnitName.Placeable, Assignment>();
    for (AgentAction action : actions) {
      switch (action) {
        case Stop stop -> undertakings.stop(stop, local);
        case Install(var assignment, var reason) -> {
          toInstall.put(assignment.unit(), assignment);
          log(Level.INFO, "installing", assignment.unit(), reason);
        }
        case Remove(var unit, var reason) -> {
          toRemove.add(unit);
          log(Level.INFO, "removing", unit, reason);
        }
        case Reload() -> {
          files.change(toInstall, toRemove);
          acted = true;
        }
        case Adopt(var unit, var as, var reason) -> {
          undertakings.adopt(unit, as, local);
          acted = true;
          log(Level.INFO, "adopting", unit, reason);
        }
        case Start start -> starts.add(start);
        case Restart restart -> restarts.add(restart);
        case Try(var assignment, _) -> tries.put(assignment.unit(), assignment);
        case Wait(var unit, var reason) -> log(Level.DEBUG, "waiting", unit, reason);
      }
    }
    undertakings.start(starts, restarts, local);
    if (!tries.isEmpty()) {
      tryout.run(tries, local);
      acted = true;
    }
    if (acted) {
      changed.raise(); // what was seen is no longer true: look before you speak
    } else {
      // Others act on what is told: the agent after this one must know of it, too.
      appliedLog.save();
      var problems = table.problems();
      publisher.offer(
          UnitStates.of(local, problems.texts(), logs.of(local, problems), table.records()));
      if (table.leaving() && local.assigned().isEmpty()) {
        noteWhatIsLeft(local);
      }
    }
    return files.reloadOwed() || actions.stream().anyMatch(action -> !(action instanceof Wait));
  }

  private void noteWhatIsLeft(LocalSnapshot local) {
    var here = new TreeSet<>(local.applied().keySet());
    here.addAll(local.removed());
    local
        .observed()
        .forEach(
            (unit, observed) -> {
              if (!(observed.file() instanceof OnDisk.Absent)) {
                here.add(unit);
              }
            });
    left = Optional.of(here);
    cleared.raise();
  }

  private static void log(Level level, String what, UnitName.Placeable unit, Reason reason) {
    LOG.log(level, () -> what + " unit=" + unit + " reason=\"" + reason.text() + "\"");
  }
}
