package fleet.scheduler;

import fleet.cluster.MachineId;
import fleet.unit.Glob;
import fleet.unit.UnitName;
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
final class Host implements Comparable<Host> {

  /// The machine with the fewest units first, among equals that whose ID sorts first.
  static final Comparator<Host> BY_LOAD =
      Comparator.comparingInt(Host::load).thenComparing(Comparator.naturalOrder());

  /// What is known of a machine.
  enum Standing {
    /// It holds its lease: units may come and go.
    PRESENT,
    /// Nothing certain is known of it: what it has it keeps, and it gets nothing.
    HELD,
    /// It has lost its lease: what it had goes elsewhere, if it can.
    GONE
  }

  private final MachineId id;
  private final Standing standing;
  private final SortedMap<String, String> metadata;
  private final Effort effort;
  private final SortedMap<UnitName.Placeable, String> own;
  private final SortedSet<Candidate> residents = new TreeSet<>();

  /// The residents that each glob of somebody's `Conflicts` matches.
  private final SortedMap<Glob, SortedSet<Candidate>> matched = new TreeMap<>();

  /// The residents that have each glob among their `Conflicts`.
  private final SortedMap<Glob, SortedSet<Candidate>> holders = new TreeMap<>();

  /// The sets ordered by load that this machine is in.
  private final List<SortedSet<Host>> pools = new ArrayList<>();

  Host(
      MachineId id,
      Standing standing,
      SortedMap<String, String> metadata,
      SortedMap<UnitName.Placeable, String> own,
      Effort effort) {
    this.effort = effort;
    this.id = id;
    this.standing = standing;
    this.metadata = metadata;
    this.own = own;
  }

  MachineId id() {
    return id;
  }

  Standing standing() {
    return standing;
  }

  /// What the machine carries; empty unless it is present.
  SortedMap<String, String> metadata() {
    return metadata;
  }

  /// Why the unit's name is the machine's own; empty if it is free, or that is not known.
  Optional<String> own(Candidate unit) {
    return Optional.ofNullable(own.get(unit.name()));
  }

  int load() {
    return residents.size();
  }

  SortedSet<Candidate> residents() {
    return Collections.unmodifiableSortedSet(residents);
  }

  boolean has(Candidate unit) {
    return residents.contains(unit);
  }

  /// Makes the machine a member of `pool` and keeps its place there up to date.
  void join(SortedSet<Host> pool) {
    pools.add(pool);
    pool.add(this);
  }

  void take(Candidate unit) {
    move(() -> residents.add(unit));
    unit.matchedBy().forEach(glob -> add(matched, glob, unit));
    unit.requirements().conflicts().forEach(glob -> add(holders, glob, unit));
  }

  private static void add(
      SortedMap<Glob, SortedSet<Candidate>> residents, Glob glob, Candidate unit) {
    residents.computeIfAbsent(glob, _ -> new TreeSet<>()).add(unit);
  }

  void release(Candidate unit) {
    move(() -> residents.remove(unit));
    unit.matchedBy().forEach(glob -> remove(matched, glob, unit));
    unit.requirements().conflicts().forEach(glob -> remove(holders, glob, unit));
  }

  private static void remove(
      SortedMap<Glob, SortedSet<Candidate>> residents, Glob glob, Candidate unit) {
    residents.computeIfPresent(
        glob,
        (_, units) -> {
          units.remove(unit);
          return units.isEmpty() ? null : units;
        });
  }

  /// Changes the load; a sorted set must not see its elements change.
  private void move(Runnable change) {
    pools.forEach(pool -> pool.remove(this));
    change.run();
    pools.forEach(pool -> pool.add(this));
  }

  /// The resident, sorted by name, that must not run beside `unit`, by the `Conflicts` of either.
  /// One look-up for each pattern that the unit has to do with, however many residents there are.
  Optional<Candidate> conflicting(Candidate unit) {
    return Stream.concat(
            unit.requirements().conflicts().stream().map(glob -> first(matched, glob, unit)),
            unit.matchedBy().stream().map(glob -> first(holders, glob, unit)))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /// The first of those who have to do with a pattern, other than the unit itself.
  private Optional<Candidate> first(
      SortedMap<Glob, SortedSet<Candidate>> residents, Glob glob, Candidate unit) {
    effort.lookUp();
    var found = residents.get(glob);
    return found == null
        ? Optional.empty()
        : found.stream().filter(other -> !other.equals(unit)).findFirst();
  }

  @Override
  public int compareTo(Host other) {
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
