package fleet.cluster.registry;

import fleet.cluster.Assignment;
import fleet.cluster.ClusterSnapshot;
import fleet.cluster.ClusterSnapshot.Unreadable;
import fleet.cluster.DesiredUnit;
import fleet.cluster.FailedPlacements;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.Pause;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.UnitState.Trial;
import fleet.cluster.registry.Keyspace.Key;
import fleet.cluster.store.Store.Entry;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The whole cluster, kept up to date: each record is decoded once, when it changes. For one thread
/// at a time.
public final class ClusterMirror implements AutoCloseable {

  /// In place of a state that cannot be understood: the machine has the unit, that much is known.
  private static final UnitState NOBODY_KNOWS =
      new UnitState(
          TargetState.INACTIVE,
          0,
          "",
          "",
          "",
          Optional.empty(),
          "",
          "the record of its state cannot be understood",
          List.of());

  private final Mirror mirror;
  private final Keyspace keys;

  private final Readings readings;
  private final TreeMap<UnitName, DesiredUnit> units = new TreeMap<>();
  private final TreeMap<MachineId, Machine> machines = new TreeMap<>();
  private final TreeMap<MachineId, SortedMap<String, String>> overlays = new TreeMap<>();
  private final TreeMap<MachineId, SortedMap<UnitName.Placeable, Assignment>> assignments =
      new TreeMap<>();
  private final TreeMap<MachineId, SortedMap<UnitName.Placeable, UnitState>> states =
      new TreeMap<>();
  private final TreeMap<MachineId, SortedMap<UnitName.Placeable, Long>> assignedAt =
      new TreeMap<>();
  private final TreeMap<MachineId, SortedMap<UnitName.Placeable, Long>> releases = new TreeMap<>();
  private final ExplanationMirror explanations = new ExplanationMirror();
  private final TreeSet<MachineId> evicted = new TreeSet<>();

  /// Those that were evicted by an earlier fleet, by its key.
  private final TreeSet<MachineId> formerlyEvicted = new TreeSet<>();

  private Optional<Pause> pause = Optional.empty();
  private final TreeMap<UnitName.Placeable, FailedPlacements> failures = new TreeMap<>();
  private Optional<MachineId> leader = Optional.empty();
  private long changes;
  private long placementChanges;

  private final TreeSet<UnitName> unreadableUnits = new TreeSet<>();
  private final TreeSet<MachineId> unreadableMachines = new TreeSet<>();
  private final TreeMap<String, String> problems = new TreeMap<>();

  /// @param readings what other mirrors have read
  ClusterMirror(Mirror mirror, Keyspace keys, Readings readings) {
    this.mirror = mirror;
    this.keys = keys;
    this.readings = readings;
    readings.open();
    readings.prepare(keys, mirror.entries());
    mirror.entries().keySet().forEach(this::take);
  }

  /// Takes in what the watch has told of.
  ///
  /// @return whether anything was new
  /// @throws fleet.cluster.store.StoreException.Unavailable if all must be read anew, and the store
  ///     does not answer; call again later
  public boolean refresh() throws InterruptedException {
    return take(mirror.refresh());
  }

  /// Reads everything, in case the watch has not told of all. What is as it was is not decoded
  /// again.
  ///
  /// @return whether anything was new
  /// @throws fleet.cluster.store.StoreException.Unavailable if the store does not answer; all is as
  ///     it was then
  public boolean readAnew() throws InterruptedException {
    return take(mirror.readAnew());
  }

  private boolean take(SortedSet<String> touched) {
    touched.forEach(this::take);
    changes += touched.size();
    return !touched.isEmpty();
  }

  private SortedSet<MachineId> evicted() {
    var all = new TreeSet<>(evicted);
    all.addAll(formerlyEvicted);
    return all;
  }

  /// The cluster at [#revision()].
  public ClusterSnapshot snapshot() {
    var present = new TreeMap<MachineId, Machine>();
    machines.forEach(
        (id, machine) ->
            present.put(
                id, machine.overlaidBy(overlays.getOrDefault(id, Collections.emptySortedMap()))));
    return new ClusterSnapshot(
        mirror.revision(),
        present,
        units,
        assignments,
        states,
        released(),
        explanations.explanations(),
        explanations.reasons(),
        evicted(),
        pause,
        failures,
        leader,
        new Unreadable(unreadableUnits, unreadableMachines));
  }

  /// What machines have been rid of as their present assignments ask.
  private SortedMap<MachineId, SortedSet<UnitName.Placeable>> released() {
    var released = new TreeMap<MachineId, SortedSet<UnitName.Placeable>>();
    releases.forEach(
        (machine, units) ->
            units.forEach(
                (unit, revision) -> {
                  var assigned = assignedAt.getOrDefault(machine, new TreeMap<>()).get(unit);
                  if (revision.equals(assigned)) {
                    released.computeIfAbsent(machine, _ -> new TreeSet<>()).add(unit);
                  }
                }));
    return released;
  }

  /// Up to which revision of the store everything is known.
  public long revision() {
    return mirror.revision();
  }

  /// The leases by which machines are there, of those that are there by one.
  public List<Long> leases() {
    var leases = new ArrayList<Long>();
    for (MachineId machine : machines.keySet()) {
      var entry = mirror.entries().get(keys.machine(machine));
      if (entry != null && entry.lease() != 0) {
        leases.add(entry.lease());
      }
    }
    return leases;
  }

  /// Counts all changes.
  public long changes() {
    return changes;
  }

  /// Counts the changes of what a placement depends on: units, machines, their metadata,
  /// assignments, which machines are evicted, and the ends of states, since a unit that users want
  /// may have waited for one, and how units do that have a limit of failures. What machines say of
  /// their units otherwise, explanations and leaders come and go without it.
  public long placementChanges() {
    return placementChanges;
  }

  /// Keys of ours whose values cannot be understood, each with the reason.
  public SortedMap<String, String> problems() {
    var all = new TreeMap<>(problems);
    explanations
        .missing()
        .forEach(
            (unit, name) ->
                all.put(
                    keys.explanation(unit),
                    "reasons: expected " + keys.reasons(name) + ", found nothing of use there"));
    return Collections.unmodifiableSortedMap(all);
  }

  @Override
  public void close() {
    readings.close();
    mirror.close();
  }

  private void take(String path) {
    var entry = mirror.entries().get(path);
    var value = Optional.ofNullable(entry).map(present -> present.value());
    problems.remove(path);
    if (entry == null) {
      readings.forget(path);
    }
    var key = keys.parse(path).orElse(null);
    if (key instanceof Key.Placement) {
      placementChanges++;
    }
    switch (key) {
      case Key.Unit(var name) -> takeUnit(path, name, value);
      case Key.OfMachine(var id) -> takeMachine(path, id, value);
      case Key.Overlay(var id) ->
          set(overlays, id, value.flatMap(text -> readable(path, Codec.overlay(text))));
      case Key.Assigned(var id, var unit) -> {
        // What the leader cannot understand it writes anew: an empty file equals no other.
        set(
            assignments,
            id,
            unit,
            value.map(
                text ->
                    readable(path, readings.assignment(path, unit, text))
                        .orElseGet(() -> illegible(unit))));
        set(assignedAt, id, unit, Optional.ofNullable(entry).map(Entry::modRevision));
      }
      case Key.State(var id, var unit) -> {
        var state =
            value.map(text -> readable(path, readings.state(path, text)).orElse(NOBODY_KNOWS));
        if (state.map(UnitState::trial).filter(trial -> !trial.equals(Trial.OPEN)).isPresent()) {
          placementChanges++;
        }
        set(states, id, unit, state);
        var released = state.map(UnitState::released).filter(revision -> revision != 0);
        set(releases, id, unit, released);
        if (released.isPresent() || (value.isEmpty() && isWanted(unit))) {
          placementChanges++;
        }
      }
      case Key.Evicted(var id, var former) -> {
        var machines = former ? formerlyEvicted : evicted;
        if (value.isPresent()) {
          machines.add(id);
        } else {
          machines.remove(id);
        }
      }
      case Key.Failed(var unit) ->
          set(failures, unit, value.flatMap(text -> readable(path, Codec.failures(text))));
      case Key.Paused() -> pause = value.flatMap(text -> readable(path, Codec.pause(text)));
      case Key.Leader() -> leader = value.flatMap(text -> readable(path, Codec.leader(text)));
      case Key.Explained(var unit) ->
          explanations.explained(
              unit, value.flatMap(text -> readable(path, Codec.explanation(text))));
      case Key.Shared(var name) ->
          explanations.shared(
              name, value.flatMap(text -> readable(path, Codec.reasons(name, text))));
      case null -> value.ifPresent(_ -> problems.put(path, "no key of fleet's"));
    }
  }

  private boolean isWanted(UnitName unit) {
    DesiredUnit desired = units.get(unit);
    return desired != null && desired.target() != TargetState.INACTIVE;
  }

  private void takeUnit(String path, UnitName name, Optional<String> value) {
    var unit = value.flatMap(text -> readable(path, readings.unit(path, name, text)));
    set(units, name, unit);
    if (value.isPresent() && unit.isEmpty()) {
      unreadableUnits.add(name);
    } else {
      unreadableUnits.remove(name);
    }
  }

  private void takeMachine(String path, MachineId id, Optional<String> value) {
    var machine = value.flatMap(text -> readable(path, Codec.machine(id, text)));
    set(machines, id, machine);
    if (value.isPresent() && machine.isEmpty()) {
      unreadableMachines.add(id);
    } else {
      unreadableMachines.remove(id);
    }
  }

  private static Assignment illegible(UnitName.Placeable unit) {
    return new Assignment(unit, new UnitFile(List.of()), TargetState.LOADED, -1);
  }

  private <T> Optional<T> readable(String path, Parsed<T> parsed) {
    return switch (parsed) {
      case Parsed.Ok<T>(var value) -> Optional.of(value);
      case Parsed.Malformed<T>(var reason) -> {
        problems.put(path, reason);
        yield Optional.empty();
      }
    };
  }

  private static <K, V> void set(SortedMap<K, V> map, K key, Optional<V> value) {
    value.ifPresentOrElse(present -> map.put(key, present), () -> map.remove(key));
  }

  private static <V> void set(
      SortedMap<MachineId, SortedMap<UnitName.Placeable, V>> map,
      MachineId machine,
      UnitName.Placeable unit,
      Optional<V> value) {
    var inner = map.computeIfAbsent(machine, _ -> new TreeMap<>());
    set(inner, unit, value);
    if (inner.isEmpty()) {
      map.remove(machine);
    }
  }
}
