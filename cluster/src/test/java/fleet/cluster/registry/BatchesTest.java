package fleet.cluster.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.registry.Batches.Batch;
import fleet.cluster.registry.Batches.Conditional;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Compare;
import fleet.cluster.store.Store.Op;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {

  private static Op put(int size) {
    return new Op.Put("/k", "ä".repeat(size / 2), 0);
  }

  private static List<Integer> sizes(List<Compare> when, List<Op> ops) {
    return Batches.of(when, always(ops)).stream().map(batch -> batch.then().size()).toList();
  }

  private static List<Conditional> always(List<Op> ops) {
    return ops.stream().map(Conditional::always).toList();
  }

  @Test
  void nothingNeedsNoTransaction() {
    assertEquals(List.of(), sizes(List.of(), List.of()));
  }

  @Test
  void aTransactionHoldsAsManyOperationsAsTheStoreTakes() {
    assertEquals(
        List.of(128, 128, 44), sizes(List.of(), Collections.nCopies(300, new Op.Delete("/k"))));
  }

  @Test
  void aTransactionHoldsAsManyBytesAsTheStoreTakes() {
    assertEquals(List.of(2, 2, 1), sizes(List.of(), Collections.nCopies(5, put(700_000))));
  }

  @Test
  void whatIsComparedCountsToo() {
    Compare guard = new Compare.Absent("/" + "k".repeat(200_000));

    assertEquals(List.of(1, 1), sizes(List.of(guard), Collections.nCopies(2, put(700_000))));
  }

  @Test
  void whatIsTooLargeForAnyIsAlone() {
    assertEquals(
        List.of(1, 1, 1), sizes(List.of(), List.of(put(10), put(Store.MAX_BYTES + 2), put(10))));
  }

  @Test
  void theOrderIsKept() {
    List<Op> ops = IntStream.range(0, 1_000).<Op>mapToObj(i -> new Op.Delete("/" + i)).toList();

    assertEquals(
        ops,
        Batches.of(List.of(), always(ops)).stream()
            .flatMap(batch -> batch.then().stream())
            .toList());
  }

  @Test
  void eachTransactionComparesWhatItsOperationsNeedOnceAndNoMoreThanTheStoreTakes() {
    Compare guard = new Compare.Absent("/guard");
    Compare shared = new Compare.Absent("/shared");
    List<Conditional> changes =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    new Conditional(
                        new Op.Delete("/" + i),
                        i < 100 ? List.of(shared) : List.of(new Compare.Absent("/of/" + i))))
            .toList();

    List<Batch> batches = Batches.of(List.of(guard), changes);

    assertEquals(List.of(128, 72), batches.stream().map(batch -> batch.then().size()).toList());
    assertEquals(List.of(30, 73), batches.stream().map(batch -> batch.when().size()).toList());
    batches.forEach(batch -> assertEquals(guard, batch.when().getFirst()));
  }
}
