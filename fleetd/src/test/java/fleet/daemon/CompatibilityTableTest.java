package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/compatibility.md` promises a test for each of its rows.
class CompatibilityTableTest {

  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern REFERENCE = Pattern.compile("`([^`]+)`");

  /// The files of all tests, classes and transcripts, by name.
  private static SortedMap<String, Path> tests() throws IOException {
    var tests = new TreeMap<String, Path>();
    try (var modules = Files.newDirectoryStream(PROJECT)) {
      for (Path module : modules) {
        Path root = module.resolve("src/test");
        if (Files.isDirectory(root)) {
          try (var files = Files.walk(root)) {
            files
                .filter(Files::isRegularFile)
                .forEach(file -> tests.put(file.getFileName().toString(), file));
          }
        }
      }
    }
    return tests;
  }

  private static List<String> rows() throws IOException {
    return Files.readAllLines(PROJECT.resolve("docs/compatibility.md")).stream()
        .filter(line -> line.startsWith("|") && line.endsWith("|"))
        .filter(line -> !line.startsWith("|---") && !line.endsWith("| test |"))
        .toList();
  }

  @Test
  void everyRowNamesATestThatIsThere() throws IOException {
    SortedMap<String, Path> tests = tests();
    var missing = new ArrayList<String>();
    List<String> rows = rows();
    for (String row : rows) {
      String cell = row.substring(row.lastIndexOf("| ", row.length() - 3), row.length() - 1);
      var references = REFERENCE.matcher(cell).results().map(found -> found.group(1)).toList();
      if (references.isEmpty()) {
        missing.add("no test in " + row);
      }
      for (String reference : references) {
        if (!isThere(reference, tests)) {
          missing.add(reference);
        }
      }
    }

    assertEquals(List.of(), missing);
    assertTrue(rows.size() > 100, () -> "expected more rows than " + rows.size());
  }

  /// `Class`, `Class#method`, or `Class: transcript`.
  private static boolean isThere(String reference, SortedMap<String, Path> tests)
      throws IOException {
    String[] parts = reference.split("#|: ", 2);
    Path file = tests.get(parts[0] + ".java");
    if (file == null || parts.length == 1) {
      return file != null;
    }
    return reference.contains("#")
        ? Files.readString(file).contains(" " + parts[1] + "(")
        : tests.containsKey(parts[1]);
  }
}
