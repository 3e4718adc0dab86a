package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/reliability.md` names the tests of each promise.
class ReliabilityDocumentTest {

  private static final Pattern TEST =
      Pattern.compile("`([A-Z][A-Za-z]*(?:Test|IT|Contract|EndToEnd)(?:#[A-Za-z]+)?)`");

  @Test
  void everyTestThatItNamesIsThere() throws IOException {
    var tests = NamedTests.find();
    String text = Files.readString(NamedTests.PROJECT.resolve("docs/reliability.md"));
    var missing = new ArrayList<String>();
    List<String> named = TEST.matcher(text).results().map(found -> found.group(1)).toList();
    for (String name : named) {
      if (!tests.has(name)) {
        missing.add(name);
      }
    }

    assertEquals(List.of(), missing);
    assertTrue(named.size() > 20, () -> "expected more tests than " + named);
  }

  @Test
  void eachSentenceOfDecision0020HasATest() throws IOException {
    var tested = new ArrayList<String>();
    Files.readAllLines(NamedTests.PROJECT.resolve("docs/reliability.md")).stream()
        .dropWhile(line -> !line.equals("| sentence | tests |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("| "))
        .map(line -> line.split(" \\| ", 2))
        .filter(cells -> TEST.matcher(cells[1]).find())
        .forEach(cells -> tested.add(cells[0].substring(2)));

    assertEquals(sentencesOfDecision0020(), tested);
  }

  /// All but what it does not guarantee.
  private static List<String> sentencesOfDecision0020() throws IOException {
    String text =
        Files.readString(NamedTests.PROJECT.resolve("docs/decisions/0020-one-copy-for-certain.md"));
    String promised =
        text.substring(text.indexOf("**Decision.** "), text.indexOf("**Not guaranteed.**"))
            .replaceAll("\\*\\*(Decision|Price)\\.\\*\\* ", "")
            .replaceAll("\\s+", " ")
            .strip();
    return List.of(promised.split("(?<=\\.) (?=[A-Z*]|systemd )"));
  }

  @Test
  void eachOfTheSevenPromisesHasATest() throws IOException {
    var tested =
        Files.readAllLines(NamedTests.PROJECT.resolve("docs/reliability.md")).stream()
            .filter(line -> line.matches("\\| [1-7] \\| `.*"))
            .map(line -> line.substring(2, 3))
            .toList();

    assertEquals(List.of("1", "2", "3", "4", "5", "6", "7"), tested);
  }
}
