package fleet.scheduler.lead;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Environment.Task;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import fleet.scheduler.uncertainty.StoreContact;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/// A lease that is kept alive by a task of its own, so that long planning does not lose it.
final class LeaderLease implements AutoCloseable {

  private static final int BEATS_PER_TTL = 4;

  private final Environment environment;
  private final Store store;
  private final Duration ttl;
  private final AtomicReference<StoreContact> contact;
  private final Signal changed;
  private final long lease;
  private final Task keeper;
  private volatile Duration end;

  /// @param changed is raised when the lease has ended
  LeaderLease(
      Environment environment,
      Store store,
      AtomicReference<StoreContact> contact,
      Duration ttl,
      Signal changed)
      throws InterruptedException {
    this.environment = environment;
    this.store = store;
    this.contact = contact;
    this.ttl = ttl;
    this.changed = changed;
    Duration before = environment.uptime();
    this.lease = store.grant(ttl);
    this.end = before.plus(ttl);
    this.keeper = environment.fork("leader's lease", this::keep);
  }

  long lease() {
    return lease;
  }

  /// Whether the lease still lives, as far as we can know. The guard of each write knows better.
  boolean lasts() {
    return environment.uptime().compareTo(end) < 0;
  }

  private void keep() throws InterruptedException {
    Duration beat = ttl.dividedBy(BEATS_PER_TTL);
    while (lasts()) {
      environment.sleep(beat);
      Duration before = environment.uptime();
      try {
        end = store.keepAlive(lease) ? before.plus(ttl) : Duration.ofNanos(Long.MIN_VALUE);
        contact.updateAndGet(known -> known.answered(environment.uptime()));
      } catch (StoreException.Unavailable | StoreException.Denied away) {
        // It ends by itself unless a later beat gets through.
      }
    }
    changed.raise();
  }

  /// Ends the lease now, if the store can be reached.
  @Override
  public void close() {
    keeper.interrupt();
    end = Duration.ofNanos(Long.MIN_VALUE);
    try {
      store.revoke(lease);
    } catch (StoreException.Unavailable | StoreException.Denied away) {
      // It ends by itself.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
