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
/// Keys and values are text, since all of ours are: well-formed Unicode, and no key is empty. A
/// *revision* counts the changes of the whole store, from 1, when it is new and empty; all changes
/// of one transaction share one. A range is sorted by key, as [String#compareTo] does.
///
/// Calls block, may come from any thread, and wait no longer than the store's own time limit for a
/// request. What each failure means to the caller stands at [StoreException]; a transaction reports
/// a lost answer as a value instead, since whoever commits must look at it. Every call may be
/// [StoreException.Denied], as when credentials are wrong; what [Requests] refuses always is.
///
/// All stores pass one suite of tests, `StoreContract`.
public interface Store extends AutoCloseable {

  /// Reads all keys under `prefix`, as they are now: at least as new as anything that was
  /// acknowledged to anyone before the call. Every key is under the empty prefix.
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
  /// At most [#MAX_OPERATIONS] conditions, as many operations, [#MAX_BYTES], and no key twice among
  /// the operations. A transaction that changes nothing makes no revision.
  ///
  /// @throws StoreException.Denied if the store refuses the request itself, such as a put under a
  ///     lease that has expired
  /// @throws StoreException.Unwritable if the store takes nothing at present, and has done nothing;
  ///     any other [StoreException.Unavailable] is [Commit.Unknown] here
  Commit commit(List<Compare> when, List<Op> then) throws InterruptedException;

  /// Grants a lease that expires unless it is kept alive more often than every `ttl`.
  ///
  /// @param ttl at least one second; the store may make it longer: whole seconds, and no less than
  ///     it takes the store itself to recover (2 s with etcd's defaults)
  /// @return the lease, never 0
  /// @throws StoreException.Unavailable if there is no answer
  long grant(Duration ttl) throws InterruptedException;

  /// Keeps a lease alive for another full time to live.
  ///
  /// @return whether it still was; if not, it is gone for good, with every key under it
  /// @throws StoreException.Unavailable if there is no answer
  boolean keepAlive(long lease) throws InterruptedException;

  /// How a lease stands.
  ///
  /// @return empty if it has ended
  /// @throws StoreException.Unavailable if there is no answer
  Optional<Life> life(long lease) throws InterruptedException;

  /// Ends a lease now, and with it every key under it. A lease that has ended is no error.
  ///
  /// @throws StoreException.Unavailable if there is no answer
  void revoke(long lease) throws InterruptedException;

  /// Watches the keys under `prefix` from `fromRevision` on, that one included.
  ///
  /// Raises `signal` whenever [Watch#poll()] has something new to say. The watch survives the
  /// store's absence: it comes back by itself and goes on after the last revision it has seen.
  /// Signals may be spurious, and come late while the store is away.
  ///
  /// @param fromRevision at least 1; it may lie in the future. As long as the range at the revision
  ///     before it can be read, all there is to tell is told; later the watch may say
  ///     [Batch.Compacted] instead
  Watch watch(String prefix, long fromRevision, Signal signal);

  @Override
  void close();

  /// The largest number of operations in one transaction: what etcd accepts by default.
  int MAX_OPERATIONS = 128;

  /// The largest size of one transaction, in bytes of UTF-8, all keys and values together: what
  /// etcd accepts by default (1.5 MiB), less its wrapping.
  int MAX_BYTES = 1_500_000;

  /// What is bound to a key.
  ///
  /// @param createRevision when the key came into being, since it was last absent
  /// @param modRevision when the value was last put
  /// @param lease with which the key ends; 0 if with none
  record Entry(String value, long createRevision, long modRevision, long lease) {}

  /// How a lease stands that lives.
  ///
  /// @param ttl for which it was granted
  /// @param left how long it will live unless it is kept alive, in whole seconds, rounded down
  record Life(Duration ttl, Duration left) {
    public Life {
      left = Duration.ofSeconds(Math.max(0, left.toSeconds()));
    }
  }

  /// Keys and what is bound to them, at one revision, in order of key.
  record Range(long revision, SortedMap<String, Entry> entries) {
    public Range {
      var sorted = new TreeMap<String, Entry>();
      sorted.putAll(entries);
      entries = Collections.unmodifiableSortedMap(sorted);
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

    /// Takes what has arrived since the last call, in order; never waits. What is too much for one
    /// batch comes with the next, and the signal is raised again.
    ///
    /// @throws StoreException.Denied if the store refuses to be watched. The watch goes on trying,
    ///     and goes on where it was once a human has acted.
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

    /// Changes were missed, since the store no longer keeps them. The watch is over and will say
    /// nothing else: read the range anew and watch from there.
    ///
    /// @param oldest the oldest revision that can still be read
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
