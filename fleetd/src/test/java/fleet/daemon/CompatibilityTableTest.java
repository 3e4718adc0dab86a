package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/compatibility.md` promises a test for each of its rows.
class CompatibilityTableTest {

  private static final Pattern REFERENCE = Pattern.compile("`([^`]+)`");

  private static List<String> rows() throws IOException {
    return Files.readAllLines(NamedTests.PROJECT.resolve("docs/compatibility.md")).stream()
        .filter(line -> line.startsWith("|") && line.endsWith("|"))
        .filter(line -> !line.startsWith("|---") && !line.endsWith("| test |"))
        .toList();
  }

  @Test
  void everyRowNamesATestThatIsThere() throws IOException {
    var tests = NamedTests.find();
    var missing = new ArrayList<String>();
    List<String> rows = rows();
    for (String row : rows) {
      String cell = row.substring(row.lastIndexOf("| ", row.length() - 3), row.length() - 1);
      var references = REFERENCE.matcher(cell).results().map(found -> found.group(1)).toList();
      if (references.isEmpty()) {
        missing.add("no test in " + row);
      }
      for (String reference : references) {
        if (!tests.has(reference)) {
          missing.add(reference);
        }
      }
    }

    assertEquals(List.of(), missing);
    assertTrue(rows.size() > 100, () -> "expected more rows than " + rows.size());
  }
}
