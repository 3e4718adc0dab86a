package fleet.agent;

import fleet.agent.order.OrderHistory;
import fleet.agent.pace.AgentOptions;
import fleet.agent.pace.Jitter;
import fleet.agent.reconcile.Expected;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Failures;
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
  private final AgentOptions options;
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
    this.options = options;
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
  SortedMap<UnitName.Placeable, OrderHistory> orders() {
    return all(UnitRecord::orders);
  }

  /// The texts that must be put back, since they are what runs.
  SortedMap<UnitName.Placeable, UnitFile> toPutBack() {
    return all(record -> record.orders().flatMap(OrderHistory::back));
  }

  /// What is known of all units.
  SortedMap<UnitName.Placeable, UnitRecord> records() {
    return Collections.unmodifiableSortedMap(records);
  }

  /// What is known of all units from now on.
  void take(SortedMap<UnitName.Placeable, UnitRecord> now) {
    for (UnitName.Placeable unit : names(now)) {
      UnitRecord before = record(unit);
      UnitRecord next = now.getOrDefault(unit, UnitRecord.EMPTY);
      if (!next.equals(before)) {
        changes += next.tellsTheSameAs(before) ? 0 : 1;
        update(unit, _ -> next);
      }
    }
  }

  /// How failures are noted that happen now.
  Failures failures() {
    return new Failures(
        options.firstBackOff(),
        options.longestBackOff(),
        pause -> Jitter.around(pause, environment),
        environment.now());
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

  /// What should be; empty until that is known.
  ///
  /// To be asked before units are looked at, so that nothing is said to be done that is not yet to
  /// be seen.
  Optional<Expected> expected() {
    return known
        ? Optional.of(Expected.of(records, ownUnits.names(), readUnder, environment.uptime()))
        : Optional.empty();
  }

  /// Whose what runs was when it was last looked at.
  SortedMap<UnitName.Placeable, Ownership> owned() {
    return all(UnitRecord::owner);
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
      SortedMap<UnitName.Placeable, OrderHistory> ordered) {
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
  void order(UnitName.Placeable unit, UnaryOperator<OrderHistory> change) {
    Optional<OrderHistory> before = record(unit).orders();
    if (before.isPresent()) {
      OrderHistory now = change.apply(before.get());
      if (!now.equals(before.get())) {
        changes += now.tellsTheSameAs(before.get()) ? 0 : 1;
        update(unit, record -> record.orders(Optional.of(now)));
      }
    }
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
