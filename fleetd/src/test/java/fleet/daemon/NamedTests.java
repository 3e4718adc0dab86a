package fleet.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/// All tests of the project, for documents that name them: contracts as well, which stand among the
/// doubles.
final class NamedTests {

  static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  /// The files of all tests, classes and transcripts, by name.
  private final SortedMap<String, Path> files;

  private NamedTests(SortedMap<String, Path> files) {
    this.files = files;
  }

  static NamedTests find() throws IOException {
    var tests = new TreeMap<String, Path>();
    try (var modules = Files.newDirectoryStream(PROJECT)) {
      for (Path module : modules) {
        Path root = module.resolve(module.endsWith("testing") ? "src" : "src/test");
        if (Files.isDirectory(root)) {
          try (var files = Files.walk(root)) {
            files
                .filter(Files::isRegularFile)
                .forEach(file -> tests.put(file.getFileName().toString(), file));
          }
        }
      }
    }
    return new NamedTests(tests);
  }

  /// Whether there is a test of that name: `Class`, `Class#method`, or `Class: transcript`.
  boolean has(String reference) throws IOException {
    String[] parts = reference.split("#|: ", 2);
    Path file = files.get(parts[0] + ".java");
    if (file == null || parts.length == 1) {
      return file != null;
    }
    return reference.contains("#")
        ? Files.readString(file).contains(" " + parts[1] + "(")
        : files.containsKey(parts[1]);
  }
}
