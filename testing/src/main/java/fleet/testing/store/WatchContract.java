package fleet.testing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.Store.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Hearing of every change, once and in order.
interface WatchContract extends StoreFixture {

  @Test
  default void watchTellsWhatBecomesOfKeys() throws InterruptedException {
    long before = put("a", "0");
    try (var follower = follow(before + 1)) {
      put("a", "1");
      delete("a");
      put("a", "2");

      assertEquals(
          List.of(
              new Change.Put(key("a"), new Entry("1", before, before + 1, 0)),
              new Change.Delete(key("a"), before + 2),
              new Change.Put(key("a"), new Entry("2", before + 3, before + 3, 0))),
          follower.await(3));
    }
  }

  @Test
  default void watchTellsThePastFromTheRevisionOn() throws InterruptedException {
    put("a", "1");
    long second = put("b", "2");
    long third = delete("a");

    try (var follower = follow(second)) {
      long fourth = put("b", "4");

      assertEquals(
          List.of(
              new Change.Put(key("b"), new Entry("2", second, second, 0)),
              new Change.Delete(key("a"), third),
              new Change.Put(key("b"), new Entry("4", second, fourth, 0))),
          follower.await(3));
    }
  }

  @Test
  default void watchFromARevisionYetToComeTellsNothingEarlier() throws InterruptedException {
    long now = put("a", "1");

    try (var follower = follow(now + 3)) {
      put("a", "2");
      put("a", "3");
      put("a", "4");

      assertEquals(
          List.of(new Change.Put(key("a"), new Entry("4", now, now + 3, 0))), follower.await(1));
    }
  }

  @Test
  default void watchTellsOnlyOfItsPrefix() throws InterruptedException {
    long now = put("a", "1");

    try (var follower = follow(key("b/"), now + 1)) {
      put("b", "out");
      put("b0", "out");
      long in = put("b/1", "in");
      put("c", "out");
      long last = put("b/", "in");

      assertEquals(
          List.of(
              new Change.Put(key("b/1"), new Entry("in", in, in, 0)),
              new Change.Put(key("b/"), new Entry("in", last, last, 0))),
          follower.await(2));
    }
  }

  @Test
  default void watchOfTheEmptyPrefixTellsOfEveryKey() throws InterruptedException {
    long now = put("a", "1");

    try (var follower = follow("", now + 1)) {
      long next = put("b", "2");

      assertEquals(
          List.of(new Change.Put(key("b"), new Entry("2", next, next, 0))), follower.await(1));
    }
  }

  @Test
  default void changesOfOneRevisionComeInOneBatch() throws InterruptedException {
    long now = put("a", "1");
    var signal = ENVIRONMENT.signal("watch");

    try (Watch watch = store().watch(prefix(), now + 1, signal)) {
      putMany(Store.MAX_OPERATIONS, "x".repeat(5_000));

      Batch.Changes batch = nextChanges(watch, signal);

      assertEquals(Store.MAX_OPERATIONS, batch.changes().size());
      assertTrue(batch.changes().stream().allMatch(change -> change.revision() == now + 1));
      assertTrue(batch.revision() > now);
    }
  }

  private static Batch.Changes nextChanges(Watch watch, fleet.cluster.env.Environment.Signal signal)
      throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      var batch = assertInstanceOf(Batch.Changes.class, watch.poll());
      if (!batch.changes().isEmpty()) {
        return batch;
      }
      signal.await(Duration.ofMillis(200));
    }
    throw new AssertionError("the watch told nothing");
  }

  @Test
  default void everyChangeIsToldOnceHoweverManyThereAre() throws InterruptedException {
    long now = put("a", "0");
    List<String> expected = new ArrayList<>();

    try (var live = follow(now + 1)) {
      for (int i = 0; i < 400; i++) {
        put("a", "v" + i);
        expected.add("v" + i);
      }
      putMany(1_500, "many");
      try (var late = follow(now + 1)) {

        assertEquals(expected, valuesOf("a", live.await(1_900)));
        assertEquals(1_900, live.await(1_900).size());
        assertEquals(live.await(1_900), late.await(1_900));
      }
    }
  }

  private List<String> valuesOf(String name, List<Change> changes) {
    List<String> values = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.Put(var key, var entry) && key.equals(key(name))) {
        values.add(entry.value());
      }
    }
    return values;
  }

  @Test
  default void watchesDoNotDisturbEachOther() throws InterruptedException {
    long now = put("a", "1");

    try (var open = follow(now + 1)) {
      var closed = follow(now + 1);
      put("a", "2");
      closed.await(1);
      closed.close();
      put("a", "3");

      assertEquals(List.of("2", "3"), valuesOf("a", open.await(2)));
    }
  }

  @Test
  default void closedWatchTellsNothing() throws InterruptedException {
    long now = put("a", "1");
    Watch closed = store().watch(prefix(), now, ENVIRONMENT.signal("closed"));

    closed.close();

    try (var other = follow(now + 1)) {
      put("a", "2");
      other.await(1);
      assertEquals(List.of(), ((Batch.Changes) closed.poll()).changes());
    }
    closed.close();
  }

  @Test
  default void watchFromBeforeACompactionSaysSoForGood() throws Exception {
    long first = put("a", "1");
    put("a", "2");
    long third = put("a", "3");
    compact(third);

    for (long from : new long[] {1, first, third - 1}) {
      try (var follower = follow(from)) {
        assertEquals(new Batch.Compacted(third), follower.awaitCompacted());
        assertEquals(new Batch.Compacted(third), follower.awaitCompacted());
      }
    }
  }

  @Test
  default void watchFromTheRevisionAfterACompactionMissesNothing() throws Exception {
    put("a", "1");
    long second = put("a", "2");
    delete("a");
    long fourth = put("a", "4");
    compact(second);

    try (var follower = follow(second + 1)) {

      assertEquals(
          List.of(
              new Change.Delete(key("a"), second + 1),
              new Change.Put(key("a"), new Entry("4", fourth, fourth, 0))),
          follower.await(2));
    }
  }

  @Test
  default void compactionOfWhatAWatchHasToldDoesNotDisturbIt() throws Exception {
    long first = put("a", "1");

    try (var follower = follow(first)) {
      follower.await(1);
      compact(first);
      put("a", "2");

      assertEquals(List.of("1", "2"), valuesOf("a", follower.await(2)));
    }
  }

  @Test
  default void readerWhoFollowsFromARangeSeesWhatTheStoreSees() throws InterruptedException {
    put("a", "1");
    var range = store().range(prefix());
    var seen = new java.util.TreeMap<String, Entry>(range.entries());

    try (var follower = follow(range.revision() + 1)) {
      put("b", "2");
      store().commit(List.of(), List.of(new Op.Delete(key("a")), new Op.Put(key("c"), "3", 0)));
      put("b", "4");

      for (Change change : follower.await(4)) {
        switch (change) {
          case Change.Put(var key, var entry) -> seen.put(key, entry);
          case Change.Delete(var key, _) -> seen.remove(key);
        }
      }
    }

    assertEquals(store().range(prefix()).entries(), seen);
  }
}
