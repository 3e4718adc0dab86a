package fleet.unit;

/// Writes texts of strangers into messages, as Go's `%q` does, so that fleet's messages read as
/// those of fleet 1.0 and no text can break a line, a log or a terminal.
public final class Quoted {

  /// Longer texts are cut: no message grows with what it complains about.
  public static final int LONGEST = 256;

  private Quoted() {}

  /// The text in double quotes; of a long one the beginning, and `...` after it.
  public static String text(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints().limit(LONGEST).forEach(c -> escape(c, '"', quoted));
    quoted.append('"');
    return text.codePointCount(0, text.length()) > LONGEST
        ? quoted.append("...").toString()
        : quoted.toString();
  }

  /// The character in single quotes.
  static String character(int codePoint) {
    var quoted = new StringBuilder("'");
    escape(codePoint, '\'', quoted);
    return quoted.append('\'').toString();
  }

  private static void escape(int c, char quote, StringBuilder quoted) {
    switch (c) {
      case 0x07 -> quoted.append("\\a");
      case '\b' -> quoted.append("\\b");
      case '\f' -> quoted.append("\\f");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      case 0x0b -> quoted.append("\\v");
      case '\\' -> quoted.append("\\\\");
      default -> {
        if (c == quote) {
          quoted.append('\\').append(quote);
        } else if (printable(c)) {
          quoted.appendCodePoint(c);
        } else if (c < 0x80 || (c & ~0xff) == UnitText.NO_CHARACTER) {
          quoted.append("\\x%02x".formatted(c & 0xff));
        } else {
          quoted.append((c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
        }
      }
    }
  }

  /// Letters, marks, numbers, punctuation, symbols and the plain space: Go's `unicode.IsPrint`.
  private static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
