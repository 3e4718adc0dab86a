package fleet.cluster.registry;

import fleet.cluster.Assignment;
import fleet.cluster.registry.Keyspace.Key;
import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one machine should run, kept up to date. For one thread at a time.
///
/// An assignment that cannot be understood leaves the last good one of its unit in force, and is
/// named by [#problems()].
public final class AssignmentMirror implements AutoCloseable {

  private final Mirror mirror;
  private final Keyspace keys;
  private final TreeMap<UnitName.Placeable, Assignment> assignments = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, Long> withheld = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, String> problems = new TreeMap<>();

  AssignmentMirror(Mirror mirror, Keyspace keys) {
    this.mirror = mirror;
    this.keys = keys;
    mirror.entries().keySet().forEach(this::take);
  }

  /// Takes in what is new.
  ///
  /// @return whether anything was
  public boolean refresh() throws InterruptedException {
    var touched = mirror.refresh();
    touched.forEach(this::take);
    return !touched.isEmpty();
  }

  private void take(String path) {
    if (!(keys.parse(path).orElse(null) instanceof Key.Assigned(_, var unit))) {
      return;
    }
    var entry = mirror.entries().get(path);
    problems.remove(unit);
    if (entry == null) {
      assignments.remove(unit);
      withheld.remove(unit);
      return;
    }
    switch (Codec.assignment(unit, entry.value())) {
      case Parsed.Ok<Assignment>(var assignment) when assignment.withheld() -> {
        assignments.remove(unit);
        withheld.put(unit, entry.modRevision());
      }
      case Parsed.Ok<Assignment>(var assignment) -> {
        assignments.put(unit, assignment);
        withheld.remove(unit);
      }
      case Parsed.Malformed<Assignment>(var reason) -> problems.put(unit, reason);
    }
  }

  /// What the machine should run.
  public SortedMap<UnitName.Placeable, Assignment> assignments() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(assignments));
  }

  /// What the machine must be rid of, and say so: the revisions of the assignments that ask for it.
  public SortedMap<UnitName.Placeable, Long> withheld() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(withheld));
  }

  /// Why the latest assignments of some units cannot be understood.
  public SortedMap<UnitName.Placeable, String> problems() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(problems));
  }

  /// The store's revision up to which this is true.
  public long revision() {
    return mirror.revision();
  }

  @Override
  public void close() {
    mirror.close();
  }
}
