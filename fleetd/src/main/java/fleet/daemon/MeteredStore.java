package fleet.daemon;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Histogram;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Counts what a store is asked, how long it takes to answer, and how often it does not.
final class MeteredStore implements Store {

  /// What a store can be asked, under fleet v1's names where it had them.
  enum Operation {
    GET,
    GET_ALL,
    SET,
    LEASE_GRANT,
    LEASE_KEEP_ALIVE,
    LEASE_LIFE,
    LEASE_REVOKE
  }

  /// @param answered how often there was an answer, and after how long
  /// @param failed how often there was none, or a refusal
  record Use(Histogram answered, long failed) {
    static final Use NONE = new Use(Histogram.EMPTY, 0);
  }

  private interface Call<T> {
    T call() throws InterruptedException;
  }

  private final Store store;
  private final Environment environment;
  private final Supplier<Optional<Instant>> unwritableSince;

  // Guarded by this.
  private final Map<Operation, Use> uses = new EnumMap<>(Operation.class);

  MeteredStore(Store store, Environment environment) {
    this(store, environment, Optional::empty);
  }

  /// @param unwritableSince since when the store takes nothing, or not everything
  MeteredStore(Store store, Environment environment, Supplier<Optional<Instant>> unwritableSince) {
    this.store = store;
    this.environment = environment;
    this.unwritableSince = unwritableSince;
  }

  /// Since when the store takes nothing, or not everything, as far as this process knows; empty if
  /// it takes all.
  Optional<Instant> unwritableSince() {
    return unwritableSince.get();
  }

  /// How the store has been used so far.
  synchronized Use of(Operation operation) {
    return uses.getOrDefault(operation, Use.NONE);
  }

  private <T> T measured(Operation operation, Call<T> call) throws InterruptedException {
    Duration begun = environment.uptime();
    try {
      T answer = call.call();
      if (answer instanceof Commit.Unknown) {
        failed(operation);
      } else {
        answered(operation, environment.uptime().minus(begun));
      }
      return answer;
    } catch (StoreException e) {
      failed(operation);
      throw e;
    }
  }

  private synchronized void answered(Operation operation, Duration took) {
    Use before = of(operation);
    uses.put(operation, new Use(before.answered().plus(took), before.failed()));
  }

  private synchronized void failed(Operation operation) {
    Use before = of(operation);
    uses.put(operation, new Use(before.answered(), before.failed() + 1));
  }

  @Override
  public Range range(String prefix) throws InterruptedException {
    return measured(Operation.GET_ALL, () -> store.range(prefix));
  }

  @Override
  public Range range(String prefix, long revision) throws InterruptedException {
    return measured(Operation.GET_ALL, () -> store.range(prefix, revision));
  }

  @Override
  public Optional<Entry> read(String key) throws InterruptedException {
    return measured(Operation.GET, () -> store.read(key));
  }

  @Override
  public Commit commit(List<Compare> when, List<Op> then) throws InterruptedException {
    return measured(Operation.SET, () -> store.commit(when, then));
  }

  @Override
  public long grant(Duration ttl) throws InterruptedException {
    return measured(Operation.LEASE_GRANT, () -> store.grant(ttl));
  }

  @Override
  public boolean keepAlive(long lease) throws InterruptedException {
    return measured(Operation.LEASE_KEEP_ALIVE, () -> store.keepAlive(lease));
  }

  @Override
  public Optional<Life> life(long lease) throws InterruptedException {
    return measured(Operation.LEASE_LIFE, () -> store.life(lease));
  }

  @Override
  public void revoke(long lease) throws InterruptedException {
    measured(
        Operation.LEASE_REVOKE,
        () -> {
          store.revoke(lease);
          return lease;
        });
  }

  @Override
  public Watch watch(String prefix, long fromRevision, Signal signal) {
    return store.watch(prefix, fromRevision, signal);
  }

  /// Not the store itself: whoever opened it closes it.
  @Override
  public void close() {}
}
