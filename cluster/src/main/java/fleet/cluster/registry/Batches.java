package fleet.cluster.registry;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Op;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Divides many operations among transactions that a store accepts.
final class Batches {

  private Batches() {}

  /// The operations in their order, in as few transactions as their number and size allow. An
  /// operation that is too large for any is alone in its own, for the store to refuse.
  static List<List<Op>> of(List<Compare> when, List<Op> ops) {
    int guard = when.stream().mapToInt(compare -> bytes(compare.key())).sum();
    List<List<Op>> batches = new ArrayList<>();
    List<Op> batch = new ArrayList<>();
    long size = guard;
    for (Op op : ops) {
      int more = bytes(op);
      if (!batch.isEmpty()
          && (batch.size() == Store.MAX_OPERATIONS || size + more > Store.MAX_BYTES)) {
        batches.add(batch);
        batch = new ArrayList<>();
        size = guard;
      }
      batch.add(op);
      size += more;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private static int bytes(Op op) {
    return switch (op) {
      case Op.Put(var key, var value, _) -> bytes(key) + bytes(value);
      case Op.Delete(var key) -> bytes(key);
    };
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
