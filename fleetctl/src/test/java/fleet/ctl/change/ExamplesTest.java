package fleet.ctl.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.requirements.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The units under `examples/` are units, and their guide speaks of each.
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("../examples");

  @TestFactory
  List<DynamicTest> examplesAreUnitsThatTheClusterAccepts() throws IOException {
    return units().stream()
        .map(
            file ->
                dynamicTest(
                    file,
                    () -> {
                      var name = UnitName.parse(file).orElseThrow();
                      var contents =
                          UnitFile.parse(Files.readString(EXAMPLES.resolve(file))).orElseThrow();

                      assertEquals(List.of(), Requirements.problems(name, contents));
                      assertEquals(List.of(), Requirements.warnings(contents));
                      assertTrue(contents.description().isPresent());
                    }))
        .toList();
  }

  @Test
  void theGuideSpeaksOfEveryExample() throws IOException {
    String guide = Files.readString(EXAMPLES.resolve("README.md"));

    assertEquals(
        List.of(), units().stream().filter(unit -> !guide.contains("`" + unit + "`")).toList());
  }

  @Test
  void theGuideShowsTheHashOfHello() throws IOException {
    String guide = Files.readString(EXAMPLES.resolve("README.md"));
    var hello = UnitFile.parse(Files.readString(EXAMPLES.resolve("hello.service"))).orElseThrow();

    assertTrue(guide.contains("hello.service\t" + hello.hash().brief()));
  }

  private static SortedSet<String> units() throws IOException {
    try (var files = Files.list(EXAMPLES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> !file.equals("README.md"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
