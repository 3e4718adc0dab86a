package fleet.cluster.store;

import fleet.cluster.env.Environment.Signal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A key-value store with revisions, leases and transactions: what etcd v3 offers, and no more.
///
/// Keys and values are text, since all of ours are. A *revision* counts the changes of the whole
/// store; all changes of one transaction share one. A range is sorted by key, by code point.
///
/// Calls block, may come from any thread, and wait no longer than the store's own time limit for a
/// request. What each failure means to the caller stands at [StoreException]; a transaction reports
/// a lost answer as a value instead, since whoever commits must look at it.
public interface Store extends AutoCloseable {

  /// Reads all keys under `prefix`, as they are now: at least as new as anything that was
  /// acknowledged to anyone before the call.
  ///
  /// @throws StoreException.Unavailable if there is no answer
  Range range(String prefix) throws InterruptedException;

  /// Reads all keys under `prefix`, as they were at `revision`.
  ///
  /// @throws StoreException.Compacted if that revision is no longer kept
  /// @throws StoreException.Unavailable if there is no answer, or the store has not come that far
  Range range(String prefix, long revision) throws InterruptedException;

  /// Reads one key, as it is now.
  ///
  /// @throws StoreException.Unavailable if there is no answer
  Optional<Entry> read(String key) throws InterruptedException;

  /// Applies all of `then` if all of `when` holds, else nothing.
  ///
  /// At most [#MAX_OPERATIONS] operations, and no key twice among them.
  ///
  /// @throws StoreException.Denied if the store refuses the request itself, such as a put under a
  ///     lease that has expired
  Commit commit(List<Compare> when, List<Op> then) throws InterruptedException;

  /// Grants a lease that expires unless it is kept alive more often than every `ttl`.
  ///
  /// @param ttl at least one second; the store may round it up to whole seconds
  /// @return the lease, never 0
  /// @throws StoreException.Unavailable if there is no answer
  long grant(Duration ttl) throws InterruptedException;

  /// Keeps a lease alive for another full time to live.
  ///
  /// @return whether it still was; if not, it is gone for good, with every key under it
  /// @throws StoreException.Unavailable if there is no answer
  boolean keepAlive(long lease) throws InterruptedException;

  /// Ends a lease now, and with it every key under it. A lease that has ended is no error.
  ///
  /// @throws StoreException.Unavailable if there is no answer
  void revoke(long lease) throws InterruptedException;

  /// Watches the keys under `prefix` from `fromRevision` on, that one included.
  ///
  /// Raises `signal` whenever [Watch#poll()] has something new to say. The watch survives the
  /// store's absence: it comes back by itself and goes on after the last revision it has seen.
  /// Signals may be spurious, and come late while the store is away.
  Watch watch(String prefix, long fromRevision, Signal signal);

  @Override
  void close();

  /// The largest number of operations in one transaction: what etcd accepts by default.
  int MAX_OPERATIONS = 128;

  /// What is bound to a key.
  ///
  /// @param createRevision when the key came into being, since it was last absent
  /// @param modRevision when the value was last put
  /// @param lease with which the key ends; 0 if with none
  record Entry(String value, long createRevision, long modRevision, long lease) {}

  /// Keys and what is bound to them, at one revision.
  record Range(long revision, SortedMap<String, Entry> entries) {
    public Range {
      entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }
  }

  /// A condition of a transaction.
  sealed interface Compare {
    String key();

    /// The key does not exist.
    record Absent(String key) implements Compare {}

    /// The key exists and was created at this revision: it is still the same key.
    record CreatedAt(String key, long revision) implements Compare {}

    /// The key exists and was last changed at this revision.
    record UnchangedSince(String key, long revision) implements Compare {}
  }

  /// An effect of a transaction.
  sealed interface Op {
    String key();

    /// Binds `key` to `value` until `lease` expires; lease 0 never expires.
    record Put(String key, String value, long lease) implements Op {}

    /// Unbinds `key`; no effect where it is not bound.
    record Delete(String key) implements Op {}
  }

  /// How a transaction ended. The caller must look at all three.
  sealed interface Commit {
    /// All of it is done, durable, and visible at `revision`.
    record Applied(long revision) implements Commit {}

    /// A condition did not hold at `revision`; nothing was done.
    record Refused(long revision) implements Commit {}

    /// The answer was lost: the change may or may not be there. Read before you act.
    record Unknown(String cause) implements Commit {}
  }

  /// A watch that is open. For one caller at a time.
  interface Watch extends AutoCloseable {

    /// Takes what has arrived since the last call, in order; never waits.
    Batch poll();

    /// Ends the watch. Further polls find nothing.
    @Override
    void close();
  }

  /// What a watch has to say.
  sealed interface Batch {
    /// Changes in order of revision; all changes of one revision are in the same batch.
    ///
    /// @param revision up to which everything is now told; not below that of the last change
    record Changes(long revision, List<Change> changes) implements Batch {
      public Changes {
        changes = List.copyOf(changes);
      }
    }

    /// Changes were missed, since the store no longer keeps them. The watch is over: read the
    /// range anew and watch from there.
    record Compacted(long oldest) implements Batch {}
  }

  /// A key came to be bound to another value, or ceased to be.
  sealed interface Change {
    String key();

    long revision();

    record Put(String key, Entry entry) implements Change {
      @Override
      public long revision() {
        return entry.modRevision();
      }
    }

    record Delete(String key, long revision) implements Change {}
  }
}
