package fleet.ctl.console;

/// Keeps the texts of strangers from steering a terminal: descriptions, metadata, reasons and lines
/// of journals may have anything in them. All that is printed for people goes through here; what
/// may be meant for programs, such as `cat`, does not.
final class Printable {

  private Printable() {}

  /// The text with an escape such as `\x1b` for each control character. Those that make lines and
  /// columns stay.
  static String line(String text) {
    return escaped(text, "\n\t");
  }

  /// The same for a cell of a table, which is one line and has no columns in it.
  static String cell(String text) {
    return escaped(text, "");
  }

  private static String escaped(String text, String kept) {
    int i = 0;
    while (i < text.length() && !isControl(text.charAt(i), kept)) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    var escaped = new StringBuilder(text.substring(0, i));
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isControl(c, kept)) {
        escaped.append(c);
      } else if (c < 0x100) {
        escaped.append("\\x").append(hex(c, 1)).append(hex(c, 0));
      } else {
        escaped.append("\\u").append(hex(c, 3)).append(hex(c, 2));
        escaped.append(hex(c, 1)).append(hex(c, 0));
      }
    }
    return escaped.toString();
  }

  private static char hex(char c, int digit) {
    return Character.forDigit((c >> (4 * digit)) & 0xf, 16);
  }

  /// Whether a terminal does something else with it than show it, in whichever direction it writes.
  private static boolean isControl(char c, String kept) {
    return switch (c) {
      case 0x061c, 0x200e, 0x200f, 0x2028, 0x2029 -> true;
      default ->
          (Character.isISOControl(c) && kept.indexOf(c) < 0)
              || (c >= 0x202a && c <= 0x202e)
              || (c >= 0x2066 && c <= 0x2069);
    };
  }
}
