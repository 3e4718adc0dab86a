package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QuotedTest {

  @Test
  void textIsWrittenAsGoWritesIt() {
    assertEquals("\"it's \\\"ü\\\" \\\\ 😀\"", Quoted.text("it's \"ü\" \\ 😀"));
    assertEquals(
        "\"\\x00\\a\\b\\t\\n\\v\\f\\r\\x1b\\x7f\"",
        Quoted.text("\0\u0007\b\t\n\u000b\f\r\u001b\u007f"));
    assertEquals(
        "\"\\u0080\\u00a0\\u00ad\\u2028\\ufeff\\ue000\\U000e0001\"",
        Quoted.text("\u0080\u00a0\u00ad\u2028\ufeff\ue000\udb40\udc01"));
    assertEquals("\"\\ud83d\"", Quoted.text("\ud83d"));
  }

  @Test
  void characterIsWrittenAsGoWritesIt() {
    assertEquals("'\"'", Quoted.character('"'));
    assertEquals("'\\''", Quoted.character('\''));
    assertEquals("'\\n'", Quoted.character('\n'));
  }

  @Test
  void longTextIsCut() {
    String longest = "😀".repeat(Quoted.LONGEST);

    assertEquals('"' + longest + '"', Quoted.text(longest));
    assertEquals('"' + longest + "\"...", Quoted.text(longest + "x"));
  }
}
