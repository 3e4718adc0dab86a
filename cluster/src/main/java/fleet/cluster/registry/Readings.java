package fleet.cluster.registry;

import fleet.cluster.Assignment;
import fleet.cluster.DesiredUnit;
import fleet.cluster.UnitState;
import fleet.cluster.registry.Keyspace.Key;
import fleet.cluster.store.Store.Entry;
import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// What the records of units mean, for as long as anybody mirrors the cluster: what one mirror has
/// decoded, the others of this process need neither decode nor keep again. For any thread.
final class Readings {

  /// From so many records on, several processors decode them: ten thousand take one of them longer
  /// than people like to wait for a list.
  private static final int MANY = 1_000;

  /// What a key's value was found to mean.
  private record Reading<T>(String value, Parsed<T> meaning) {}

  private final UnitFileCache files = new UnitFileCache();
  private final Map<String, Reading<DesiredUnit>> units = new ConcurrentHashMap<>();
  private final Map<String, Reading<Assignment>> assignments = new ConcurrentHashMap<>();
  private final Map<String, Reading<UnitState>> states = new ConcurrentHashMap<>();
  private int mirrors;

  Parsed<DesiredUnit> unit(String path, UnitName name, String value) {
    return read(units, path, value, () -> Codec.unit(name, value, files));
  }

  Parsed<Assignment> assignment(String path, UnitName.Placeable unit, String value) {
    return read(assignments, path, value, () -> Codec.assignment(unit, value, files));
  }

  Parsed<UnitState> state(String path, String value) {
    return read(states, path, value, () -> Codec.state(value));
  }

  private static <T> Parsed<T> read(
      Map<String, Reading<T>> known, String path, String value, Supplier<Parsed<T>> decoded) {
    Reading<T> last = known.get(path);
    if (last != null && last.value().equals(value)) {
      return last.meaning();
    }
    Parsed<T> meaning = decoded.get();
    known.put(path, new Reading<>(value, meaning));
    return meaning;
  }

  /// Decodes what is about to be asked for, if it is much.
  void prepare(Keyspace keys, SortedMap<String, Entry> entries) {
    if (entries.size() < MANY) {
      return;
    }
    entries.entrySet().parallelStream()
        .forEach(entry -> prepare(keys, entry.getKey(), entry.getValue().value()));
  }

  private void prepare(Keyspace keys, String path, String value) {
    Key key = keys.parse(path).orElse(null);
    if (key instanceof Key.Unit(var name)) {
      unit(path, name, value);
    } else if (key instanceof Key.Assigned(_, var unit)) {
      assignment(path, unit, value);
    } else if (key instanceof Key.State) {
      state(path, value);
    }
  }

  /// Forgets a key that is gone.
  void forget(String path) {
    units.remove(path);
    assignments.remove(path);
    states.remove(path);
  }

  /// Notes that there is one more mirror.
  synchronized void open() {
    mirrors++;
  }

  /// Notes that there is one mirror less; with the last, all is forgotten.
  synchronized void close() {
    mirrors--;
    if (mirrors == 0) {
      files.clear();
      units.clear();
      assignments.clear();
      states.clear();
    }
  }
}
