package fleet.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.mutation.Hunt.Catch;
import fleet.mutation.MutantTable.Row;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The simulation notices the lack of each safeguard, and `docs/reliability.md` says which they
/// are.
@Tag("slow")
class MutantsTest {

  private static final ExecutorService HUNTERS =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

  @AfterAll
  static void end() {
    HUNTERS.shutdownNow();
  }

  @Test
  void theTableNamesEachMutantAndItsSafeguard() throws Exception {
    var expected = new TreeMap<String, String>();
    Mutant.all().forEach(mutant -> expected.put(mutant.name(), mutant.safeguard()));

    var told = new TreeMap<String, String>();
    MutantTable.read().forEach((name, row) -> told.put(name, row.safeguard()));

    assertEquals(expected, told, "bench/mutants MUTANT… writes the rows");
  }

  @TestFactory
  Stream<DynamicTest> theStandardSweepFailsWithout() throws Exception {
    SortedMap<String, Row> rows = MutantTable.read();
    List<Mutant> mutants = Mutant.all();
    List<Future<Optional<Catch>>> hunts =
        mutants.stream().map(mutant -> HUNTERS.submit(hunt(mutant, rows))).toList();

    return Stream.iterate(0, i -> i < mutants.size(), i -> i + 1)
        .map(
            i ->
                dynamicTest(
                    mutants.get(i).name(),
                    () ->
                        assertTrue(
                            hunts.get(i).get().isPresent(),
                            () ->
                                "no history of the standard sweep fails without this: "
                                    + mutants.get(i).safeguard())));
  }

  /// Begins with the history that caught it when the table was written. While the code changes that
  /// need not be the one for ever.
  private static Callable<Optional<Catch>> hunt(Mutant mutant, SortedMap<String, Row> rows) {
    Row row = rows.get(mutant.name());
    return () -> new Hunt(mutant).run(row == null ? "" : row.history());
  }
}
