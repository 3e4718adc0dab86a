package fleet.mutation;

import fleet.mutation.MutantTable.Row;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds the first history that catches each mutant, and writes it into `docs/reliability.md`.
/// `bench/mutants` runs it.
final class MutantCount {

  private MutantCount() {}

  /// @param names of mutants to count again; all if there are none
  public static void main(String[] names) throws Exception {
    List<Mutant> mutants = Mutant.all();
    SortedMap<String, Row> rows = new TreeMap<>(MutantTable.read());
    rows.keySet().retainAll(mutants.stream().map(Mutant::name).toList());
    for (Mutant mutant : mutants) {
      mutant.sources(); // before hours are spent
    }
    for (Mutant mutant : mutants) {
      if (names.length > 0 && !List.of(names).contains(mutant.name())) {
        continue;
      }
      Optional<Row> row = new Hunt(mutant).run("").map(caught -> Row.of(mutant, caught));
      System.out.println(row.map(Row::toString).orElse(mutant.name() + " survives"));
      row.ifPresentOrElse(
          caught -> rows.put(mutant.name(), caught), () -> rows.remove(mutant.name()));
      MutantTable.write(rows);
    }
  }
}
