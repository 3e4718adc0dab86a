package fleet.agent;

import fleet.agent.AgentAction.Adopt;
import fleet.agent.AgentAction.Install;
import fleet.agent.AgentAction.Reason;
import fleet.agent.AgentAction.Reload;
import fleet.agent.AgentAction.Remove;
import fleet.agent.AgentAction.Start;
import fleet.agent.AgentAction.Stop;
import fleet.agent.AgentAction.Wait;
import fleet.agent.Ledger.Expected;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
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
/// concerns, and tried again after a while; the others never notice.
final class UnitKeeper implements AssignmentFollower.Listener {

  private static final Logger LOG = System.getLogger(UnitKeeper.class.getName());

  /// After a calm, the loop may work for half of this without a rest.
  private static final Duration ALLOWANCE = Duration.ofSeconds(1);

  /// A process that was suspended in the midst of its work has not worked all that time.
  private static final Duration COSTLIEST = Duration.ofSeconds(2);

  private final Environment environment;
  private final Systemd systemd;
  private final Memo memo;
  private final AgentOptions options;
  private final StatePublisher publisher;
  private final Guard guard;
  private final Ledger ledger;
  private final UnitJobs jobs;
  private final UnitLogs logs;
  private final Signal changed;
  private final Signal cleared;

  private boolean reloadOwed;
  private Duration nextReload = Duration.ZERO;
  private String trouble = "";
  private String unsaved = "";

  /// What the memo says; empty if it is to be written anew whatever it says.
  private Optional<String> saved = Optional.of("");

  /// Units of which two copies must never run, of a machine that leaves.
  private volatile SortedSet<UnitName.Placeable> exclusiveAsItLeft = new TreeSet<>();

  /// What is still here of a machine that leaves; empty before the first look.
  private volatile Optional<SortedSet<UnitName.Placeable>> left = Optional.empty();

  /// @param memo where to note what was done
  UnitKeeper(
      Environment environment,
      Systemd systemd,
      Memo memo,
      AgentOptions options,
      StatePublisher publisher,
      Guard guard,
      Signal changed) {
    this.environment = environment;
    this.systemd = systemd;
    this.memo = memo;
    this.options = options;
    this.publisher = publisher;
    this.guard = guard;
    this.changed = changed;
    this.cleared = environment.signal("units cleared");
    this.ledger = new Ledger(environment, options);
    this.jobs = new UnitJobs(environment, systemd, ledger, options, changed);
    this.logs = new UnitLogs(environment, systemd, changed);
  }

  @Override
  public void assigned(
      SortedMap<UnitName.Placeable, Assignment> assignments,
      SortedMap<UnitName.Placeable, String> illegible,
      SortedMap<UnitName.Placeable, Long> withheld,
      long lease) {
    ledger.assign(assignments, illegible, withheld, lease);
    changed.raise();
  }

  /// How far each unit that is assigned should come.
  SortedMap<UnitName.Placeable, TargetState> targets() {
    var targets = new TreeMap<UnitName.Placeable, TargetState>();
    ledger
        .expected()
        .ifPresent(
            expected ->
                expected
                    .assigned()
                    .forEach((unit, assignment) -> targets.put(unit, assignment.target())));
    return targets;
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
    exclusiveAsItLeft = ledger.exclusive();
    ledger.leave();
    changed.raise();
    while (left.map(units -> !units.isEmpty()).orElse(true)) {
      Duration remaining = end.minus(environment.uptime());
      if (!remaining.isPositive()) {
        return left.orElseGet(() -> new TreeSet<>(ledger.applied().keySet()));
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
    remember();
    systemd.watch(changed);
    try {
      var pace = new Pace(environment, ALLOWANCE);
      while (true) {
        Duration began = environment.uptime();
        Duration next = pass();
        // Twice what it took: a storm of signals takes half of the time at most.
        Duration cost = environment.uptime().minus(began).multipliedBy(2);
        pace.rest(cost.compareTo(COSTLIEST) < 0 ? cost : COSTLIEST);
        changed.await(next);
      }
    } finally {
      ledger.interrupt();
    }
  }

  /// @return when to look again if nothing is signaled
  private Duration pass() throws InterruptedException {
    try {
      Optional<Expected> expected = ledger.expected();
      if (expected.isPresent()) {
        look(expected.get());
      }
      if (!trouble.isEmpty()) {
        LOG.log(Level.INFO, "systemd answers again");
        trouble = "";
      }
    } catch (SystemdException e) {
      String reason = String.valueOf(e.getMessage());
      if (!reason.equals(trouble)) {
        LOG.log(Level.WARNING, "systemd does not answer; trying again. reason=\"" + reason + "\"");
        trouble = reason;
      }
      return Jitter.around(options.firstBackOff(), environment);
    } finally {
      save();
    }
    Duration next = ledger.untilNextAttempt().orElse(options.resync());
    Duration lapse = guard.untilLapse();
    if (lapse.isPositive() && lapse.compareTo(next) < 0) {
      next = lapse;
    }
    Duration resync =
        Jitter.around(reloadOwed ? options.firstBackOff() : options.resync(), environment);
    return next.compareTo(resync) < 0 ? next : resync;
  }

  private void look(Expected expected) throws InterruptedException {
    Footing footing = guard.footing(expected.assigned(), expected.readUnder());
    long disturbances = guard.disturbances();
    var observed = systemd.units(expected.names());
    guard.guard(expected.readUnder(), observed);
    var cutDown = guard.cutDown(observed, new TreeSet<>(expected.held().keySet()), disturbances);
    if (!cutDown.isEmpty()) {
      LOG.log(Level.WARNING, "cut down by their dead man's switches units=" + cutDown);
      ledger.cutDown(cutDown);
      changed.raise();
      return;
    }
    boolean reload = reloadOwed && environment.uptime().compareTo(nextReload) >= 0;
    reconcile(ledger.seen(expected, observed, reload, footing));
  }

  private void reconcile(LocalSnapshot local) throws InterruptedException {
    var toInstall = new TreeMap<UnitName.Placeable, Assignment>();
    var toRemove = new TreeSet<UnitName.Placeable>();
    boolean acted = false;
    List<AgentAction> actions = Reconciler.reconcile(local);
    noteStops(actions);
    var starts = new ArrayList<Start>();
    for (AgentAction action : actions) {
      switch (action) {
        case Stop(var unit, var reason) -> jobs.stop(unit, reason);
        case Install(var assignment, var reason) -> {
          toInstall.put(assignment.unit(), assignment);
          log(Level.INFO, "installing", assignment.unit(), reason);
        }
        case Remove(var unit, var reason) -> {
          toRemove.add(unit);
          log(Level.INFO, "removing", unit, reason);
        }
        case Reload() -> {
          change(toInstall, toRemove);
          acted = true;
        }
        case Adopt(var unit, var as, var reason) -> {
          ledger.reached(unit, as);
          acted = true;
          log(Level.INFO, "adopting", unit, reason);
        }
        case Start start -> starts.add(start);
        case Wait(var unit, var reason) -> log(Level.DEBUG, "waiting", unit, reason);
      }
    }
    start(starts);
    if (acted) {
      changed.raise(); // what was seen is no longer true: look before you speak
    } else {
      save(); // others act on what is told: the agent after this one must know of it, too
      var problems = ledger.problems();
      publisher.offer(UnitStates.of(local, problems, logs.of(local, problems), ledger.trials()));
      if (ledger.leaving() && local.assigned().isEmpty()) {
        noteWhatIsLeft(local);
      }
    }
  }

  private void noteStops(List<AgentAction> actions) {
    boolean noted = false;
    for (AgentAction action : actions) {
      if (action instanceof Stop(var unit, _)) {
        ledger.stopping(unit);
        noted = true;
      }
    }
    if (noted) {
      save();
    }
  }

  /// Files have been loaded by now.
  private void start(List<Start> starts) {
    if (!starts.isEmpty()) {
      for (Start start : starts) {
        guard.starts(start.assignment().unit());
        ledger.starting(start.assignment());
      }
      save();
      starts.forEach(start -> jobs.start(start.assignment(), start.reason()));
    }
  }

  private void noteWhatIsLeft(LocalSnapshot local) {
    var here = new TreeSet<>(local.applied().keySet());
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

  private void change(
      SortedMap<UnitName.Placeable, Assignment> toInstall, SortedSet<UnitName.Placeable> toRemove)
      throws InterruptedException {
    reloadOwed = true;
    var refused = new TreeMap<UnitName.Placeable, String>();
    if (!toInstall.isEmpty()) {
      var files = new TreeMap<UnitName.Placeable, UnitFile>();
      toInstall.forEach((unit, assignment) -> files.put(unit, assignment.file()));
      refused.putAll(systemd.install(files));
    }
    if (!toRemove.isEmpty()) {
      refused.putAll(systemd.remove(toRemove));
    }
    String noReload = reload();
    refused.forEach(jobs::failed);
    toInstall.forEach(
        (unit, assignment) -> {
          if (!noReload.isEmpty()) {
            jobs.failed(unit, noReload);
          } else if (!refused.containsKey(unit)) {
            ledger.loaded(assignment);
          }
        });
    toRemove.stream().filter(unit -> !refused.containsKey(unit)).forEach(ledger::removed);
  }

  /// @return why systemd will not; empty if it has
  private String reload() throws InterruptedException {
    try {
      systemd.reload();
      reloadOwed = false;
      return "";
    } catch (SystemdException.Refused e) {
      nextReload = environment.uptime().plus(options.firstBackOff());
      return "systemd will not reload: " + e.getMessage();
    }
  }

  private static void log(Level level, String what, UnitName.Placeable unit, Reason reason) {
    LOG.log(level, () -> what + " unit=" + unit + " reason=\"" + reason.text() + "\"");
  }

  // What outlives the agent.

  private void remember() {
    try {
      var found = memo.read();
      if (found.stale()) {
        LOG.log(Level.WARNING, "what was done last could not be noted: what runs is left as it is");
        saved = Optional.empty();
      }
      var remembered = Remembered.applied(found);
      remembered
          .problems()
          .forEach(problem -> LOG.log(Level.WARNING, "ignored in " + memo + ": " + problem));
      ledger.remember(remembered.units());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read what was done before: " + e.getMessage());
    }
  }

  private void save() {
    var applied = ledger.applied();
    guard.up().forEach(unit -> applied.computeIfPresent(unit, (_, was) -> was.uncertain()));
    String text = Remembered.applied(applied);
    if (!saved.equals(Optional.of(text))) {
      try {
        memo.write(text);
        saved = Optional.of(text);
        unsaved = "";
      } catch (IOException e) {
        saved = Optional.empty();
        outdate("cannot note what was done: " + e.getMessage());
      }
    }
  }

  /// The agent after this one must not take what is noted for what was last done.
  private void outdate(String reason) {
    String failure = reason;
    try {
      memo.outdate();
    } catch (IOException e) {
      failure += ", and what was noted before cannot be marked as stale: " + e.getMessage();
    }
    if (!failure.equals(unsaved)) {
      unsaved = failure;
      LOG.log(Level.WARNING, failure);
    }
  }
}
