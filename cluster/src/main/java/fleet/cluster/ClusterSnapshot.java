package fleet.cluster;

import fleet.unit.UnitName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything that a decision or a view may depend on, read at one revision of the store.
///
/// All maps are sorted: what iterates over them does the same in every run.
///
/// @param revision the store revision at which all of this was true at once
/// @param machines the machines that hold a lease, with their metadata as overlaid
/// @param units what users asked for, templates included
/// @param assignments what each machine should run; machines without any are absent, machines that
///     are gone may be present
/// @param states what each machine says of its units
/// @param released which of the units that are withheld from it each machine is rid of
/// @param explanations why units are on no machine, as the leader last wrote
/// @param reasons the names of what explanations share
/// @param evicted machines that are evicted for as long as they are not there: what they have
///     goes elsewhere, however many are silent
/// @param pause that evictions wait, as the leader last wrote
/// @param failures where units have failed too often, as the leader last wrote
/// @param leader who leads; empty between two terms
/// @param unreadable what is there but cannot be understood
public record ClusterSnapshot(
    long revision,
    SortedMap<MachineId, Machine> machines,
    SortedMap<UnitName, DesiredUnit> units,
    SortedMap<MachineId, SortedMap<UnitName.Placeable, Assignment>> assignments,
    SortedMap<MachineId, SortedMap<UnitName.Placeable, UnitState>> states,
    SortedMap<MachineId, SortedSet<UnitName.Placeable>> released,
    SortedMap<UnitName, Explanation> explanations,
    SortedSet<String> reasons,
    SortedSet<MachineId> evicted,
    Optional<Pause> pause,
    SortedMap<UnitName.Placeable, FailedPlacements> failures,
    Optional<MachineId> leader,
    Unreadable unreadable) {

  /// Names of units and machines whose records somebody else has spoiled.
  ///
  /// They exist, but nothing is known of them: a decision leaves everything of theirs as it is.
  public record Unreadable(SortedSet<UnitName> units, SortedSet<MachineId> machines) {

    /// All is well.
    public static final Unreadable NOTHING = new Unreadable(new TreeSet<>(), new TreeSet<>());

    public Unreadable {
      units = Collections.unmodifiableSortedSet(new TreeSet<>(units));
      machines = Collections.unmodifiableSortedSet(new TreeSet<>(machines));
    }
  }

  public ClusterSnapshot {
    machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
    units = Collections.unmodifiableSortedMap(new TreeMap<>(units));
    assignments = frozen(assignments);
    states = frozen(states);
    var sets = new TreeMap<MachineId, SortedSet<UnitName.Placeable>>();
    released.forEach(
        (machine, set) -> sets.put(machine, Collections.unmodifiableSortedSet(new TreeSet<>(set))));
    released = Collections.unmodifiableSortedMap(sets);
    explanations = Collections.unmodifiableSortedMap(new TreeMap<>(explanations));
    reasons = Collections.unmodifiableSortedSet(new TreeSet<>(reasons));
    evicted = Collections.unmodifiableSortedSet(new TreeSet<>(evicted));
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
  }

  /// Machines that should run something, are not there, and are not evicted.
  public SortedSet<MachineId> silent() {
    var silent = new TreeSet<>(assignments.keySet());
    silent.removeAll(machines.keySet());
    silent.removeAll(unreadable.machines());
    silent.removeAll(evicted);
    return silent;
  }

  private static <K, L, V> SortedMap<K, SortedMap<L, V>> frozen(
      SortedMap<K, SortedMap<L, V>> nested) {
    var copy = new TreeMap<K, SortedMap<L, V>>();
    nested.forEach(
        (key, inner) -> copy.put(key, Collections.unmodifiableSortedMap(new TreeMap<>(inner))));
    return Collections.unmodifiableSortedMap(copy);
  }
}
