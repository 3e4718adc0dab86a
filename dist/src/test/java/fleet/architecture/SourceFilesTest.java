package fleet.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What holds of each file of the project's code: what it is called, and how long it is.
class SourceFilesTest {

  private static final Path ROOT = Path.of("..");

  /// Whoever has read so much of one class wants to know what the next is about.
  private static final int MOST_LINES = 400;

  /// The names that two classes have of what is shipped. Where two protocols call a thing the same,
  /// so do the classes that speak them, and the room says which is meant.
  private static final List<String> SHARED =
      List.of(
          "Link", // to systemd's bus; to a server of etcd's protocol
          "Main", // where fleetctl begins; where fleetd does
          "Reply", // of D-Bus; of gRPC
          "Request", // of HTTP; of D-Bus
          "Transactions"); // etcd's: how a client asks for them; how a server carries them out

  @Test
  void noNameIsThatOfTwoClasses() throws IOException {
    var bearers = new TreeMap<String, SortedSet<Path>>();
    for (BuildModule module : BuildModule.all(ROOT)) {
      if (module.shipped()) {
        for (Path file : sources(ROOT.resolve(module.name()).resolve("src/main/java"))) {
          bearers.computeIfAbsent(name(file), _ -> new TreeSet<>()).add(ROOT.relativize(file));
        }
      }
    }
    int all = bearers.size();
    bearers.keySet().remove("package-info");
    bearers.values().removeIf(files -> files.size() == 1);

    assertEquals(SHARED, List.copyOf(bearers.keySet()), bearers::toString);
    assertTrue(all > 300, "only " + all + " classes were found");
  }

  @Test
  void noFileIsLong() throws IOException {
    var tooLong = new TreeMap<Path, Long>();
    for (BuildModule module : BuildModule.all(ROOT)) {
      for (Path file : sources(ROOT.resolve(module.name()).resolve("src"))) {
        try (Stream<String> lines = Files.lines(file)) {
          long count = lines.count();
          if (count > MOST_LINES) {
            tooLong.put(ROOT.relativize(file), count);
          }
        }
      }
    }

    assertEquals(new TreeMap<>(), tooLong);
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static List<Path> sources(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
