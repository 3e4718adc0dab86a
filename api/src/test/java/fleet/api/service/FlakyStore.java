package fleet.api.service;

import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// A store that does what a network and other writers do to a good one.
final class FlakyStore implements Store {

  /// What happens to a commit.
  interface Fate {
    Commit meet(Store store, List<Compare> when, List<Op> then) throws InterruptedException;

    /// It is applied, but the answer is lost.
    Fate ANSWER_LOST =
        (store, when, then) -> {
          store.commit(when, then);
          return new Commit.Unknown("connection reset");
        };

    /// It never arrives.
    Fate REQUEST_LOST = (_, _, _) -> new Commit.Unknown("connection reset");
  }

  private final Store store;
  private final Deque<Fate> fates = new ArrayDeque<>();
  private Optional<StoreException> failure = Optional.empty();
  private boolean lagging;
  private int ranges;
  private int watches;

  FlakyStore(Store store) {
    this.store = store;
  }

  /// The next commits meet these fates, one each.
  synchronized void next(Fate... more) {
    fates.addAll(List.of(more));
  }

  /// Reads fail from now on.
  synchronized void fail(StoreException with) {
    failure = Optional.of(with);
  }

  synchronized void recover() {
    failure = Optional.empty();
  }

  /// Watches show nothing new from now on.
  synchronized void lag() {
    lagging = true;
  }

  /// How many ranges have been read.
  synchronized int ranges() {
    return ranges;
  }

  /// How many watches are open.
  synchronized int watches() {
    return watches;
  }

  private synchronized void enter() {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  @Override
  public Range range(String prefix) throws InterruptedException {
    enter();
    synchronized (this) {
      ranges++;
    }
    return store.range(prefix);
  }

  @Override
  public Range range(String prefix, long revision) throws InterruptedException {
    enter();
    return store.range(prefix, revision);
  }

  @Override
  public Optional<Entry> read(String key) throws InterruptedException {
    enter();
    return store.read(key);
  }

  @Override
  public Commit commit(List<Compare> when, List<Op> then) throws InterruptedException {
    Fate fate;
    synchronized (this) {
      fate = fates.isEmpty() ? Store::commit : fates.poll();
    }
    return fate.meet(store, when, then);
  }

  @Override
  public long grant(Duration ttl) throws InterruptedException {
    return store.grant(ttl);
  }

  @Override
  public boolean keepAlive(long lease) throws InterruptedException {
    return store.keepAlive(lease);
  }

  @Override
  public Optional<Life> life(long lease) throws InterruptedException {
    return store.life(lease);
  }

  @Override
  public void revoke(long lease) throws InterruptedException {
    store.revoke(lease);
  }

  @Override
  public Watch watch(String prefix, long fromRevision, Signal signal) {
    Watch watch = store.watch(prefix, fromRevision, signal);
    synchronized (this) {
      watches++;
    }
    return new Watch() {
      @Override
      public Batch poll() {
        synchronized (FlakyStore.this) {
          return lagging ? new Batch.Changes(fromRevision - 1, List.of()) : watch.poll();
        }
      }

      @Override
      public void close() {
        synchronized (FlakyStore.this) {
          watches--;
        }
        watch.close();
      }
    };
  }

  @Override
  public void close() {
    store.close();
  }
}
