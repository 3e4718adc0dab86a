package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.unit.AsRead;
import fleet.unit.FleetOneParser;
import fleet.unit.OddUnitFiles;
import fleet.unit.Parsed.Ok;
import fleet.unit.SystemdVectors;
import fleet.unit.SystemdVectors.Vector;
import fleet.unit.UnitFile;
import fleet.unit.UnitReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Unit files are read as a real systemd reads them. `bench/unit-files` compares many more.
@ExtendWith(OnNode.class)
@Tag("slow")
final class FilesAgainstSystemdTest {

  private static final int FILES = 2_000;
  private static final int FILES_OF_FLEET_ONE = 250;
  private static final int FILES_WITH_WARNINGS = 250;

  private static final Pattern IGNORED = Pattern.compile("line ([0-9]+): .*ignored.*");

  private final SystemdReader systemd;

  FilesAgainstSystemdTest(Node node) throws IOException, InterruptedException {
    systemd = new SystemdReader(node);
  }

  @AfterEach
  void hangUp() {
    systemd.close();
  }

  @Test
  void generatedFilesAreReadAsSystemdReadsThemAndPrintedWithTheSameMeaning()
      throws IOException, InterruptedException {
    var comparison = new FileComparison(systemd, FileComparison::parse).compare(0, FILES);

    assertEquals(List.of(), comparison.differences());
    assertTrue(comparison.refused() < FILES / 2, () -> comparison.refused() + " are refused");
    assertTrue(comparison.unsure() < FILES / 2, () -> comparison.unsure() + " are beyond us");
  }

  @Test
  void theRulesOfFleetOneWouldNotPass() throws IOException, InterruptedException {
    var comparison =
        new FileComparison(
                systemd, file -> FleetOneParser.parse(new String(file, StandardCharsets.UTF_8)))
            .compare(0, FILES_OF_FLEET_ONE);

    int different = comparison.differences().size();
    assertTrue(different > FILES_OF_FLEET_ONE / 4, () -> different + " are read differently");
  }

  @Test
  void linesThatSystemdIgnoresAreNamed() throws IOException, InterruptedException {
    List<byte[]> files =
        LongStream.range(0, FILES_WITH_WARNINGS)
            .mapToObj(seed -> OddUnitFiles.of(seed).ofSystemd())
            .filter(file -> UnitFile.read(file) instanceof Ok<UnitReading>)
            .toList();

    List<SortedSet<Integer>> theirs = systemd.ignored(files);

    for (int i = 0; i < files.size(); i++) {
      var ours = ignored(((Ok<UnitReading>) UnitFile.read(files.get(i))).value());
      String file = new String(files.get(i), StandardCharsets.UTF_8);
      assertTrue(ours.containsAll(theirs.get(i)), theirs.get(i) + " of " + ours + ":\n" + file);
    }
  }

  private static SortedSet<Integer> ignored(UnitReading reading) {
    return reading.warnings().stream()
        .map(IGNORED::matcher)
        .filter(line -> line.matches())
        .map(line -> Integer.parseInt(line.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theTableOfWhatSystemdReadsSaysWhatItReads() throws IOException, InterruptedException {
    List<Vector> table = SystemdVectors.all();

    assertEquals(text(table), text(recorded(systemd, table)));
  }

  private static List<Vector> recorded(SystemdReader systemd, List<Vector> table)
      throws IOException, InterruptedException {
    List<byte[]> files = table.stream().map(Vector::bytes).toList();
    List<Optional<AsRead>> read = systemd.read(files);
    List<SortedSet<Integer>> ignored = systemd.ignored(files);
    var recorded = new ArrayList<Vector>();
    for (int i = 0; i < files.size(); i++) {
      recorded.add(SystemdVectors.vector(table.get(i).input(), read.get(i), ignored.get(i)));
    }
    return recorded;
  }

  private static String text(List<Vector> vectors) {
    return vectors.stream().map(Vector::text).collect(Collectors.joining("\n"));
  }

  @Test
  void realFilesMeanTheSameToSystemdWhenFleetHasPrintedThem()
      throws IOException, InterruptedException {
    Node own = Node.boot();
    try (var reader = new SystemdReader(own)) {
      SortedMap<String, String> files = realFiles();
      assertTrue(files.size() > 100, () -> files.size() + " files");
      var printed = new TreeMap<String, String>();
      files.forEach((name, text) -> printed.put(name, UnitFile.parse(text).orElseThrow().text()));

      assertEquals(reader.told(files), reader.told(printed));
    } finally {
      own.vanish();
    }
  }

  /// The unit files of this machine's packages, which nodes have too, and our examples.
  private static SortedMap<String, String> realFiles() throws IOException {
    var files = new TreeMap<String, String>();
    for (String folder : List.of("/usr/lib/systemd/system", "../examples")) {
      try (var list = Files.list(Path.of(folder))) {
        for (Path file : list.toList()) {
          String name = file.getFileName().toString();
          if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && !name.endsWith(".md")
              && Files.size(file) > 0) {
            files.put(name, Files.readString(file));
          }
        }
      }
    }
    return files;
  }

  /// Prints the table as it should be.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Node node = Node.boot();
    try (var systemd = new SystemdReader(node)) {
      System.out.print(text(recorded(systemd, SystemdVectors.all())));
    } finally {
      node.vanish();
    }
  }
}
