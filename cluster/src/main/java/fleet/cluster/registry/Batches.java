package fleet.cluster.registry;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Op;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Divides many operations among transactions that a store accepts.
final class Batches {

  /// An operation, and what must hold for it.
  record Conditional(Op op, List<Compare> when) {
    static Conditional always(Op op) {
      return new Conditional(op, List.of());
    }
  }

  /// One transaction.
  record Batch(List<Compare> when, List<Op> then) {}

  private final List<Compare> guard;
  private final List<Batch> full = new ArrayList<>();
  private Set<Compare> when;
  private List<Op> then = new ArrayList<>();
  private long size;

  private Batches(List<Compare> guard) {
    this.guard = guard;
    this.when = new LinkedHashSet<>(guard);
    this.size = bytes(guard);
  }

  /// The operations in their order, in as few transactions as their number and size allow. An
  /// operation that is too large for any is alone in its own, for the store to refuse.
  ///
  /// @param guard what each transaction compares, in addition to what its operations need
  static List<Batch> of(List<Compare> guard, List<Conditional> changes) {
    var batches = new Batches(guard);
    changes.forEach(batches::add);
    batches.close();
    return batches.full;
  }

  private void add(Conditional change) {
    long more = bytes(change.op()) + bytes(change.when());
    if (then.size() == Store.MAX_OPERATIONS
        || when.size() + change.when().size() > Store.MAX_OPERATIONS
        || size + more > Store.MAX_BYTES) {
      close();
    }
    when.addAll(change.when());
    then.add(change.op());
    size += more;
  }

  private void close() {
    if (!then.isEmpty()) {
      full.add(new Batch(List.copyOf(when), then));
      when = new LinkedHashSet<>(guard);
      then = new ArrayList<>();
      size = bytes(guard);
    }
  }

  private static long bytes(List<Compare> compares) {
    return compares.stream().mapToLong(compare -> bytes(compare.key())).sum();
  }

  private static long bytes(Op op) {
    return switch (op) {
      case Op.Put(var key, var value, _) -> bytes(key) + bytes(value);
      case Op.Delete(var key) -> bytes(key);
    };
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
