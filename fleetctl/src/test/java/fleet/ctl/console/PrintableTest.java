package fleet.ctl.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void whatSteersATerminalIsEscaped() {
    assertEquals("\\x1b[2J\\x07\\x08\\x7f\\x9b", Printable.line("\u001b[2J\u0007\b\u007f\u009b"));
    assertEquals("\\u202eexe.txt\\u2066\\u200f", Printable.line("\u202eexe.txt\u2066\u200f"));
    assertEquals("\\x0d", Printable.line("\r"));
  }

  @Test
  void otherTextIsAsItIs() {
    String text = "größere 😀 \u4e2d\u6587, a\u200db: 100 %\\";

    assertEquals(text, Printable.line(text));
    assertEquals(text, Printable.cell(text));
  }

  @Test
  void linesAndColumnsStayInMessagesOnly() {
    assertEquals("a\n\tb", Printable.line("a\n\tb"));
    assertEquals("a\\x0a\\x09b", Printable.cell("a\n\tb"));
  }

  @Test
  void resultsAndComplaintsAreCleaned() {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            Path.of(""));

    console.say("\u001b]0;title\u0007");
    console.complain("\u001bc");

    assertEquals("\\x1b]0;title\\x07\n", out.toString(StandardCharsets.UTF_8));
    assertEquals("\\x1bc\n", err.toString(StandardCharsets.UTF_8));
  }
}
