package fleet.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Who follows the reading order of docs/architecture.md has read it within the hour that it says.
class ReadingOrderTest {

  private static final Path DOCS = Path.of("../docs");
  private static final int WORDS_PER_MINUTE = 200;

  private static final Pattern STOP = Pattern.compile("\\]\\(([^)]+)\\)");

  /// Imports are not read, nor is the name of a package.
  private static final Pattern UNREAD = Pattern.compile("(?m)^(import|package) .*$");

  @Test
  void readingOrderTakesUnderAnHour() throws IOException {
    String page = Files.readString(DOCS.resolve("architecture.md"));
    String order =
        page.substring(page.indexOf("## Reading order"), page.indexOf("After that, for who has"));

    int words = 0;
    int stops = 0;
    var links = STOP.matcher(order);
    while (links.find()) {
      words += words(Files.readString(DOCS.resolve(links.group(1))));
      stops++;
    }

    assertTrue(stops >= 12, "only " + stops + " stops were found");
    int minutes = words / WORDS_PER_MINUTE;
    assertTrue(minutes < 60, "it takes " + minutes + " minutes: " + words + " words");
  }

  private static int words(String text) {
    return UNREAD.matcher(text).replaceAll("").strip().split("\\s+").length;
  }
}
