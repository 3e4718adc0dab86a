package fleet.agent;

import fleet.agent.AgentAction.Reason;
import fleet.agent.Applied.Underway;
import fleet.agent.order.OrderBook;
import fleet.agent.systemd.LocalUnit;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState.Trial;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Task;
import fleet.unit.UnitName;
import fleet.unit.requirements.Requirements;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What an agent knows of its units apart from what can be seen: what is assigned, what it has
/// done, what it is at, and what has failed.
///
/// Every task of the agent may write here. Nothing here waits.
final class Ledger {

  private final TreeMap<UnitName.Placeable, Applied> applied = new TreeMap<>();
  private final JobsAtHand jobs = new JobsAtHand();
  private final Owners owners = new Owners();
  private final OrderBook orders;
  private final OwnUnits ownUnits;
  private final BackOff backOff;
  private final Trials trials;

  /// Empty until it is known.
  private Optional<SortedMap<UnitName.Placeable, Assignment>> assigned = Optional.empty();

  private SortedMap<UnitName.Placeable, String> illegible = new TreeMap<>();
  private SortedMap<UnitName.Placeable, Long> withheld = new TreeMap<>();
  private long readUnder;
  private boolean leaving;

  /// Counts what may have changed.
  private long changes;

  /// @param ownUnits what is remembered of names that are taken on this machine
  Ledger(Environment environment, AgentOptions options, OwnUnits ownUnits) {
    this.ownUnits = ownUnits;
    this.orders = new OrderBook(environment);
    this.backOff = new BackOff(environment, options.firstBackOff(), options.longestBackOff());
    this.trials = new Trials(environment, options.firstBackOff());
  }

  /// Takes all that is assigned, in place of what was. A unit of which something else is wanted
  /// than before may be tried at once.
  synchronized void assign(
      SortedMap<UnitName.Placeable, Assignment> assignments,
      SortedMap<UnitName.Placeable, String> illegible,
      SortedMap<UnitName.Placeable, Long> withheld,
      long lease) {
    changes++;
    this.withheld = new TreeMap<>(withheld);
    if (leaving) {
      return;
    }
    readUnder = lease;
    var before = assigned.orElse(new TreeMap<>());
    var names = new TreeSet<>(before.keySet());
    names.addAll(assignments.keySet());
    for (UnitName.Placeable unit : names) {
      if (!Optional.ofNullable(before.get(unit))
          .equals(Optional.ofNullable(assignments.get(unit)))) {
        backOff.forget(unit);
        if (assigned.isPresent()) {
          orders.reconsider(unit);
        }
        trials.assigned(unit, Optional.ofNullable(assignments.get(unit)));
      }
    }
    assigned = Optional.of(new TreeMap<>(assignments));
    orders.assigned(assignments.values(), new TreeSet<>(applied.keySet()), lease != 0);
    this.illegible = new TreeMap<>(illegible);
  }

  /// What users have asked for, and what became of it.
  OrderBook orders() {
    return orders;
  }

  /// From now on nothing is assigned, whoever says so.
  synchronized void leave() {
    assign(new TreeMap<>(), new TreeMap<>(), withheld, readUnder);
    leaving = true;
  }

  /// The units of which two copies must never run, of those that are here; all that are not
  /// assigned may be such.
  synchronized SortedSet<UnitName.Placeable> exclusive() {
    var exclusive = new TreeSet<>(applied.keySet());
    for (Assignment assignment : assigned.orElse(new TreeMap<>()).values()) {
      if (!Requirements.of(assignment.unit(), assignment.file()).exclusive()) {
        exclusive.remove(assignment.unit());
      }
    }
    return exclusive;
  }

  /// Whether nothing is assigned any more, whoever says so.
  synchronized boolean leaving() {
    return leaving;
  }

  /// Counts what may have changed here, other than by the passing of time.
  synchronized long changes() {
    return changes + orders.changes();
  }

  /// Whether nothing changes here by being looked at, nor by the passing of time before
  /// [#untilNextAttempt]: nothing is under way, or on trial.
  synchronized boolean calm() {
    return assigned.isPresent() && !leaving && jobs.isIdle() && orders.calm() && trials.isIdle();
  }

  /// What should be; empty until that is known.
  ///
  /// To be asked before units are looked at, so that nothing is said to be done that is not yet to
  /// be seen.
  synchronized Optional<Expected> expected() {
    return assigned.map(
        assignments -> {
          var held = new TreeMap<UnitName.Placeable, Reason>();
          illegible.keySet().forEach(unit -> held.put(unit, Reason.ILLEGIBLE));
          deferred().forEach(unit -> held.put(unit, Reason.NOT_YET_AGAIN));
          orders.toPutBack().keySet().forEach(unit -> held.put(unit, Reason.NOT_PUT_BACK));
          jobs.hold(held);
          var names = new TreeSet<UnitName.Placeable>(assignments.keySet());
          names.addAll(applied.keySet());
          names.addAll(withheld.keySet());
          names.addAll(ownUnits.names());
          return new Expected(
              assignments, applied(), held, names, new TreeMap<>(withheld), readUnder);
        });
  }

  /// Takes note of whose everything is that runs, as it has been seen.
  ///
  /// @return the units of which something runs that fleet did not start
  synchronized SortedSet<UnitName.Placeable> own(
      Expected expected, SortedMap<UnitName.Placeable, LocalUnit> observed) {
    var before = owners.known();
    var foreign = owners.seen(observed, new TreeSet<>(expected.applied().keySet()));
    if (!owners.known().equals(before)) {
      changes++;
    }
    return foreign;
  }

  /// Whose what runs was when it was last looked at.
  synchronized SortedMap<UnitName.Placeable, Ownership> owned() {
    return owners.known();
  }

  /// What a decision may depend on, now that units have been looked at.
  ///
  /// @param foreign units of which something runs that fleet did not start
  /// @param began when the look at them did
  synchronized LocalSnapshot seen(
      Expected expected,
      SortedMap<UnitName.Placeable, LocalUnit> observed,
      SortedSet<UnitName.Placeable> foreign,
      boolean reloadOwed,
      Footing footing,
      Duration began) {
    jobs.seen(observed, foreign);
    var held = new TreeMap<>(expected.held());
    expected
        .applied()
        .forEach(
            (unit, applied) -> {
              if (isCarriedOut(unit, applied, expected) && observed.containsKey(unit)) {
                trials.seen(unit, observed.get(unit));
              }
              Assignment assignment = expected.assigned().get(unit);
              if (assignment != null
                  && applied.equals(Applied.of(assignment, assignment.target()))) {
                orders.inherit(unit, assignment.order());
              }
            });
    orders.seen(observed, began);
    trials.deferred().forEach(unit -> held.putIfAbsent(unit, Reason.NOT_YET_AGAIN));
    return new LocalSnapshot(
        expected.assigned(),
        observed,
        expected.applied(),
        held,
        reloadOwed,
        expected.withheld(),
        footing,
        foreign,
        orders.pending());
  }

  /// Whether all that is wanted of the unit had been carried out by when it was looked at.
  private static boolean isCarriedOut(UnitName.Placeable unit, Applied applied, Expected expected) {
    Assignment assignment = expected.assigned().get(unit);
    Reason held = expected.held().get(unit);
    return assignment != null
        && applied.equals(
            new Applied(assignment.file().hash(), TargetState.LAUNCHED, assignment.generation()))
        && (held == null || held == Reason.NOT_YET_AGAIN);
  }

  private SortedSet<UnitName.Placeable> deferred() {
    var deferred = new TreeSet<>(backOff.deferred());
    deferred.addAll(trials.deferred());
    return deferred;
  }

  /// What has been done.
  synchronized SortedMap<UnitName.Placeable, Applied> applied() {
    return new TreeMap<>(applied);
  }

  /// What an earlier agent has done.
  synchronized void remember(
      SortedMap<UnitName.Placeable, Applied> units,
      SortedMap<UnitName.Placeable, Ownership> owned) {
    changes++;
    applied.putAll(units);
    owners.remember(owned);
  }

  /// Whether systemd has read the unit in the text of this assignment.
  synchronized boolean isLoaded(Assignment assignment) {
    Applied present = applied.get(assignment.unit());
    return present != null && present.hash().equals(assignment.file().hash());
  }

  /// systemd has read the unit in the text of this assignment. One that was launched in that text
  /// still is.
  synchronized void loaded(Assignment assignment) {
    changes++;
    owners.installed(assignment.unit());
    backOff.retry(UnitJobs.START_FAILED);
    if (!isLoaded(assignment)) {
      applied.put(
          assignment.unit(),
          new Applied(assignment.file().hash(), TargetState.LOADED, assignment.generation()));
    }
  }

  /// The unit has come as far as that.
  synchronized void reached(UnitName.Placeable unit, Applied as) {
    changes++;
    applied.put(unit, as);
    backOff.forget(unit);
  }

  /// Units have been stopped, and not by us: what is noted of their starts is no longer so.
  synchronized void cutDown(SortedSet<UnitName.Placeable> units) {
    changes++;
    units.forEach(
        unit ->
            applied.computeIfPresent(
                unit, (_, was) -> was.target() == TargetState.LAUNCHED ? was.starting() : was));
  }

  /// The unit is about to be stopped. Noted before, as nobody may hear of the outcome: a unit that
  /// is wanted again by then has not ended by itself, and must be started again.
  synchronized void stopping(UnitName.Placeable unit) {
    changes++;
    applied.computeIfPresent(unit, (_, was) -> was.stopping());
    jobs.stopping(unit);
  }

  /// The unit is about to be started. Noted before: a unit that is not to be launched after all
  /// must be stopped again, though nobody may have heard that it was started.
  ///
  /// @param how START or RESTART
  /// @param before the invocation that the unit is in, or was in last
  synchronized void starting(Assignment assignment, Underway how, String before) {
    changes++;
    if (isLoaded(assignment)) {
      applied.put(
          assignment.unit(),
          new Applied(
              assignment.file().hash(),
              TargetState.LAUNCHED,
              assignment.generation(),
              how,
              Optional.of(before)));
      trials.starting(assignment.unit());
    }
  }

  /// The unit could not be started.
  synchronized void notStarted(UnitName.Placeable unit) {
    changes++;
    applied.computeIfPresent(unit, (_, was) -> was.stopped());
  }

  /// systemd would not restart the unit: all is as it was.
  synchronized void notRestarted(UnitName.Placeable unit, Applied was) {
    changes++;
    applied.computeIfPresent(unit, (_, now) -> now.underway() == Underway.RESTART ? was : now);
  }

  /// The unit has been stopped.
  synchronized void stopped(UnitName.Placeable unit) {
    changes++;
    applied.computeIfPresent(unit, (_, was) -> was.stopped());
    jobs.stopped(unit);
  }

  /// Whether the unit has been stopped, and has not rested since. Says so once.
  synchronized boolean wasStoppedInVain(UnitName.Placeable unit) {
    return jobs.wasStoppedInVain(unit);
  }

  /// The unit is gone.
  synchronized void removed(UnitName.Placeable unit) {
    changes++;
    applied.remove(unit);
    orders.removed(unit);
    backOff.forget(unit);
  }

  /// An attempt at the unit has failed.
  ///
  /// @return how long to leave it alone
  synchronized Duration failed(UnitName.Placeable unit, String problem) {
    changes++;
    return backOff.failed(unit, problem);
  }

  /// An attempt to start the unit has failed. One that has a limit of failures has failed once
  /// more.
  ///
  /// @return how long to leave it alone
  synchronized Duration startFailed(UnitName.Placeable unit, String problem) {
    changes++;
    return trials.isLimited(unit) ? trials.failed(unit, problem) : backOff.failed(unit, problem);
  }

  /// How each unit does that has a limit of failures.
  synchronized SortedMap<UnitName.Placeable, Trial> trials() {
    return trials.all();
  }

  /// Notes a start or restart that is under way until [#startEnded].
  synchronized void starts(UnitName.Placeable unit, Task job) {
    changes++;
    jobs.starts(unit, job);
  }

  /// Whether the unit was told to stop since its start began.
  synchronized boolean isOvertaken(UnitName.Placeable unit) {
    return jobs.isOvertaken(unit);
  }

  synchronized void startEnded(UnitName.Placeable unit) {
    changes++;
    jobs.startEnded(unit);
  }

  /// Notes a stop that is under way until [#stopEnded].
  synchronized void stops(UnitName.Placeable unit, Task job) {
    changes++;
    jobs.stops(unit, job);
  }

  synchronized void stopEnded(UnitName.Placeable unit) {
    changes++;
    jobs.stopEnded(unit);
  }

  /// Gives up waiting for all jobs; systemd carries them on.
  synchronized void interrupt() {
    jobs.interrupt();
  }

  /// What keeps the agent from bringing units as far as they should be.
  synchronized SortedMap<UnitName.Placeable, String> problems() {
    var problems = new TreeMap<>(trials.problems());
    orders.refusals().forEach((unit, why) -> problems.put(unit, UnitJobs.REFUSED + why));
    problems.putAll(backOff.problems());
    illegible.forEach(
        (unit, reason) -> problems.put(unit, Reason.ILLEGIBLE.text() + ": " + reason));
    return problems;
  }

  /// How long until something that has failed may be tried again; empty if nothing is waiting.
  synchronized Optional<Duration> untilNextAttempt() {
    return Stream.of(backOff.untilNext(), trials.untilNext(), orders.untilNext())
        .flatMap(Optional::stream)
        .min(Duration::compareTo);
  }
}
