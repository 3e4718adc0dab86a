package fleet.ctl.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShellWordsTest {

  @Test
  void onlyWhatAShellWouldChangeIsQuoted() {
    assertEquals(
        "systemctl status -l web@1.service", line("systemctl", "status", "-l", "web@1.service"));
    assertEquals("'a\\x2db.service' '' 'two words'", line("a\\x2db.service", "", "two words"));
    assertEquals("'it'\\''s' '$(reboot)' '~' 'é'", line("it's", "$(reboot)", "~", "é"));
  }

  @Test
  void aShellReadsTheWordsBack() throws Exception {
    var words =
        List.of("printf", "%s|", "a\\x2db", "", "two  words", "it's", "$HOME", "`x`", "*", "\n\"!");

    var process = new ProcessBuilder("sh", "-c", ShellWords.line(words)).start();

    assertEquals(
        String.join("|", words.subList(2, words.size())) + "|",
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static String line(String... words) {
    return ShellWords.line(List.of(words));
  }
}
