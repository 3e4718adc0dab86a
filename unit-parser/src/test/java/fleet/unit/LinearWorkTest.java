package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// Counts how often the parser looks at a character of a text of 1 MiB that is meant to make it
/// look often: a fixed number of times for each, not more for more text.
@Tag("slow")
class LinearWorkTest {

  private static final int LENGTH = 1 << 20;
  private static final int LOOKS = 12;

  @TestFactory
  Stream<DynamicTest> eachCharacterIsLookedAtAFewTimes() {
    return Stream.of(
            new Shape("", " "),
            new Shape("", "\n"),
            new Shape("", "x"),
            new Shape("", "#"),
            new Shape("", "#\\\n"),
            new Shape("", "# \\ \n"),
            new Shape("", "x\n"),
            new Shape("", "["),
            new Shape("", "[]\n"),
            new Shape("", "[a]\n[b]\n"),
            new Shape("", "[S]\n=\n"),
            new Shape("[S]\n", "\t"),
            new Shape("[S]\n", "\u00a0"),
            new Shape("[S]\n", "[\n"),
            new Shape("[S]\n", "A"),
            new Shape("[S]\n", "A\r"),
            new Shape("[S]\n", "=\n"),
            new Shape("[S]\n", "=\r\n"),
            new Shape("[S]\n", "A=b\\\n\n"),
            new Shape("[S]\n", ";\n#\\\n"),
            new Shape("[S]\nA=", "\\"),
            new Shape("[S]\nA=", "\\\n"),
            new Shape("[S]\nA=", "\\ \n"),
            new Shape("[S]\nA=", " \\\n"),
            new Shape("[S]\nA=", "\r"),
            new Shape("[S]\nA=", "\"a\" "),
            new Shape("[S]\nA=", "\ud83d\ude00"),
            new Shape("[S] ", " x"),
            new Shape("[S] ", "\ud83d"))
        .map(shape -> dynamicTest(shape.toString(), () -> check(shape.text())));
  }

  private static void check(String text) {
    var looks = new AtomicLong();

    UnitFileParser.parse(new WatchedText(text, looks));

    assertTrue(
        looks.get() <= (long) LOOKS * text.length(),
        () -> looks + " looks at " + text.length() + " characters");
  }

  /// A beginning, and what is repeated after it to fill the text.
  private record Shape(String start, String repeated) {

    String text() {
      return start + repeated.repeat((LENGTH - 2 * start.length()) / repeated.length());
    }

    @Override
    public String toString() {
      return Quoted.text(start) + " " + Quoted.text(repeated) + "...";
    }
  }

  /// A text that counts the looks at its characters, together with all texts cut from it.
  private record WatchedText(CharSequence text, AtomicLong looks) implements CharSequence {

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      looks.incrementAndGet();
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      looks.addAndGet(end - start);
      return new WatchedText(text.subSequence(start, end), looks);
    }

    @Override
    public String toString() {
      looks.addAndGet(text.length());
      return text.toString();
    }
  }
}
