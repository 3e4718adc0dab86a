package fleet.testing.store;

import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A way to a store on which things go wrong, as its [Weather] will have it for each request.
public final class FaultyStore implements Store {

  /// What happens on the way.
  public interface Weather {

    /// A request sets out. It may take its time.
    ///
    /// @throws StoreException.Unavailable if it is lost
    default void out(String request) throws InterruptedException {}

    /// A request has been carried out, and its answer sets out.
    ///
    /// @throws StoreException.Unavailable if it is lost
    default void back(String request) throws InterruptedException {}

    /// As [#out(String)], for whoever wants to know what it is about.
    ///
    /// @param key that it asks for or changes first, or a prefix of those; empty if there is none
    default void out(String request, String key) throws InterruptedException {
      out(request);
    }

    /// As [#back(String)], likewise.
    default void back(String request, String key) throws InterruptedException {
      back(request);
    }

    /// A lease is about to be kept alive.
    ///
    /// @return who is told whether it was, or, if empty, that there was no answer
    default Consumer<Optional<Boolean>> renews(long lease) {
      return _ -> {};
    }

    /// Whether a watch hears at this moment what there is to hear. It will later.
    default boolean hears() {
      return true;
    }

    /// Whether the signal that there is something to hear is lost.
    default boolean losesSignal() {
      return false;
    }

    /// Sees every transaction that was applied, before anybody else can.
    default void applied(List<Op> ops, long revision) {}

    /// Sees under which lease a key lies, as a read or the answer to a transaction has told.
    default void told(String key, long lease) {}

    /// Sees what a range has told.
    default void told(String prefix, Range range) {}

    /// Sees what a watch has told.
    default void told(String prefix, Batch batch) {}
  }

  private final Store store;
  private final Weather weather;
  private final Map<Watch, Signal> open = new LinkedHashMap<>();

  public FaultyStore(Store store, Weather weather) {
    this.store = store;
    this.weather = weather;
  }

  private interface Question<T> {
    T ask() throws InterruptedException;
  }

  private <T> T travel(String request, String key, Question<T> question)
      throws InterruptedException {
    weather.out(request, key);
    T answer = question.ask();
    weather.back(request, key);
    return answer;
  }

  @Override
  public Range range(String prefix) throws InterruptedException {
    Range range = travel("range", prefix, () -> store.range(prefix));
    weather.told(prefix, range);
    return range;
  }

  @Override
  public Range range(String prefix, long revision) throws InterruptedException {
    Range range = travel("range", prefix, () -> store.range(prefix, revision));
    weather.told(prefix, range);
    return range;
  }

  @Override
  public Optional<Entry> read(String key) throws InterruptedException {
    Optional<Entry> entry = travel("read", key, () -> store.read(key));
    entry.ifPresent(found -> weather.told(key, found.lease()));
    return entry;
  }

  @Override
  public Commit commit(List<Compare> when, List<Op> then) throws InterruptedException {
    try {
      Commit answer =
          travel(
              "commit",
              then.isEmpty() ? "" : then.getFirst().key(),
              () -> {
                Commit commit = store.commit(when, then);
                if (commit instanceof Commit.Applied(var revision)) {
                  weather.applied(then, revision);
                }
                return commit;
              });
      if (answer instanceof Commit.Applied) {
        tell(then);
      }
      return answer;
    } catch (StoreException.Unavailable lost) {
      return new Commit.Unknown(String.valueOf(lost.getMessage()));
    }
  }

  private void tell(List<Op> done) {
    for (Op op : done) {
      if (op instanceof Op.Put(var key, _, var lease)) {
        weather.told(key, lease);
      }
    }
  }

  @Override
  public long grant(Duration ttl) throws InterruptedException {
    return travel("grant", "", () -> store.grant(ttl));
  }

  @Override
  public boolean keepAlive(long lease) throws InterruptedException {
    Consumer<Optional<Boolean>> listener = weather.renews(lease);
    try {
      boolean kept = travel("keepAlive", "", () -> store.keepAlive(lease));
      listener.accept(Optional.of(kept));
      return kept;
    } catch (StoreException.Unavailable lost) {
      listener.accept(Optional.empty());
      throw lost;
    }
  }

  @Override
  public Optional<Life> life(long lease) throws InterruptedException {
    return travel("life", "", () -> store.life(lease));
  }

  @Override
  public void revoke(long lease) throws InterruptedException {
    travel(
        "revoke",
        "",
        () -> {
          store.revoke(lease);
          return lease;
        });
  }

  @Override
  public Watch watch(String prefix, long fromRevision, Signal signal) {
    Watch watch = store.watch(prefix, fromRevision, new Faint(signal));
    open.put(watch, signal);
    return new Watch() {
      private long told = fromRevision - 1;

      @Override
      public Batch poll() {
        if (!weather.hears()) {
          return new Batch.Changes(told, List.of());
        }
        Batch batch = watch.poll();
        weather.told(prefix, batch);
        if (batch instanceof Batch.Changes(var revision, _)) {
          told = revision;
        }
        return batch;
      }

      @Override
      public void close() {
        open.remove(watch);
        watch.close();
      }
    };
  }

  /// A signal that may be lost.
  private final class Faint implements Signal {
    private final Signal signal;

    Faint(Signal signal) {
      this.signal = signal;
    }

    @Override
    public void raise() {
      if (!weather.losesSignal()) {
        signal.raise();
      }
    }

    @Override
    public boolean await(Duration limit) throws InterruptedException {
      return signal.await(limit);
    }
  }

  /// Ends the watches. The store stays open: others are on their way to it.
  @Override
  public void close() {
    open.keySet().forEach(Watch::close);
    open.clear();
  }

  /// Tells all who watch to look, as when the store is back.
  public void wake() {
    open.values().forEach(Signal::raise);
  }
}
