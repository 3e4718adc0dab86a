package fleet.store.served;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import fleet.testing.history.Linearizability;
import fleet.testing.history.Model;
import fleet.testing.history.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// What clients of a store have done to its keys, and were told.
///
/// Every value is put once, so that the revision at which a value was found names the value.
final class KeyHistories {

  /// Something done to one key.
  sealed interface Act {
    /// @param found empty if the key was not bound
    record Read(Optional<String> found) implements Act {}

    /// Whatever was there before. Empty unbinds the key.
    record Write(Optional<String> value) implements Act {}

    /// Only if that was there before; empty if nothing was.
    ///
    /// @param done empty if there was no answer
    record Swap(Optional<String> expected, Optional<String> value, Optional<Boolean> done)
        implements Act {}
  }

  private static final class Key implements Model<Optional<String>, Act> {
    @Override
    public Optional<String> initial() {
      return Optional.empty();
    }

    @Override
    public Optional<Optional<String>> after(Optional<String> bound, Act act) {
      return switch (act) {
        case Act.Read(var found) -> Optional.of(bound).filter(found::equals);
        case Act.Write(var value) -> Optional.of(value);
        case Act.Swap(var expected, var value, var done) -> {
          boolean fits = expected.equals(bound);
          yield done.isPresent() && done.get() != fits
              ? Optional.empty()
              : Optional.of(fits ? value : bound);
        }
      };
    }
  }

  /// A write that was acknowledged.
  private record Written(long revision, long called, long returned) {}

  private final SortedMap<String, List<Operation<Act>>> byKey =
      Collections.synchronizedSortedMap(new TreeMap<>());
  private final List<Written> written = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong values = new AtomicLong();

  /// Does something to one of the keys, and takes note of it.
  void act(Store store, List<String> keys, RandomGenerator random) throws InterruptedException {
    String key = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(6)) {
      case 0, 1 -> read(store, key);
      case 2 -> write(store, key, Optional.of(newValue()));
      case 3 -> write(store, key, Optional.empty());
      default -> {
        Optional<Optional<Entry>> found = read(store, key);
        if (found.isPresent()) {
          swap(store, key, found.get(), random.nextInt(5) > 0);
        }
      }
    }
  }

  private String newValue() {
    return "v" + values.incrementAndGet();
  }

  private void note(String key, Act act, long called, long returned) {
    byKey
        .computeIfAbsent(key, _ -> Collections.synchronizedList(new ArrayList<>()))
        .add(new Operation<>(act, called, returned));
  }

  /// @return empty if there was no answer
  private Optional<Optional<Entry>> read(Store store, String key) throws InterruptedException {
    long called = System.nanoTime();
    try {
      Optional<Entry> found = store.read(key);
      note(key, new Act.Read(found.map(Entry::value)), called, System.nanoTime());
      return Optional.of(found);
    } catch (StoreException.Unavailable away) {
      return Optional.empty(); // it has changed nothing
    }
  }

  private void write(Store store, String key, Optional<String> value) throws InterruptedException {
    long called = System.nanoTime();
    Commit commit = store.commit(List.of(), List.of(op(key, value)));
    answered(key, commit, new Act.Write(value), called);
  }

  private void swap(Store store, String key, Optional<Entry> found, boolean put)
      throws InterruptedException {
    Optional<String> value = put ? Optional.of(newValue()) : Optional.empty();
    Compare unchanged =
        found
            .<Compare>map(entry -> new Compare.UnchangedSince(key, entry.modRevision()))
            .orElseGet(() -> new Compare.Absent(key));
    long called = System.nanoTime();
    Commit commit = store.commit(List.of(unchanged), List.of(op(key, value)));
    Optional<Boolean> done =
        switch (commit) {
          case Commit.Applied _ -> Optional.of(true);
          case Commit.Refused _ -> Optional.of(false);
          case Commit.Unknown _ -> Optional.empty();
        };
    answered(key, commit, new Act.Swap(found.map(Entry::value), value, done), called);
  }

  private static Op op(String key, Optional<String> value) {
    return value.<Op>map(text -> new Op.Put(key, text, 0)).orElseGet(() -> new Op.Delete(key));
  }

  private void answered(String key, Commit commit, Act act, long called) {
    long now = System.nanoTime();
    if (commit instanceof Commit.Applied(var revision)) {
      written.add(new Written(revision, called, now));
    }
    note(key, act, called, commit instanceof Commit.Unknown ? Operation.NEVER : now);
  }

  /// How many things were done, those without an answer included.
  int size() {
    synchronized (byKey) {
      return byKey.values().stream().mapToInt(Collection::size).sum();
    }
  }

  /// Why the answers are not those of one store that does one thing at a time; empty if they are.
  Optional<String> violation() {
    for (var entry : byKey.entrySet()) {
      var violation = Linearizability.violation(new Key(), entry.getValue());
      if (violation.isPresent()) {
        return violation.map(why -> entry.getKey() + ": " + why);
      }
    }
    return lateRevision();
  }

  /// What was written after something else had been acknowledged has no smaller revision.
  private Optional<String> lateRevision() {
    var newestByReturn = new TreeMap<Long, Written>();
    Written newest = new Written(0, 0, 0);
    for (Written write :
        written.stream().sorted(Comparator.comparingLong(Written::returned)).toList()) {
      newest = newest.revision > write.revision ? newest : write;
      newestByReturn.put(write.returned, newest);
    }
    for (Written write : written) {
      var before = newestByReturn.lowerEntry(write.called);
      if (before != null && before.getValue().revision > write.revision) {
        return Optional.of(write + " came after " + before.getValue());
      }
    }
    return Optional.empty();
  }
}
