package fleet.cluster.registry;

import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.Store.Watch;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A copy of all keys under a prefix, read once and then fed by a watch. For one thread at a time.
///
/// It is always the range at one revision: older than the store's present, never a mixture.
final class Mirror implements AutoCloseable {

  private final Store store;
  private final String prefix;
  private final Signal changed;
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private long revision;
  private Watch watch;

  Mirror(Store store, String prefix, Signal changed) throws InterruptedException {
    this.store = store;
    this.prefix = prefix;
    this.changed = changed;
    Store.Range range = store.range(prefix);
    this.entries.putAll(range.entries());
    this.revision = range.revision();
    this.watch = store.watch(prefix, revision + 1, changed);
  }

  /// Takes in what the watch has brought.
  ///
  /// @return the keys that have changed, come or gone since the last call
  /// @throws fleet.cluster.store.StoreException.Unavailable if all must be read anew, and the store
  ///     does not answer; call again later
  SortedSet<String> refresh() throws InterruptedException {
    return switch (watch.poll()) {
      case Batch.Changes(var upTo, var changes) -> {
        var touched = new TreeSet<String>();
        for (Change change : changes) {
          apply(change);
          touched.add(change.key());
        }
        revision = Math.max(revision, upTo);
        yield touched;
      }
      case Batch.Compacted _ -> readAnew();
    };
  }

  private void apply(Change change) {
    switch (change) {
      case Change.Put(var key, var entry) -> entries.put(key, entry);
      case Change.Delete(var key, _) -> entries.remove(key);
    }
  }

  /// Reads all keys, whether or not the watch has told of them. If the store does not answer,
  /// everything stays as it was.
  ///
  /// @return the keys that are not as they were
  SortedSet<String> readAnew() throws InterruptedException {
    Store.Range range = store.range(prefix);
    var touched = differences(range.entries());
    if (!touched.isEmpty()) {
      entries.clear();
      entries.putAll(range.entries());
    }
    revision = range.revision();
    watch.close();
    watch = store.watch(prefix, revision + 1, changed);
    return touched;
  }

  /// The keys that are not as they are `now`. Nearly always both have the same keys in one order.
  private SortedSet<String> differences(SortedMap<String, Entry> now) {
    var touched = new TreeSet<String>();
    if (!isEqual(now)) {
      now.forEach(
          (key, entry) -> {
            if (!entry.equals(entries.get(key))) {
              touched.add(key);
            }
          });
      entries.keySet().stream().filter(key -> !now.containsKey(key)).forEach(touched::add);
    }
    return touched;
  }

  private boolean isEqual(SortedMap<String, Entry> now) {
    var others = now.entrySet().iterator();
    for (var entry : entries.entrySet()) {
      if (!others.hasNext() || !entry.equals(others.next())) {
        return false;
      }
    }
    return !others.hasNext();
  }

  /// The keys and what is bound to them, at [#revision()].
  SortedMap<String, Entry> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  /// Up to which revision of the store everything is known.
  long revision() {
    return revision;
  }

  @Override
  public void close() {
    watch.close();
  }
}
