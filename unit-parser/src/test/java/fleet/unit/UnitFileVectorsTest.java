package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Reads the tables `files.txt`, what fleet 1.0 made of each unit file and we do too, and
/// `files-read-otherwise.txt`, of which it made something else than systemd does.
class UnitFileVectorsTest {

  private static final Pattern ESCAPE = Pattern.compile("\\\\(n|r|t|\\\\|u[0-9a-f]{4})");

  @TestFactory
  Stream<DynamicTest> unitFilesReadAndHashAsInFleetOne() throws IOException {
    return tests(
        "files.txt",
        (input, block) -> {
          assertEquals(expected(block, ""), describe(UnitFile.parse(input)));
          assertEquals(expected(block, ""), describe(FleetOneParser.parse(input)));
        });
  }

  @TestFactory
  Stream<DynamicTest> unitFilesThatMeantSomethingElseToFleetOneAreReadAsSystemdReadsThem()
      throws IOException {
    return tests(
        "files-read-otherwise.txt",
        (input, block) -> {
          assertEquals(expected(block, ""), describe(UnitFile.parse(input)));
          assertEquals(expected(block, "was "), describe(FleetOneParser.parse(input)));
        });
  }

  private static Stream<DynamicTest> tests(String table, BiConsumer<String, List<String>> check)
      throws IOException {
    return blocks(table)
        .flatMap(
            block ->
                lines(block, "input")
                    .map(
                        input ->
                            dynamicTest(
                                "\"" + input + "\"", () -> check.accept(unescape(input), block))));
  }

  private static String expected(List<String> block, String prefix) {
    return Stream.of("option", "error", "sha1")
        .flatMap(kind -> lines(block, prefix + kind).map(line -> kind + " " + line))
        .collect(Collectors.joining("\n"));
  }

  private static String describe(Parsed<UnitFile> parsed) {
    var lines = new ArrayList<String>();
    switch (parsed) {
      case Malformed<UnitFile>(var reason) -> lines.add("error " + reason);
      case Ok<UnitFile>(var file) -> {
        for (UnitOption option : file.options()) {
          lines.add(
              "option " + escape(option.section() + " " + option.name() + "=" + option.value()));
        }
        lines.add("sha1 " + file.hash());
      }
    }
    return String.join("\n", lines);
  }

  private static Stream<List<String>> blocks(String name) throws IOException {
    try (var table = UnitFileVectorsTest.class.getResourceAsStream(name)) {
      String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
      return Stream.of(text.split("\n\n")).map(block -> block.lines().toList());
    }
  }

  private static Stream<String> lines(List<String> block, String kind) {
    return block.stream()
        .filter(line -> line.equals(kind) || line.startsWith(kind + " "))
        .map(line -> line.length() == kind.length() ? "" : line.substring(kind.length() + 1));
  }

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            match ->
                switch (match.group(1).charAt(0)) {
                  case 'n' -> "\n";
                  case 'r' -> "\r";
                  case 't' -> "\t";
                  case 'u' -> Character.toString(Integer.parseInt(match.group(1), 1, 5, 16));
                  default -> "\\\\";
                });
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }
}
