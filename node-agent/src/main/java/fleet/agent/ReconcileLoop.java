package fleet.agent;

import fleet.agent.pace.AgentOptions;
import fleet.agent.pace.Jitter;
import fleet.agent.pace.LeakyBucket;
import fleet.agent.reconcile.Expected;
import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.reconcile.Permissions;
import fleet.agent.reconcile.Sight;
import fleet.agent.reconcile.Step;
import fleet.agent.report.StatePublisher;
import fleet.agent.report.UnitLogs;
import fleet.agent.report.UnitStates;
import fleet.agent.saved.SavedText;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.agent.unit.Fence.Disturbance;
import fleet.agent.unit.UnitEvent;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.LastingTrouble;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Does what the [Reconciler] says, again and again, whenever something may have changed.
///
/// One loop looks, decides and acts. It writes and deletes files itself, many at once and with one
/// reload, and leaves starts and stops to [UnitJobs]. What fails is noted against the unit that it
/// concerns, and tried again after a while; the others never notice.
final class ReconcileLoop {

  private static final Logger LOG = System.getLogger(ReconcileLoop.class.getName());

  /// After a calm, the loop may work for half of this without a rest.
  private static final Duration ALLOWANCE = Duration.ofSeconds(1);

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

  /// What should be, as of the last pass; empty until that is known.
  private Optional<Expected> expected = Optional.empty();

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
    this.outcomes = new JobOutcomes(table);
    this.jobs = new UnitJobs(environment, systemd, options, inbox);
    this.logs = new UnitLogs(environment, systemd, changed);
    this.files = new FileChanges(environment, systemd, options, table, outcomes);
    this.tryout = new Tryout(environment, systemd, table, appliedLog, files, outcomes);
    this.undertakings =
        new Undertakings(environment, table, guard, appliedLog, jobs, outcomes, files, tryout);
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
      expected = table.expected();
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
    var step =
        Step.of(table.records(), sight(expected, observed, permissions, disturbances, began));
    ownUnits.seen(step.local(), step.taken());
    guard.guard(expected, observed, step.taken().keySet());
    if (step.refused()) {
      changed.raise();
    }
    if (!step.cutDown().isEmpty()) {
      LOG.log(Level.WARNING, "cut down by their dead man's switches units=" + step.cutDown());
    }
    if (undertakings.carryOut(step) || !step.cutDown().isEmpty()) {
      changed.raise(); // what was seen is no longer true: look before you speak
    } else {
      tell(step.local());
    }
  }

  /// @param disturbances of the guard, before the look
  private Sight sight(
      Expected expected,
      SortedMap<UnitName.Placeable, LocalUnit> observed,
      Permissions permissions,
      long disturbances,
      Duration began) {
    var disturbed = new TreeMap<UnitName.Placeable, Disturbance>();
    for (UnitName.Placeable unit : expected.exclusive().keySet()) {
      if (observed.containsKey(unit)) {
        disturbed.put(unit, guard.disturbance(unit, disturbances));
      }
    }
    return new Sight(
        expected,
        observed,
        permissions,
        disturbed,
        files.reloadDue(),
        table.failures(),
        began,
        environment.uptime());
  }

  /// Others act on what is told: the agent after this one must know of it, too.
  private void tell(LocalSnapshot local) {
    appliedLog.save();
    var problems = table.problems();
    publisher.offer(
        UnitStates.of(local, problems.texts(), logs.of(local, problems), table.records()));
    if (table.leaving() && local.assigned().isEmpty()) {
      noteWhatIsLeft(local);
    }
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
}
