package fleet.scheduler;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One node's way to the store, with what can happen to it.
final class Link implements Store {

  private final Store store;
  private final Environment environment;

  /// No request gets through; each fails after half a second.
  boolean cut;

  /// The node is no more: nothing gets through, at once.
  boolean dead;

  /// Requests wait until then, as if the process or the store were suspended.
  Duration pausedUntil = Duration.ZERO;

  /// The next commit is carried out, but its answer is lost.
  boolean loseAnswer;

  /// Signals of watches are lost.
  boolean deaf;

  Link(Store store, Environment environment) {
    this.store = store;
    this.environment = environment;
  }

  private void travel() throws InterruptedException {
    while (pausedUntil.compareTo(environment.uptime()) > 0) {
      environment.sleep(pausedUntil.minus(environment.uptime()));
    }
    if (cut && !dead) {
      environment.sleep(Duration.ofMillis(500));
    }
    if (cut || dead) {
      throw new StoreException.Unavailable("the link is cut");
    }
  }

  @Override
  public Range range(String prefix) throws InterruptedException {
    travel();
    return store.range(prefix);
  }

  @Override
  public Range range(String prefix, long revision) throws InterruptedException {
    travel();
    return store.range(prefix, revision);
  }

  @Override
  public Optional<Entry> read(String key) throws InterruptedException {
    travel();
    return store.read(key);
  }

  @Override
  public Commit commit(List<Compare> when, List<Op> then) throws InterruptedException {
    try {
      travel();
    } catch (StoreException.Unavailable away) {
      return new Commit.Unknown(away.toString());
    }
    Commit commit = store.commit(when, then);
    if (loseAnswer) {
      loseAnswer = false;
      return new Commit.Unknown("the answer was lost");
    }
    return commit;
  }

  @Override
  public long grant(Duration ttl) throws InterruptedException {
    travel();
    return store.grant(ttl);
  }

  @Override
  public boolean keepAlive(long lease) throws InterruptedException {
    travel();
    return store.keepAlive(lease);
  }

  @Override
  public void revoke(long lease) throws InterruptedException {
    travel();
    store.revoke(lease);
  }

  @Override
  public Watch watch(String prefix, long fromRevision, Signal signal) {
    Watch watch = store.watch(prefix, fromRevision, new Unreliable(signal));
    return new Watch() {
      private long told = fromRevision - 1;

      @Override
      public Batch poll() {
        return reachable() ? remember(watch.poll()) : new Batch.Changes(told, List.of());
      }

      private Batch remember(Batch batch) {
        if (batch instanceof Batch.Changes(var revision, _)) {
          told = revision;
        }
        return batch;
      }

      @Override
      public void close() {
        watch.close();
      }
    };
  }

  private boolean reachable() {
    return !cut && !dead && pausedUntil.compareTo(environment.uptime()) <= 0;
  }

  private final class Unreliable implements Signal {
    private final Signal signal;

    Unreliable(Signal signal) {
      this.signal = signal;
    }

    @Override
    public void raise() {
      if (!deaf) {
        signal.raise();
      }
    }

    @Override
    public void await(Duration limit) throws InterruptedException {
      signal.await(limit);
    }
  }

  @Override
  public void close() {}
}
