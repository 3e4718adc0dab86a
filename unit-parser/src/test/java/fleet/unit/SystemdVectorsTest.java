package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.unit.Parsed.Ok;
import fleet.unit.SystemdVectors.Vector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Files are read as systemd 252 reads them. That the table says what it does is tested on a real
/// one.
class SystemdVectorsTest {

  private static final Pattern LINE = Pattern.compile("line ([0-9]+): .*ignored.*");

  @TestFactory
  Stream<DynamicTest> filesAreReadAsSystemdReadsThem() throws IOException {
    return SystemdVectors.all().stream()
        .map(vector -> dynamicTest("\"" + vector.input() + "\"", () -> check(vector)));
  }

  private static void check(Vector vector) {
    assertEquals(vector.text(), ours(vector.input(), vector.bytes()).text());
    if (UnitFile.read(vector.bytes()) instanceof Ok<UnitReading>(var reading)) {
      byte[] printed = reading.file().text().getBytes(StandardCharsets.UTF_8);

      assertEquals(vector.read(), ours("printed", printed).read());
    }
  }

  private static Vector ours(String input, byte[] bytes) {
    return UnitFile.read(bytes) instanceof Ok<UnitReading>(var reading)
        ? SystemdVectors.vector(
            input, Optional.of(AsRead.of(reading.file())), lines(reading.warnings()))
        : SystemdVectors.vector(input, Optional.empty(), new TreeSet<>());
  }

  private static SortedSet<Integer> lines(List<String> warnings) {
    var lines = new TreeSet<Integer>();
    for (String warning : warnings) {
      var line = LINE.matcher(warning);
      if (line.matches()) {
        lines.add(Integer.parseInt(line.group(1)));
      }
    }
    return lines;
  }

  @Test
  void fleetOneWouldHaveReadManyOfThemDifferently() throws IOException {
    long different =
        SystemdVectors.all().stream()
            .filter(vector -> !vector.read().equals(readByFleetOne(vector)))
            .count();

    assertTrue(different >= 20, () -> different + " are read differently");
  }

  private static List<String> readByFleetOne(Vector vector) {
    return FleetOneParser.parse(new String(vector.bytes(), StandardCharsets.UTF_8))
            instanceof Ok<UnitFile>(var file)
        ? AsRead.of(file).lines()
        : List.of();
  }
}
