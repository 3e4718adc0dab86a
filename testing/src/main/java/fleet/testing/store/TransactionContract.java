package fleet.testing.store;

import static fleet.testing.store.StoreFixture.applied;
import static fleet.testing.store.StoreFixture.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// All or nothing, and only if.
interface TransactionContract extends StoreFixture {

  @Test
  default void absentHoldsOnlyWhileTheKeyIsAbsent() throws InterruptedException {
    var absent = new Compare.Absent(key("a"));

    applied(commitIf(absent, new Op.Put(key("a"), "1", 0)));
    assertRefused(commitIf(absent, new Op.Put(key("a"), "2", 0)));
    delete("a");
    applied(commitIf(absent, new Op.Put(key("a"), "3", 0)));

    assertEquals(List.of("a=3"), values());
  }

  @Test
  default void createdAtHoldsWhileItIsTheSameKey() throws InterruptedException {
    long created = put("a", "1");
    var same = new Compare.CreatedAt(key("a"), created);

    long changed = put("a", "2");
    applied(commitIf(same, new Op.Put(key("b"), "1", 0)));
    assertRefused(commitIf(new Compare.CreatedAt(key("a"), changed), new Op.Put(key("b"), "2", 0)));
    delete("a");
    assertRefused(commitIf(same, new Op.Put(key("b"), "3", 0)));
    put("a", "4");
    assertRefused(commitIf(same, new Op.Put(key("b"), "4", 0)));

    assertEquals(List.of("a=4", "b=1"), values());
  }

  @Test
  default void unchangedSinceHoldsUntilTheNextPut() throws InterruptedException {
    long first = put("a", "1");
    var unchanged = new Compare.UnchangedSince(key("a"), first);

    long second = applied(commitIf(unchanged, new Op.Put(key("a"), "1", 0)));
    assertRefused(commitIf(unchanged, new Op.Put(key("a"), "2", 0)));
    applied(commitIf(new Compare.UnchangedSince(key("a"), second), new Op.Delete(key("a"))));
    assertRefused(
        commitIf(new Compare.UnchangedSince(key("a"), second), new Op.Put(key("a"), "3", 0)));

    assertEquals(List.of(), values());
  }

  @Test
  default void revisionZeroIsNoWayToSayAbsent() throws InterruptedException {
    assertRefused(commitIf(new Compare.CreatedAt(key("a"), 0), new Op.Put(key("a"), "1", 0)));
    assertRefused(commitIf(new Compare.UnchangedSince(key("a"), 0), new Op.Put(key("a"), "1", 0)));

    assertEquals(List.of(), values());
  }

  @Test
  default void oneConditionThatFailsRefusesAll() throws InterruptedException {
    long a = put("a", "1");

    Commit commit =
        store()
            .commit(
                List.of(
                    new Compare.UnchangedSince(key("a"), a),
                    new Compare.Absent(key("b")),
                    new Compare.Absent(key("a"))),
                List.of(new Op.Put(key("b"), "2", 0), new Op.Delete(key("a"))));

    assertRefused(commit);
    assertEquals(List.of("a=1"), values());
  }

  @Test
  default void allOperationsShareOneRevision() throws InterruptedException {
    put("gone", "1");

    long revision =
        applied(
            store()
                .commit(
                    List.of(),
                    List.of(
                        new Op.Put(key("a"), "1", 0),
                        new Op.Delete(key("gone")),
                        new Op.Put(key("b"), "2", 0))));

    assertEquals(List.of("a=1", "b=2"), values());
    assertEquals(new Entry("1", revision, revision, 0), store().read(key("a")).orElseThrow());
    assertEquals(new Entry("2", revision, revision, 0), store().read(key("b")).orElseThrow());
  }

  @Test
  default void putKeepsTheCreateRevisionUntilTheKeyIsDeleted() throws InterruptedException {
    long created = put("a", "1");
    long changed = put("a", "2");
    Entry before = store().read(key("a")).orElseThrow();
    delete("a");
    long again = put("a", "3");

    assertEquals(new Entry("2", created, changed, 0), before);
    assertEquals(new Entry("3", again, again, 0), store().read(key("a")).orElseThrow());
  }

  @Test
  default void whatChangesNothingMakesNoRevision() throws InterruptedException {
    long before = put("a", "1");

    assertEquals(before, applied(store().commit(List.of(), List.of())));
    assertEquals(before, delete("absent"));
    assertEquals(
        new Commit.Refused(before),
        commitIf(new Compare.Absent(key("a")), new Op.Put(key("b"), "2", 0)));
    assertEquals(before + 1, put("a", "1"));
  }

  @Test
  default void asManyOperationsAsAllowedAreApplied() throws InterruptedException {
    List<Compare> when = new ArrayList<>();
    List<Op> then = new ArrayList<>();
    for (int i = 0; i < Store.MAX_OPERATIONS; i++) {
      when.add(new Compare.Absent(key("k" + i)));
      then.add(new Op.Put(key("k" + i), "v", 0));
    }

    applied(store().commit(when, then));

    assertEquals(Store.MAX_OPERATIONS, values().size());
  }

  @Test
  default void moreOperationsThanAllowedAreDenied() throws InterruptedException {
    List<Compare> when = new ArrayList<>();
    List<Op> then = new ArrayList<>();
    for (int i = 0; i <= Store.MAX_OPERATIONS; i++) {
      when.add(new Compare.Absent(key("k" + i)));
      then.add(new Op.Put(key("k" + i), "v", 0));
    }

    assertThrows(StoreException.Denied.class, () -> store().commit(List.of(), then));
    assertThrows(StoreException.Denied.class, () -> store().commit(when, List.of()));
    assertEquals(List.of(), values());
  }

  @Test
  default void asManyBytesAsAllowedAreAppliedAndMoreAreDenied() throws InterruptedException {
    int room = Store.MAX_BYTES - key("a").length();

    applied(commitIfNothing(new Op.Put(key("a"), "é".repeat(room / 2), 0)));
    assertThrows(
        StoreException.Denied.class,
        () -> commitIfNothing(new Op.Put(key("a"), "é".repeat(room / 2 + 1), 0)));

    assertEquals(room / 2, store().read(key("a")).orElseThrow().value().length());
    delete("a");
  }

  @Test
  default void keyChangedTwiceInATransactionIsDenied() throws InterruptedException {
    assertThrows(
        StoreException.Denied.class,
        () -> commitIfNothing(new Op.Put(key("a"), "1", 0), new Op.Put(key("a"), "2", 0)));
    assertThrows(
        StoreException.Denied.class,
        () -> commitIfNothing(new Op.Put(key("a"), "1", 0), new Op.Delete(key("a"))));

    assertEquals(List.of(), values());
  }

  @Test
  default void guardedWriteStopsWhenTheGuardIsReplaced() throws InterruptedException {
    long term = put("leader", "one");
    var guard = new Compare.CreatedAt(key("leader"), term);
    applied(commitIf(guard, new Op.Put(key("a"), "by one", 0)));

    delete("leader");
    put("leader", "two");

    assertRefused(commitIf(guard, new Op.Put(key("a"), "by one, late", 0)));
    assertEquals(List.of("a=by one", "leader=two"), values());
  }

  @Test
  default void noIncrementIsLostHoweverManyIncrement() throws Exception {
    put("counter", "0");
    int workers = 8;
    int each = 20;

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> work =
          IntStream.range(0, workers)
              .<Callable<Void>>mapToObj(
                  _ ->
                      () -> {
                        for (int i = 0; i < each; i++) {
                          increment();
                        }
                        return null;
                      })
              .toList();
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    }

    assertEquals(List.of("counter=" + workers * each), values());
  }

  private void increment() throws InterruptedException {
    Commit commit;
    do {
      Entry old = store().read(key("counter")).orElseThrow();
      String next = Integer.toString(Integer.parseInt(old.value()) + 1);
      commit =
          commitIf(
              new Compare.UnchangedSince(key("counter"), old.modRevision()),
              new Op.Put(key("counter"), next, 0));
    } while (commit instanceof Commit.Refused);
    applied(commit);
  }

  private Commit commitIfNothing(Op... then) throws InterruptedException {
    return store().commit(List.of(), List.of(then));
  }
}
