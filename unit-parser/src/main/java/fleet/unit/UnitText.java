package fleet.unit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What counts as text in a unit file, and what as white space in it.
public final class UnitText {

  /// What is added to a byte that is no text. All below 0x80 are.
  static final char NO_CHARACTER = 0xdc00;

  private UnitText() {}

  /// The text of these bytes. Each byte that belongs to no character of UTF-8 becomes half a
  /// surrogate pair, which no other text has: see [#isUnicode].
  static String decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      return text;
    }
    var decoded = new StringBuilder();
    int i = 0;
    while (i < bytes.length) {
      int length = lengthOfCharacter(bytes, i);
      if (length > 0) {
        decoded.append(new String(bytes, i, length, StandardCharsets.UTF_8));
        i += length;
      } else {
        decoded.append((char) (NO_CHARACTER + (bytes[i] & 0xff)));
        i++;
      }
    }
    return decoded.toString();
  }

  /// How many bytes the character that begins there has; 0 if none does.
  private static int lengthOfCharacter(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length == 0 || at + length > bytes.length) {
      return 0;
    }
    byte[] one = Arrays.copyOfRange(bytes, at, at + length);
    byte[] again = new String(one, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(one, again) ? length : 0;
  }

  /// Whether all of it can be written as UTF-8.
  static boolean isUnicode(CharSequence text) {
    return firstThatIsNot(text, false) == text.length();
  }

  /// Whether systemd takes it for UTF-8 (its `utf8_is_valid`): it does not take the code points
  /// that Unicode keeps for nobody's use.
  static boolean isTextToSystemd(CharSequence text) {
    return firstThatIsNot(text, true) == text.length();
  }

  private static int firstThatIsNot(CharSequence text, boolean toSystemd) {
    int i = 0;
    while (i < text.length()) {
      int c = text.charAt(i);
      int width = 1;
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
        if (!Character.isSurrogatePair((char) c, next)) {
          return i;
        }
        c = Character.toCodePoint((char) c, next);
        width = 2;
      }
      if (toSystemd && ((c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef))) {
        return i;
      }
      i += width;
    }
    return i;
  }

  /// Whether the text is longer than [UnitFile#LONGEST_BYTES].
  static boolean isTooLong(CharSequence text) {
    if (text.length() <= UnitFile.LONGEST_BYTES / 3) {
      return false;
    }
    int bytes = 0;
    for (int i = 0; i < text.length() && bytes <= UnitFile.LONGEST_BYTES; i++) {
      bytes += bytes(text.charAt(i));
    }
    return bytes > UnitFile.LONGEST_BYTES;
  }

  /// How many bytes the character has; of one that is a surrogate pair, the first half has three
  /// and the second has one, which is also what [#decode] makes of a byte.
  static int bytes(char c) {
    if (c < 0x80) {
      return 1;
    }
    if (c < 0x800) {
      return 2;
    }
    return Character.isLowSurrogate(c) ? 1 : 3;
  }

  /// Whether systemd trims it from the ends of lines, names and values.
  public static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  /// Whether systemd trims all of it.
  static boolean isBlank(CharSequence line) {
    int i = 0;
    while (i < line.length() && isBlank(line.charAt(i))) {
      i++;
    }
    return i == line.length();
  }

  /// The text without what systemd trims from its ends.
  static String strip(CharSequence text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.subSequence(from, to).toString();
  }

  /// Whether Unicode calls it white space: Go's `unicode.IsSpace`, which fleet 1.0 trimmed by.
  /// Java's own notions of white space each differ from it.
  static boolean isSpace(char c) {
    return switch (c) {
      case '\t', '\n', 0x0b, '\f', '\r', ' ', 0x85, 0xa0 -> true;
      case 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
      default -> c >= 0x2000 && c <= 0x200a;
    };
  }

  /// The text without what Unicode calls white space at its ends.
  public static String trim(CharSequence text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (from < to && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.subSequence(from, to).toString();
  }

  /// The text without what Unicode calls white space at its end.
  static CharSequence trimEnd(CharSequence text) {
    int to = text.length();
    while (to > 0 && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.subSequence(0, to);
  }

  /// The runs of other characters between white space.
  public static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || isSpace(text.charAt(i))) {
        if (i > start) {
          words.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return words;
  }
}
