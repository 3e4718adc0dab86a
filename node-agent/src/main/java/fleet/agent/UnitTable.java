package fleet.agent;

import fleet.agent.order.Pending;
import fleet.agent.order.UnitOrders;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.reconcile.Expected;
import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.reconcile.Permissions;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Applied.Underway;
import fleet.agent.unit.Fence.Disturbance;
import fleet.agent.unit.Ownership;
import fleet.agent.unit.Problems;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.cluster.env.Environment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// What an agent knows of its units apart from what can be seen: one [UnitRecord] for each.
///
/// One loop owns it: whoever else learns of something tells that loop ([Inbox]).
final class UnitTable {

  private final Environment environment;
  private final Failures failures;
  private final OwnUnits ownUnits;

  /// All of which anything is known.
  private final TreeMap<UnitName.Placeable, UnitRecord> records = new TreeMap<>();

  /// Whether it is known what is assigned.
  private boolean known;

  /// The lease under which that was read.
  private long readUnder;

  private boolean leaving;

  /// Counts what may have changed.
  private long changes;

  /// @param ownUnits what is remembered of names that are taken on this machine
  UnitTable(Environment environment, AgentOptions options, OwnUnits ownUnits) {
    this.environment = environment;
    this.failures = new Failures(environment, options);
    this.ownUnits = ownUnits;
  }

  /// What is known of a unit.
  UnitRecord record(UnitName.Placeable unit) {
    return records.getOrDefault(unit, UnitRecord.EMPTY);
  }

  private void update(UnitName.Placeable unit, UnaryOperator<UnitRecord> change) {
    UnitRecord next = change.apply(record(unit));
    if (next.equals(UnitRecord.EMPTY)) {
      records.remove(unit);
    } else {
      records.put(unit, next);
    }
  }

  /// What is known of one thing, of all units of which it is.
  private <T> SortedMap<UnitName.Placeable, T> all(Function<UnitRecord, Optional<T>> what) {
    var all = new TreeMap<UnitName.Placeable, T>();
    records.forEach((unit, record) -> what.apply(record).ifPresent(value -> all.put(unit, value)));
    return all;
  }

  /// The units of which something is known that is so.
  private SortedSet<UnitName.Placeable> those(Predicate<UnitRecord> what) {
    var those = new TreeSet<UnitName.Placeable>();
    records.forEach(
        (unit, record) -> {
          if (what.test(record)) {
            those.add(unit);
          }
        });
    return those;
  }

  /// Takes all that is assigned, in place of what was. A unit of which something else is wanted
  /// than before may be tried at once.
  void assign(
      SortedMap<UnitName.Placeable, Assignment> assignments,
      SortedMap<UnitName.Placeable, String> illegible,
      SortedMap<UnitName.Placeable, Long> withheld,
      long lease) {
    changes++;
    for (UnitName.Placeable unit : names(withheld)) {
      update(unit, record -> record.withheld(Optional.ofNullable(withheld.get(unit))));
    }
    if (leaving) {
      return;
    }
    readUnder = lease;
    for (UnitName.Placeable unit : names(assignments)) {
      Optional<Assignment> next = Optional.ofNullable(assignments.get(unit));
      boolean other = !record(unit).assigned().equals(next);
      if (other) {
        update(unit, record -> record.assigned(next));
      }
      update(unit, record -> record.ordered(next, lease != 0, known && other));
    }
    known = true;
    for (UnitName.Placeable unit : names(illegible)) {
      update(unit, record -> record.illegible(Optional.ofNullable(illegible.get(unit))));
    }
  }

  /// Those of which anything is known, and those that are told of.
  private SortedSet<UnitName.Placeable> names(SortedMap<UnitName.Placeable, ?> told) {
    var names = new TreeSet<>(records.keySet());
    names.addAll(told.keySet());
    return names;
  }

  /// What users have asked for, and what became of it.
  SortedMap<UnitName.Placeable, UnitOrders> orders() {
    return all(UnitRecord::orders);
  }

  /// The texts that must be put back, since they are what runs.
  SortedMap<UnitName.Placeable, UnitFile> toPutBack() {
    return all(record -> record.orders().flatMap(UnitOrders::back));
  }

  /// What is known of all units.
  SortedMap<UnitName.Placeable, UnitRecord> records() {
    return Collections.unmodifiableSortedMap(records);
  }

  /// From now on nothing is assigned, whoever says so.
  void leave() {
    assign(new TreeMap<>(), new TreeMap<>(), all(UnitRecord::withheld), readUnder);
    leaving = true;
  }

  /// The units of which two copies must never run, of those that are here; all that are not
  /// assigned may be such.
  SortedSet<UnitName.Placeable> exclusive() {
    return those(
        record ->
            record.applied().isPresent()
                && (record.assigned().isEmpty() || record.fence().isExclusive()));
  }

  /// Whether nothing is assigned any more, whoever says so.
  boolean leaving() {
    return leaving;
  }

  /// Counts what may have changed here, other than by the passing of time.
  long changes() {
    return changes;
  }

  /// Whether nothing changes here by being looked at, nor by the passing of time before
  /// [#untilNextAttempt]: nothing is under way, or on trial.
  boolean calm() {
    return known && !leaving && records.values().stream().allMatch(UnitRecord::isCalm);
  }

  /// What should be; empty until that is known.
  ///
  /// To be asked before units are looked at, so that nothing is said to be done that is not yet to
  /// be seen.
  Optional<Expected> expected() {
    return known
        ? Optional.of(Expected.of(records, ownUnits.names(), readUnder, environment.uptime()))
        : Optional.empty();
  }

  /// Takes note of whose everything is that runs, as it has been seen.
  ///
  /// @return the units of which something runs that fleet did not start
  SortedSet<UnitName.Placeable> own(
      Expected expected, SortedMap<UnitName.Placeable, LocalUnit> observed) {
    var foreign = new TreeSet<UnitName.Placeable>();
    boolean news = false;
    for (UnitName.Placeable unit : names(observed)) {
      UnitRecord before = record(unit);
      Optional<LocalUnit> seen = Optional.ofNullable(observed.get(unit));
      UnitRecord now = before.owned(seen, expected.applied().containsKey(unit));
      if (now.owner().filter(Ownership::foreign).isPresent()) {
        foreign.add(unit);
      }
      if (!now.equals(before)) {
        news = true;
        update(unit, _ -> now);
      }
    }
    changes += news ? 1 : 0;
    return foreign;
  }

  /// Whose what runs was when it was last looked at.
  SortedMap<UnitName.Placeable, Ownership> owned() {
    return all(UnitRecord::owner);
  }

  /// What a decision may depend on, now that units have been looked at.
  ///
  /// @param foreign units of which something runs that fleet did not start
  /// @param began when the look at them did
  LocalSnapshot seen(
      Expected expected,
      SortedMap<UnitName.Placeable, LocalUnit> observed,
      SortedSet<UnitName.Placeable> foreign,
      boolean reloadOwed,
      Permissions permissions,
      Duration began) {
    for (UnitName.Placeable unit : new TreeSet<>(records.keySet())) {
      if (record(unit).work().isUnderWay()) {
        Optional<LocalUnit> seen = Optional.ofNullable(observed.get(unit));
        update(unit, record -> record.work(record.work().seen(seen, foreign.contains(unit))));
      }
    }
    expected
        .applied()
        .forEach(
            (unit, applied) -> {
              if (expected.isCarriedOut(unit) && observed.containsKey(unit)) {
                LocalUnit seen = observed.get(unit);
                update(unit, record -> failures.seen(record, seen));
              }
              Assignment assignment = expected.assigned().get(unit);
              if (assignment != null
                  && applied.equals(Applied.of(assignment, assignment.target()))) {
                order(unit, known -> known.inherit(assignment.order()));
              }
            });
    Duration now = environment.uptime();
    for (UnitName.Placeable unit : names(observed)) {
      Optional<LocalUnit> seen = Optional.ofNullable(observed.get(unit));
      order(unit, known -> known.seen(seen, observed, began));
      update(unit, record -> record.restarted(seen, now));
    }
    var held = new TreeMap<>(expected.held());
    records.forEach(
        (unit, record) -> {
          if (record.isStartDeferred(now)) {
            held.putIfAbsent(unit, Reason.NOT_YET_AGAIN);
          }
        });
    return new LocalSnapshot(
        expected.assigned(),
        observed,
        expected.applied(),
        held,
        reloadOwed,
        expected.withheld(),
        permissions,
        foreign,
        Pending.of(orders()),
        those(record -> record.work().removed()));
  }

  /// How far each unit that is assigned should come.
  SortedMap<UnitName.Placeable, TargetState> targets() {
    return all(record -> record.assigned().map(Assignment::target));
  }

  /// What has been done.
  SortedMap<UnitName.Placeable, Applied> applied() {
    return all(UnitRecord::applied);
  }

  /// What an earlier agent has done.
  void remember(
      SortedMap<UnitName.Placeable, Applied> units,
      SortedMap<UnitName.Placeable, Ownership> owned,
      SortedMap<UnitName.Placeable, UnitOrders> ordered) {
    changes++;
    units.forEach((unit, was) -> update(unit, record -> record.applied(Optional.of(was))));
    owned.forEach((unit, owner) -> update(unit, record -> record.owner(Optional.of(owner))));
    ordered.forEach((unit, known) -> update(unit, record -> record.orders(Optional.of(known))));
  }

  /// Whether systemd has read the unit in the text of this assignment.
  boolean isLoaded(Assignment assignment) {
    return record(assignment.unit()).isLoaded(assignment);
  }

  /// systemd has read the unit in the text of this assignment. One that was launched in that text
  /// still is.
  void loaded(Assignment assignment) {
    changes++;
    Duration now = environment.uptime();
    records.replaceAll((_, record) -> record.retriedAtOnce(now));
    update(assignment.unit(), record -> record.loaded(assignment));
  }

  /// Something has been done to a unit, or is about to be: that is noted before, as the agent may
  /// be killed before it hears of the outcome.
  void note(UnitName.Placeable unit, UnaryOperator<UnitRecord> change) {
    changes++;
    update(unit, change);
  }

  /// Something has become known of the orders of a unit.
  void order(UnitName.Placeable unit, UnaryOperator<UnitOrders> change) {
    Optional<UnitOrders> before = record(unit).orders();
    if (before.isPresent()) {
      UnitOrders now = change.apply(before.get());
      if (!now.equals(before.get())) {
        changes += now.tellsTheSameAs(before.get()) ? 0 : 1;
        update(unit, record -> record.orders(Optional.of(now)));
      }
    }
  }

  /// The unit is about to be started. Noted before: a unit that is not to be launched after all
  /// must be stopped again, though nobody may have heard that it was started.
  ///
  /// @param how START or RESTART
  /// @param before the invocation that the unit is in, or was in last
  /// @param failures how often the lease or a dead man's switch has failed by now
  void starting(Assignment assignment, Underway how, String before, long failures) {
    changes++;
    update(assignment.unit(), record -> record.starting(assignment, how, before, failures));
  }

  /// Exclusive units that were up, and are no more, and have not ended by themselves: what is noted
  /// of their starts is no longer so. To be called once, after each look.
  ///
  /// @param held units of which it is not known yet how their starts have ended
  /// @param by what has happened to the machine's right to run each
  SortedSet<UnitName.Placeable> cutDown(
      SortedMap<UnitName.Placeable, LocalUnit> observed,
      Set<UnitName.Placeable> held,
      Function<UnitName.Placeable, Disturbance> by) {
    var cutDown = new TreeSet<UnitName.Placeable>();
    observed.forEach(
        (unit, there) -> {
          UnitRecord before = record(unit);
          if (!before.fence().isExclusive() || held.contains(unit)) {
            return;
          }
          boolean rests = there.phase() == Phase.RESTING;
          Disturbance disturbance = by.apply(unit);
          update(unit, record -> record.fenceSeen(rests, disturbance));
          if (rests && before.isCutDown(disturbance)) {
            cutDown.add(unit);
            note(unit, UnitRecord::cutDown);
          }
        });
    return cutDown;
  }

  /// Exclusive units that have not ended by themselves as far as is known: the next agent cannot
  /// tell whether a switch has stopped them.
  SortedSet<UnitName.Placeable> up() {
    return those(record -> record.fence().isExclusive() && !record.fence().ended());
  }

  /// Whether the unit has been stopped, and has not rested since. Says so once.
  boolean wasStoppedInVain(UnitName.Placeable unit) {
    boolean was = record(unit).work().stopped();
    update(unit, record -> record.work(record.work().stopped(false)));
    return was;
  }

  /// The unit is gone.
  void removed(UnitName.Placeable unit) {
    changes++;
    update(unit, UnitRecord::removed);
  }

  /// Whether the unit was told to stop since its start began.
  boolean isOvertaken(UnitName.Placeable unit) {
    return record(unit).work().overtaken();
  }

  /// What keeps the agent from bringing units as far as they should be.
  Problems problems() {
    return Problems.of(records);
  }

  /// How long until something that has failed may be tried again; empty if nothing is waiting.
  Optional<Duration> untilNextAttempt() {
    Duration now = environment.uptime();
    return records.values().stream()
        .flatMap(UnitRecord::attempts)
        .map(next -> next.minus(now))
        .filter(Duration::isPositive)
        .min(Duration::compareTo);
  }
}
