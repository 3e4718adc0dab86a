package fleet.testing.store;

import fleet.cluster.store.Requests;
import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.Store.Range;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Every state that the store still remembers. The oldest can be read; from it on, so can the
/// changes.
final class History {
  /// Under each key, what became of it and when; empty where it was deleted. The first version of
  /// a key may be older than the oldest revision, if it was in force then.
  private final TreeMap<String, TreeMap<Long, Optional<Entry>>> versions = new TreeMap<>();

  /// The last versions, of those that are there.
  private final TreeMap<String, Entry> latest = new TreeMap<>();

  private final TreeMap<Long, List<Change>> changes = new TreeMap<>();
  /// All that is there at one revision, if somebody has asked for it.
  private @Nullable Range whole;

  private long revision = 1;
  private long oldest = 1;

  long revision() {
    return revision;
  }

  long oldest() {
    return oldest;
  }

  List<Change> changes(long at) {
    return changes.getOrDefault(at, List.of());
  }

  Optional<Entry> now(String key) {
    return Optional.ofNullable(latest.get(key));
  }

  private static Optional<Entry> at(
      @Nullable NavigableMap<Long, Optional<Entry>> versions, long revision) {
    var version = versions == null ? null : versions.floorEntry(revision);
    return version == null ? Optional.empty() : version.getValue();
  }

  Range range(String prefix, long at) {
    Requests.checkPrefix(prefix);
    if (at == revision && isUnder(prefix, latest.firstEntry(), latest.lastEntry())) {
      return whole(); // which is by far the largest that is asked for
    }
    var entries = new TreeMap<String, Entry>();
    for (var versionsOfKey : versions.tailMap(prefix).entrySet()) {
      String key = versionsOfKey.getKey();
      if (!key.startsWith(prefix)) {
        break;
      }
      at(versionsOfKey.getValue(), at).ifPresent(entry -> entries.put(key, entry));
    }
    return new Range(at, entries);
  }

  private Range whole() {
    Range last = whole;
    if (last == null || last.revision() != revision) {
      last = new Range(revision, latest);
      whole = last;
    }
    return last;
  }

  private static boolean isUnder(
      String prefix,
      Map.@Nullable Entry<String, Entry> first,
      Map.@Nullable Entry<String, Entry> last) {
    return first != null
        && last != null
        && first.getKey().startsWith(prefix)
        && last.getKey().startsWith(prefix);
  }

  void append(List<Change> made) {
    revision++;
    changes.put(revision, List.copyOf(made));
    for (Change change : made) {
      Optional<Entry> version =
          switch (change) {
            case Change.Put(var key, var entry) -> {
              latest.put(key, entry);
              yield Optional.of(entry);
            }
            case Change.Delete(var key, _) -> {
              latest.remove(key);
              yield Optional.empty();
            }
          };
      versions.computeIfAbsent(change.key(), _ -> new TreeMap<>()).put(revision, version);
    }
  }

  void forget(long before) {
    if (before <= oldest) {
      return;
    }
    oldest = before;
    var past = changes.headMap(oldest, true);
    var keys = new TreeSet<String>();
    past.values().forEach(made -> made.forEach(change -> keys.add(change.key())));
    past.clear();
    keys.forEach(this::forgetVersions);
  }

  private void forgetVersions(String key) {
    TreeMap<Long, Optional<Entry>> kept = versions.get(key);
    if (kept == null) {
      return;
    }
    Long inForce = kept.floorKey(oldest);
    if (inForce != null) {
      boolean deleted = at(kept, oldest).isEmpty();
      kept.headMap(inForce, deleted).clear();
    }
    if (kept.isEmpty()) {
      versions.remove(key);
    }
  }
}
