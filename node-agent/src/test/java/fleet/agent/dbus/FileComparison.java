package fleet.agent.dbus;

import fleet.unit.AsRead;
import fleet.unit.OddUnitFiles;
import fleet.unit.OddUnitFiles.Twins;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitFile;
import fleet.unit.UnitReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Compares what fleet reads in generated unit files with what systemd reads in them, and what
/// systemd reads in the text that fleet prints for them.
final class FileComparison {

  /// How many files systemd has before it at a time.
  private static final int TOGETHER = 250;

  private final SystemdReader systemd;
  private final Function<byte[], Parsed<UnitFile>> parser;
  private final List<String> differences = new ArrayList<>();
  private int refused;
  private int unsure;

  /// @param parser how fleet reads a file
  FileComparison(SystemdReader systemd, Function<byte[], Parsed<UnitFile>> parser) {
    this.systemd = systemd;
    this.parser = parser;
  }

  /// How fleet reads a file.
  static Parsed<UnitFile> parse(byte[] file) {
    return switch (UnitFile.read(file)) {
      case Ok<UnitReading>(var reading) -> new Ok<>(reading.file());
      case Parsed.Malformed<UnitReading>(var reason) -> new Parsed.Malformed<>(reason);
    };
  }

  /// Compares the files of these seeds.
  FileComparison compare(long first, int count) throws IOException, InterruptedException {
    for (long seed = first; seed < first + count; seed += TOGETHER) {
      compareTogether(seed, (int) Math.min(TOGETHER, first + count - seed));
    }
    return this;
  }

  private void compareTogether(long first, int count) throws IOException, InterruptedException {
    var files = new ArrayList<byte[]>();
    for (long seed = first; seed < first + count; seed++) {
      files.add(OddUnitFiles.of(seed).ofSystemd());
    }
    List<Optional<AsRead>> theirs = systemd.read(files);
    List<Optional<AsRead>> printed = systemd.read(files.stream().map(this::printed).toList());
    for (int i = 0; i < count; i++) {
      compare(first + i, theirs.get(i), printed.get(i));
    }
  }

  /// The text that fleet writes for the file: as it is, if it writes none.
  private byte[] printed(byte[] file) {
    return parser.apply(file) instanceof Ok<UnitFile>(var read) && !read.options().isEmpty()
        ? read.text().getBytes(StandardCharsets.UTF_8)
        : file;
  }

  private void compare(long seed, Optional<AsRead> theirs, Optional<AsRead> printed) {
    Twins twins = OddUnitFiles.of(seed);
    Optional<AsRead> ours =
        parser.apply(twins.ofFleet()) instanceof Ok<UnitFile>(var file)
            ? Optional.of(AsRead.of(OddUnitFiles.inWordsOfSystemd(file)))
            : Optional.empty();
    refused += ours.isEmpty() ? 1 : 0;
    unsure += ours.isPresent() && ours.get().environment().isEmpty() ? 1 : 0;
    if (!ours.equals(theirs.map(their -> ours.isEmpty() ? their : their.asFarAs(ours.get())))) {
      differences.add("seed " + seed + ": fleet reads " + ours + ", systemd " + theirs);
    } else if (!printed.equals(theirs)) {
      differences.add("seed " + seed + ": systemd reads " + theirs + ", and then " + printed);
    }
  }

  /// One sentence for each file that is not read alike.
  List<String> differences() {
    return List.copyOf(differences);
  }

  /// How many files fleet refused.
  int refused() {
    return refused;
  }

  /// Of how many files only the conditions were compared.
  int unsure() {
    return unsure;
  }

  /// Compares as many files as are asked for, on a node of its own.
  ///
  /// @param arguments the first seed, and how many
  public static void main(String[] arguments) throws IOException, InterruptedException {
    long first = Long.parseLong(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    Node node = Node.boot();
    try (var systemd = new SystemdReader(node)) {
      var comparison = new FileComparison(systemd, FileComparison::parse).compare(first, count);
      comparison.differences().forEach(System.out::println);
      System.out.printf(
          "%d files from seed %d: %d read differently, %d refused by both, %d in part beyond us%n",
          count, first, comparison.differences.size(), comparison.refused, comparison.unsure);
      System.exit(comparison.differences.isEmpty() ? 0 : 1);
    } finally {
      node.vanish();
    }
  }
}
