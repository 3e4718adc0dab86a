package fleet.store.etcd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the tests of the client have in common.
final class EtcdFixture {

  /// How much later than promised something may be on a machine that has much else to do.
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private EtcdFixture() {}

  static EtcdStore connect(URI... endpoints) {
    return EtcdStore.connect(new EtcdOptions(List.of(endpoints)));
  }

  static EtcdStore connect(Duration requestTimeout, URI... endpoints) {
    return EtcdStore.connect(
        new EtcdOptions(
            List.of(endpoints),
            requestTimeout,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  static Commit put(Store store, String key, String value) throws InterruptedException {
    return put(store, key, value, 0);
  }

  static Commit put(Store store, String key, String value, long lease) throws InterruptedException {
    return store.commit(List.of(), List.of(new Op.Put(key, value, lease)));
  }

  /// Writes a key that is not there yet, once: again only if it is still not there, where an answer
  /// was lost in an election.
  static void create(Store store, String key, String value) throws InterruptedException {
    long began = System.nanoTime();
    List<Compare> isNew = List.of(new Compare.Absent(key));
    Commit first = store.commit(isNew, List.of(new Op.Put(key, value, 0)));
    Commit last = first;
    while (last instanceof Commit.Unknown && since(began).compareTo(PATIENCE) < 0) {
      last = store.commit(isNew, List.of(new Op.Put(key, value, 0)));
    }
    boolean wasWrittenBefore = first instanceof Commit.Unknown && last instanceof Commit.Refused;
    if (!(last instanceof Commit.Applied) && !wasWrittenBefore) {
      throw new AssertionError(key + " was not created: " + first + ", then " + last);
    }
  }

  /// Asks until there is an answer, and says how long that took.
  static Duration awaitAnswer(Store store) throws InterruptedException {
    long began = System.nanoTime();
    while (true) {
      try {
        var _ = store.read("a");
        return since(began);
      } catch (StoreException.Unavailable notYet) {
        if (since(began).compareTo(PATIENCE) > 0) {
          throw notYet;
        }
      }
    }
  }

  static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  static void assertWithin(Duration limit, Duration taken) {
    assertTrue(taken.compareTo(limit.plus(GRACE)) < 0, () -> "it took " + taken);
  }

  static void assertSays(String words, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(words), () -> "expected " + words + ", found " + message);
  }
}
