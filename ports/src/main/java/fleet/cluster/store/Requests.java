package fleet.cluster.store;

import fleet.cluster.env.Spans;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Op;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/// What every [Store] refuses without looking at what it holds, in the same words.
public final class Requests {

  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

  private Requests() {}

  /// @throws StoreException.Denied if no key can be like this
  public static void checkKey(String key) {
    if (key.isEmpty()) {
      throw new StoreException.Denied("expected a key, found an empty one");
    }
    textBytes("key", key);
  }

  /// @throws StoreException.Denied if no key can begin like this; any can begin with nothing
  public static void checkPrefix(String prefix) {
    textBytes("prefix", prefix);
  }

  /// @throws StoreException.Denied if no lease can be so short
  public static void checkTtl(Duration ttl) {
    if (ttl.compareTo(SHORTEST_LEASE) < 0) {
      throw new StoreException.Denied(
          "lease of " + Spans.text(ttl) + ": expected at least " + Spans.text(SHORTEST_LEASE));
    }
  }

  /// @throws StoreException.Denied if the transaction is too large, changes a key twice, or holds
  ///     what is not text
  public static void checkTransaction(List<Compare> when, List<Op> then) {
    checkCount("conditions", when.size());
    checkCount("operations", then.size());
    long bytes = 0;
    for (Compare compare : when) {
      checkKey(compare.key());
      bytes += textBytes("key", compare.key());
    }
    var changed = new TreeSet<String>();
    for (Op op : then) {
      checkKey(op.key());
      if (!changed.add(op.key())) {
        throw new StoreException.Denied("transaction changes key " + op.key() + " twice");
      }
      bytes += textBytes("key", op.key());
      if (op instanceof Op.Put(var key, var value, _)) {
        bytes += textBytes("value of " + key, value);
      }
    }
    if (bytes > Store.MAX_BYTES) {
      throw new StoreException.Denied(
          "transaction of %d bytes, first key %s: expected at most %d"
              .formatted(bytes, then.getFirst().key(), Store.MAX_BYTES));
    }
  }

  private static void checkCount(String what, int count) {
    if (count > Store.MAX_OPERATIONS) {
      throw new StoreException.Denied(
          "transaction of %d %s: expected at most %d".formatted(count, what, Store.MAX_OPERATIONS));
    }
  }

  /// The length in UTF-8, which knows no half of a surrogate pair.
  private static long textBytes(String what, String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        throw new StoreException.Denied(
            "%s: expected text, found half a surrogate pair, U+%04X, at index %d"
                .formatted(what, (int) c, i));
      }
    }
    return bytes;
  }
}
