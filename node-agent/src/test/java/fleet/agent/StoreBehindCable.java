package fleet.agent;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A store that is reached over a cable, which can be pulled, and which may lose answers.
final class StoreBehindCable implements Store {

  private final Environment environment;
  private final Store store;
  private final List<Signal> watchers = new ArrayList<>();
  private boolean pulled;
  private int answersToLose;

  StoreBehindCable(Environment environment, Store store) {
    this.environment = environment;
    this.store = store;
  }

  void pull() {
    pulled = true;
  }

  void plug() {
    pulled = false;
    watchers.forEach(Signal::raise);
  }

  /// The next commits are carried out, but nobody is told.
  void loseAnswers(int count) {
    answersToLose = count;
  }

  private void cross() throws InterruptedException {
    environment.sleep(Duration.ofMillis(1));
    if (pulled) {
      environment.sleep(Duration.ofSeconds(1));
      throw new StoreException.Unavailable("the cable is pulled");
    }
  }

  @Override
  public Range range(String prefix) throws InterruptedException {
    cross();
    return store.range(prefix);
  }

  @Override
  public Range range(String prefix, long revision) throws InterruptedException {
    cross();
    return store.range(prefix, revision);
  }

  @Override
  public Optional<Entry> read(String key) throws InterruptedException {
    cross();
    return store.read(key);
  }

  @Override
  public Commit commit(List<Compare> when, List<Op> then) throws InterruptedException {
    try {
      cross();
    } catch (StoreException.Unavailable e) {
      return new Commit.Unknown("the cable is pulled");
    }
    Commit commit = store.commit(when, then);
    if (answersToLose > 0) {
      answersToLose--;
      return new Commit.Unknown("the answer was lost");
    }
    return commit;
  }

  @Override
  public long grant(Duration ttl) throws InterruptedException {
    cross();
    return store.grant(ttl);
  }

  @Override
  public boolean keepAlive(long lease) throws InterruptedException {
    cross();
    return store.keepAlive(lease);
  }

  @Override
  public void revoke(long lease) throws InterruptedException {
    cross();
    store.revoke(lease);
  }

  @Override
  public Watch watch(String prefix, long fromRevision, Signal signal) {
    watchers.add(signal);
    Watch watch = store.watch(prefix, fromRevision, signal);
    return new Watch() {
      private long told = fromRevision - 1;

      @Override
      public Batch poll() {
        if (pulled) {
          return new Batch.Changes(told, List.of());
        }
        Batch batch = watch.poll();
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

  @Override
  public void close() {}

  /// All keys and values, whether or not the cable is pulled.
  SortedMap<String, Entry> contents() throws InterruptedException {
    return new TreeMap<>(store.range("").entries());
  }
}
