package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Replays the transcripts under `steps/`: what happens to the units of a machine one after the
/// other, and what comes of each look. [StepPlayer] says what the lines mean.
///
/// To accept new output, run with `-Dfleet.rewrite=true` and read the diff before you commit it.
class StepTranscriptsTest {

  private static final Path TRANSCRIPTS = Path.of("src/test/resources/fleet/agent/steps");

  @TestFactory
  List<DynamicTest> transcripts() throws IOException {
    try (var files = Files.list(TRANSCRIPTS)) {
      return files
          .sorted()
          .map(file -> dynamicTest(file.getFileName().toString(), () -> replay(file)))
          .toList();
    }
  }

  private static void replay(Path file) throws IOException {
    String expected = Files.readString(file);
    var actual = new StringBuilder();
    var player = new StepPlayer();
    boolean output = false;
    for (String line : expected.lines().toList()) {
      if (line.equals("----")) {
        actual.append("----\n").append(player.look());
        output = true;
      } else if (!output || line.isBlank()) {
        output = false;
        actual.append(line).append('\n');
        if (line.startsWith("# ")) {
          player = new StepPlayer();
        } else if (!line.isBlank() && !line.equals("look")) {
          player.play(line);
        }
      }
    }
    if (Boolean.getBoolean("fleet.rewrite")) {
      Files.writeString(file, actual);
    } else {
      assertEquals(expected, actual.toString());
    }
  }
}
