package fleet.scheduler;

import fleet.cluster.MachineId;
import fleet.unit.Glob;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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
  private final SortedSet<Candidate> residents = new TreeSet<>();

  /// How many residents each glob of somebody's `Conflicts` matches.
  private final SortedMap<Glob, Integer> matched = new TreeMap<>();

  /// How many residents have each glob among their `Conflicts`.
  private final SortedMap<Glob, Integer> held = new TreeMap<>();

  /// The sets ordered by load that this machine is in.
  private final List<SortedSet<Host>> pools = new ArrayList<>();

  Host(MachineId id, Standing standing, SortedMap<String, String> metadata) {
    this.id = id;
    this.standing = standing;
    this.metadata = metadata;
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
    unit.matchedBy().forEach(glob -> matched.merge(glob, 1, Integer::sum));
    unit.requirements().conflicts().forEach(glob -> held.merge(glob, 1, Integer::sum));
  }

  void release(Candidate unit) {
    move(() -> residents.remove(unit));
    unit.matchedBy().forEach(glob -> matched.merge(glob, -1, Integer::sum));
    unit.requirements().conflicts().forEach(glob -> held.merge(glob, -1, Integer::sum));
  }

  /// Changes the load; a sorted set must not see its elements change.
  private void move(Runnable change) {
    pools.forEach(pool -> pool.remove(this));
    change.run();
    pools.forEach(pool -> pool.add(this));
  }

  /// A resident that must not run beside `unit`, by the `Conflicts` of either. The counts say at
  /// once that there is none, which is nearly always so.
  Optional<Candidate> conflicting(Candidate unit) {
    if (unit.competesWithNobody()) {
      return Optional.empty();
    }
    int self = has(unit) ? 1 : 0;
    boolean free =
        unit.requirements().conflicts().stream()
                .allMatch(glob -> count(matched, glob) == self * unit.matches(glob))
            && unit.matchedBy().stream()
                .allMatch(glob -> count(held, glob) == self * unit.holds(glob));
    return free
        ? Optional.empty()
        : residents.stream().filter(other -> other.conflictsWith(unit)).findFirst();
  }

  private static int count(SortedMap<Glob, Integer> counts, Glob glob) {
    return counts.getOrDefault(glob, 0);
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
