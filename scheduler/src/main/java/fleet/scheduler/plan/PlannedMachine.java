package fleet.scheduler.plan;

import fleet.cluster.MachineId;
import fleet.scheduler.plan.Planner.Effort;
import fleet.unit.UnitName;
import fleet.unit.requirements.Glob;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A machine while a plan is made: which units it would have by the plan so far.
final class PlannedMachine implements Comparable<PlannedMachine> {

  /// The machine with the fewest units first, among equals that whose ID sorts first.
  static final Comparator<PlannedMachine> BY_LOAD =
      Comparator.comparingInt(PlannedMachine::load).thenComparing(Comparator.naturalOrder());

  /// Whether a machine is there.
  enum Availability {
    /// It holds its lease: units may come and go.
    PRESENT,
    /// Nothing certain is known of it: what it has it keeps, and it gets nothing.
    HELD,
    /// It has lost its lease: what it had goes elsewhere, if it can.
    GONE
  }

  private final MachineId id;
  private final Availability availability;
  private final SortedMap<String, String> metadata;
  private final Effort effort;
  private final SortedMap<UnitName.Placeable, String> own;
  private final SortedSet<PlannedUnit> units = new TreeSet<>();

  /// The units here that each glob in some unit's `Conflicts` matches.
  private final SortedMap<Glob, SortedSet<PlannedUnit>> matched = new TreeMap<>();

  /// The units here that have each glob among their `Conflicts`.
  private final SortedMap<Glob, SortedSet<PlannedUnit>> holders = new TreeMap<>();

  /// The sets ordered by load that this machine is in.
  private final List<SortedSet<PlannedMachine>> pools = new ArrayList<>();

  PlannedMachine(
      MachineId id,
      Availability availability,
      SortedMap<String, String> metadata,
      SortedMap<UnitName.Placeable, String> own,
      Effort effort) {
    this.effort = effort;
    this.id = id;
    this.availability = availability;
    this.metadata = metadata;
    this.own = own;
  }

  MachineId id() {
    return id;
  }

  Availability availability() {
    return availability;
  }

  /// What the machine carries; empty unless it is present.
  SortedMap<String, String> metadata() {
    return metadata;
  }

  /// Why the unit's name is the machine's own; empty if it is free, or that is not known.
  Optional<String> own(PlannedUnit unit) {
    return Optional.ofNullable(own.get(unit.name()));
  }

  int load() {
    return units.size();
  }

  SortedSet<PlannedUnit> units() {
    return Collections.unmodifiableSortedSet(units);
  }

  boolean has(PlannedUnit unit) {
    return units.contains(unit);
  }

  /// Makes the machine a member of `pool` and keeps its place there up to date.
  void join(SortedSet<PlannedMachine> pool) {
    pools.add(pool);
    pool.add(this);
  }

  void take(PlannedUnit unit) {
    move(() -> units.add(unit));
    unit.matchedBy().forEach(glob -> add(matched, glob, unit));
    unit.requirements().conflicts().forEach(glob -> add(holders, glob, unit));
  }

  private static void add(
      SortedMap<Glob, SortedSet<PlannedUnit>> units, Glob glob, PlannedUnit unit) {
    units.computeIfAbsent(glob, _ -> new TreeSet<>()).add(unit);
  }

  void release(PlannedUnit unit) {
    move(() -> units.remove(unit));
    unit.matchedBy().forEach(glob -> remove(matched, glob, unit));
    unit.requirements().conflicts().forEach(glob -> remove(holders, glob, unit));
  }

  private static void remove(
      SortedMap<Glob, SortedSet<PlannedUnit>> units, Glob glob, PlannedUnit unit) {
    units.computeIfPresent(
        glob,
        (_, those) -> {
          those.remove(unit);
          return those.isEmpty() ? null : those;
        });
  }

  /// Changes the load; a sorted set must not see its elements change.
  private void move(Runnable change) {
    pools.forEach(pool -> pool.remove(this));
    change.run();
    pools.forEach(pool -> pool.add(this));
  }

  /// The first of the units here, by name, that must not run beside `unit`, by the `Conflicts` of
  /// either. It takes one look-up for each pattern that the unit has to do with, however many units
  /// there are.
  Optional<PlannedUnit> conflicting(PlannedUnit unit) {
    return Stream.concat(
            unit.requirements().conflicts().stream().map(glob -> first(matched, glob, unit)),
            unit.matchedBy().stream().map(glob -> first(holders, glob, unit)))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /// The first of the units that have to do with a pattern, other than the unit itself.
  private Optional<PlannedUnit> first(
      SortedMap<Glob, SortedSet<PlannedUnit>> units, Glob glob, PlannedUnit unit) {
    effort.lookUp();
    var found = units.get(glob);
    return found == null
        ? Optional.empty()
        : found.stream().filter(other -> !other.equals(unit)).findFirst();
  }

  @Override
  public int compareTo(PlannedMachine other) {
    return id.compareTo(other.id);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id.text();
  }
}
