package fleet.scheduler;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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

  /// The next commit is lost on its way.
  boolean loseRequest;

  /// Signals of watches are lost.
  boolean deaf;

  /// The pause in which the next commit sets out.
  Duration pauseAtCommit = Duration.ZERO;

  /// The pause that follows the next grant of a lease.
  Duration pauseAfterGrant = Duration.ZERO;

  /// One request in so many meets with a fault of any kind; 0 for none.
  int faults;

  /// Is shown every commit that was applied.
  Consumer<List<Op>> witness = _ -> {};

  Link(Store store, Environment environment) {
    this.store = store;
    this.environment = environment;
  }

  private void pause(Duration length) {
    if (length.isPositive()) {
      pausedUntil = environment.uptime().plus(length);
    }
  }

  private void travel() throws InterruptedException {
    if (faults > 0 && environment.random().nextInt(faults) == 0) {
      meetWithFault();
    }
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

  private void meetWithFault() throws InterruptedException {
    int length = environment.random().nextInt(5_000);
    switch (environment.random().nextInt(5)) {
      case 0 -> environment.sleep(Duration.ofMillis(length));
      case 1 -> pause(Duration.ofMillis(length));
      case 2 -> loseAnswer = true;
      case 3 -> loseRequest = true;
      default -> throw new StoreException.Unavailable("a fault");
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
    pause(pauseAtCommit);
    pauseAtCommit = Duration.ZERO;
    try {
      travel();
    } catch (StoreException.Unavailable away) {
      return new Commit.Unknown(away.toString());
    }
    if (loseRequest) {
      loseRequest = false;
      return new Commit.Unknown("the request was lost");
    }
    Commit commit = store.commit(when, then);
    if (commit instanceof Commit.Applied) {
      witness.accept(then);
    }
    if (loseAnswer) {
      loseAnswer = false;
      return new Commit.Unknown("the answer was lost");
    }
    return commit;
  }

  @Override
  public long grant(Duration ttl) throws InterruptedException {
    travel();
    long lease = store.grant(ttl);
    pause(pauseAfterGrant);
    pauseAfterGrant = Duration.ZERO;
    return lease;
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
