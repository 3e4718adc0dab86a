package fleet.testing.store;

import static fleet.testing.store.StoreFixture.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Keys that live only as long as somebody says so.
interface LeaseContract extends StoreFixture {

  Duration SHORT = Duration.ofSeconds(1);
  Duration LONG = Duration.ofSeconds(60);

  /// No unknown lease has this number: stores count from 1, or choose among 2^63.
  long NO_LEASE = 4_242_424_242L;

  @Test
  default void leasesAreDistinctAndNeverZero() throws InterruptedException {
    long one = store().grant(LONG);
    long two = store().grant(LONG);

    assertNotEquals(0, one);
    assertNotEquals(0, two);
    assertNotEquals(one, two);
    store().revoke(one);
    store().revoke(two);
  }

  @Test
  default void entrySaysItsLease() throws InterruptedException {
    long lease = store().grant(LONG);

    long revision = put("a", "1", lease);

    assertEquals(Optional.of(new Entry("1", revision, revision, lease)), store().read(key("a")));
    store().revoke(lease);
  }

  @Test
  default void revokedLeaseTakesItsKeysWithItInOneRevision() throws InterruptedException {
    long lease = store().grant(LONG);
    put("a", "1", lease);
    put("b", "2", lease);
    long last = put("c", "3");
    try (var follower = follow(last + 1)) {
      store().revoke(lease);

      assertEquals(
          List.of(new Change.Delete(key("a"), last + 1), new Change.Delete(key("b"), last + 1)),
          follower.await(2));
    }
    assertEquals(List.of("c=3"), values());
    assertFalse(store().keepAlive(lease));
    assertThrows(StoreException.Denied.class, () -> put("a", "4", lease));
  }

  @Test
  default void leaseThatNobodyKeepsAliveExpiresAndWatchersHearOfIt() throws InterruptedException {
    long lease = store().grant(SHORT);
    long put = put("a", "1", lease);

    try (var follower = follow(put + 1)) {
      var heard = follower.await(1).getFirst();

      assertEquals(key("a"), assertInstanceOf(Change.Delete.class, heard).key());
    }
    assertEquals(List.of(), values());
    assertFalse(store().keepAlive(lease));
    assertThrows(StoreException.Denied.class, () -> put("b", "2", lease));
  }

  @Test
  default void leaseThatIsKeptAliveLives() throws InterruptedException {
    long kept = store().grant(SHORT);
    long forgotten = store().grant(SHORT);
    long put = put("kept", "1", kept);
    put("forgotten", "1", forgotten);

    try (var follower = follow(put + 2)) {
      var heard =
          follower.await(
              "the end of the forgotten lease",
              changes -> !changes.isEmpty() || !keptAlive(store(), kept));

      assertEquals(key("forgotten"), heard.getFirst().key());
    }
    assertEquals(List.of("kept=1"), values());
    assertTrue(store().keepAlive(kept));
    store().revoke(kept);
  }

  private static boolean keptAlive(Store store, long lease) {
    try {
      return store.keepAlive(lease);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  @Test
  default void leaseSaysHowLongItWillLive() throws InterruptedException {
    long lease = store().grant(LONG);

    Store.Life life = store().life(lease).orElseThrow();

    assertEquals(LONG, life.ttl());
    assertEquals(0, life.left().toNanosPart(), "whole seconds");
    assertTrue(life.left().isPositive() && life.left().compareTo(LONG) <= 0, life.toString());
    store().revoke(lease);
    assertEquals(Optional.empty(), store().life(lease));
  }

  @Test
  default void leaseThatNeverWasIsDead() throws InterruptedException {
    assertFalse(store().keepAlive(NO_LEASE));
    assertEquals(Optional.empty(), store().life(NO_LEASE));
    store().revoke(NO_LEASE);
    assertThrows(StoreException.Denied.class, () -> put("a", "1", NO_LEASE));

    assertEquals(List.of(), values());
  }

  @Test
  default void nothingOfATransactionUnderADeadLeaseIsDone() throws InterruptedException {
    put("gone", "1");

    assertThrows(
        StoreException.Denied.class,
        () ->
            store()
                .commit(
                    List.of(),
                    List.of(
                        new Op.Put(key("a"), "1", 0),
                        new Op.Delete(key("gone")),
                        new Op.Put(key("b"), "1", NO_LEASE))));

    assertEquals(List.of("gone=1"), values());
  }

  @Test
  default void conditionsAreLookedAtBeforeLeases() throws InterruptedException {
    put("a", "1");

    assertRefused(commitIf(new Compare.Absent(key("a")), new Op.Put(key("a"), "2", NO_LEASE)));
  }

  @Test
  default void keyMovedToAnotherLeaseLivesByThatOne() throws InterruptedException {
    long first = store().grant(LONG);
    long second = store().grant(LONG);
    put("a", "1", first);
    put("a", "2", second);

    store().revoke(first);
    List<String> afterFirst = values();
    store().revoke(second);

    assertEquals(List.of("a=2"), afterFirst);
    assertEquals(List.of(), values());
  }

  @Test
  default void keyPutAgainWithoutALeaseOutlivesIt() throws InterruptedException {
    long lease = store().grant(LONG);
    put("put again", "1", lease);
    put("put again", "2");
    put("deleted and put again", "1", lease);
    delete("deleted and put again");
    put("deleted and put again", "2");

    store().revoke(lease);

    assertEquals(List.of("deleted and put again=2", "put again=2"), values());
  }

  @Test
  default void leaseOfLessThanASecondIsDenied() {
    assertThrows(StoreException.Denied.class, () -> store().grant(Duration.ofMillis(999)));
    assertThrows(StoreException.Denied.class, () -> store().grant(Duration.ofSeconds(-1)));
  }
}
