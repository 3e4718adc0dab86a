package fleet.testing.store;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Waits for what a watch has to say, and checks what is true of all batches: revisions only grow,
/// and none is told in two parts.
public final class Follower implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Watch watch;
  private final Signal signal;
  private final List<Change> changes = new ArrayList<>();
  private long told;

  private Follower(Watch watch, Signal signal, long fromRevision) {
    this.watch = watch;
    this.signal = signal;
    this.told = fromRevision - 1;
  }

  /// Opens a watch and follows it.
  public static Follower of(Store store, String prefix, long fromRevision) {
    Signal signal = StoreFixture.ENVIRONMENT.signal("follower of " + prefix);
    return new Follower(store.watch(prefix, fromRevision, signal), signal, fromRevision);
  }

  /// Waits until so many changes have been told since the beginning.
  ///
  /// @return all that have been told, which may be more
  public List<Change> await(int count) throws InterruptedException {
    return await(count + " changes", heard -> heard.size() >= count);
  }

  /// Waits until what has been told is as wanted.
  public List<Change> await(String wanted, Predicate<List<Change>> enough)
      throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    take();
    while (!enough.test(changes)) {
      assertTrue(System.nanoTime() < end, () -> "expected " + wanted + ", heard " + changes);
      signal.await(Duration.ofMillis(200));
      take();
    }
    return List.copyOf(changes);
  }

  private void take() {
    var batch = assertInstanceOf(Batch.Changes.class, watch.poll());
    for (Change change : batch.changes()) {
      assertTrue(change.revision() > told, () -> change + " comes after revision " + told);
      assertTrue(change.revision() <= batch.revision(), () -> change + " in " + batch.revision());
    }
    assertTrue(batch.revision() >= told, () -> batch.revision() + " comes after " + told);
    told = batch.revision();
    changes.addAll(batch.changes());
  }

  /// Waits until the watch says that it has missed something.
  public Batch.Compacted awaitCompacted() throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      switch (watch.poll()) {
        case Batch.Compacted compacted -> {
          return compacted;
        }
        case Batch.Changes(_, var found) -> changes.addAll(found);
      }
      signal.await(Duration.ofMillis(200));
    }
    throw new AssertionError("expected to hear of the compaction, heard " + changes);
  }

  @Override
  public void close() {
    watch.close();
  }
}
