package fleet.testing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import fleet.cluster.env.Environment;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Op;
import java.util.ArrayList;
import java.util.List;

/// What the tests of the contract have in common.
interface StoreFixture {

  Environment ENVIRONMENT = new SystemEnvironment();

  Store store();

  Store another();

  void compact(long revision) throws Exception;

  /// Where this test alone puts its keys.
  String prefix();

  /// A key of this test.
  default String key(String name) {
    return prefix() + name;
  }

  /// Puts a key of this test.
  ///
  /// @return the revision of the change
  default long put(String name, String value) throws InterruptedException {
    return put(name, value, 0);
  }

  default long put(String name, String value, long lease) throws InterruptedException {
    return applied(store().commit(List.of(), List.of(new Op.Put(key(name), value, lease))));
  }

  default long delete(String name) throws InterruptedException {
    return applied(store().commit(List.of(), List.of(new Op.Delete(key(name)))));
  }

  default Commit commitIf(Compare when, Op... then) throws InterruptedException {
    return store().commit(List.of(when), List.of(then));
  }

  /// Puts so many keys, `00000` and on, a transaction as large as can be at a time.
  default long putMany(int count, String value) throws InterruptedException {
    long last = 0;
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ops.add(new Op.Put(key("%05d".formatted(i)), value, 0));
      if (ops.size() == Store.MAX_OPERATIONS || i == count - 1) {
        last = applied(store().commit(List.of(), ops));
        ops.clear();
      }
    }
    return last;
  }

  /// The names and values of this test's keys, as `name=value`.
  default List<String> values() throws InterruptedException {
    return values(store().range(prefix()));
  }

  default List<String> values(Store.Range range) {
    List<String> values = new ArrayList<>();
    range
        .entries()
        .forEach(
            (key, entry) -> values.add(key.substring(prefix().length()) + "=" + entry.value()));
    return values;
  }

  default Follower follow(long fromRevision) {
    return follow(prefix(), fromRevision);
  }

  default Follower follow(String prefix, long fromRevision) {
    return Follower.of(store(), prefix, fromRevision);
  }

  static long applied(Commit commit) {
    return assertInstanceOf(Commit.Applied.class, commit).revision();
  }

  static void assertRefused(Commit commit) {
    assertEquals(Commit.Refused.class, commit.getClass(), commit::toString);
  }
}
