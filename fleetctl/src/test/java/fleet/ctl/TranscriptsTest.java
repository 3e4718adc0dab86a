package fleet.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// Plays every [Transcript] under `transcripts/`: what each verb prints, and where.
///
/// To accept new output, run with `-Dfleet.rewrite=true` and read the diff before you commit it.
@Tag("slow")
class TranscriptsTest {

  private static final Path TRANSCRIPTS = Path.of("src/test/resources/fleet/ctl/transcripts");

  @TestFactory
  List<DynamicTest> transcripts() throws IOException {
    try (var files = Files.list(TRANSCRIPTS)) {
      return files
          .sorted()
          .map(file -> dynamicTest(file.getFileName().toString(), () -> play(file)))
          .toList();
    }
  }

  private static void play(Path file) throws Exception {
    Path directory = Files.createTempDirectory("fleetctl");
    String expected = Files.readString(file);
    String actual = Transcript.play(expected, directory);
    try (var files = Files.walk(directory)) {
      for (Path path : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
    if (Boolean.getBoolean("fleet.rewrite")) {
      Files.writeString(file, actual);
    } else {
      assertEquals(expected, actual);
    }
  }
}
