package fleet.mutation;

import fleet.mutation.Hunt.Catch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The table of mutants in `docs/reliability.md`.
final class MutantTable {

  private static final Path DOCUMENT =
      Path.of("..", "docs", "reliability.md").toAbsolutePath().normalize();
  private static final String HEAD =
      "| mutant | the safeguard that it lacks | caught in | what was seen first |";
  private static final int LONGEST = 140;

  private MutantTable() {}

  /// @param history the first of the standard sweep in which the mutant is caught
  record Row(String mutant, String safeguard, String history, String seen) {
    static Row of(Mutant mutant, Catch caught) {
      String seen =
          caught
              .violation()
              .replaceAll("([a-z])\\1{31}", "$1")
              .replace('|', '/')
              .replaceAll("\\s+", " ");
      return new Row(
          mutant.name(),
          mutant.safeguard(),
          caught.history(),
          seen.length() <= LONGEST ? seen : seen.substring(0, LONGEST) + "…");
    }

    @Override
    public String toString() {
      return "| `%s` | %s | %s | %s |".formatted(mutant, safeguard, history, seen);
    }
  }

  /// The rows by the names of their mutants.
  static SortedMap<String, Row> read() throws IOException {
    var rows = new TreeMap<String, Row>();
    for (String line : lines()) {
      String[] cells = line.split("\\|");
      String name = cells[1].strip().replace("`", "");
      rows.put(name, new Row(name, cells[2].strip(), cells[3].strip(), cells[4].strip()));
    }
    return rows;
  }

  private static List<String> lines() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .dropWhile(line -> !line.equals(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }

  static void write(SortedMap<String, Row> rows) throws IOException {
    var text = new ArrayList<>(Files.readAllLines(DOCUMENT));
    int begin = text.indexOf(HEAD) + 2;
    text.subList(begin, begin + lines().size()).clear();
    text.addAll(begin, rows.values().stream().map(Row::toString).toList());
    Files.write(DOCUMENT, text);
  }
}
