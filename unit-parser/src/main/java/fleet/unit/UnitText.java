package fleet.unit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a text must be before it is read as a unit file, and what counts as white space in it.
final class UnitText {

  private UnitText() {}

  /// Why that text cannot be a unit file, whatever it says: it is too long, a line of it is, or it
  /// holds what no text file can hold.
  ///
  /// A line and its end count together, as systemd counts them: its `LONG_LINE_MAX` of 1 MiB admits
  /// 1,048,575 bytes and a line feed (tried on systemd 252). Only line feeds end lines here, so a
  /// line of ours is never shorter than one of systemd's. NUL is refused because systemd ends lines
  /// at it and would run another file than the one that was shown; half a surrogate pair because it
  /// has no UTF-8 form to store. fleet 1.0 took both.
  static Optional<String> objection(CharSequence text) {
    int line = 1;
    int lineBytes = 1;
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return Optional.of("NUL character in line " + line);
      }
      int width = width(c, i + 1 < text.length() ? text.charAt(i + 1) : 0);
      if (width == 0) {
        return Optional.of("half a surrogate pair in line " + line);
      }
      if (width == 4) {
        i++;
      }
      bytes += width;
      if (bytes > UnitFile.LONGEST_BYTES) {
        return Optional.of("unit file too long (max " + UnitFile.LONGEST_BYTES + " bytes)");
      }
      if (c == '\n') {
        line++;
        lineBytes = 1;
      } else {
        lineBytes += width;
      }
      if (lineBytes > UnitFile.LONGEST_LINE_BYTES) {
        return Optional.of(
            "line too long (max " + UnitFile.LONGEST_LINE_BYTES + " bytes): line " + line);
      }
    }
    return Optional.empty();
  }

  /// Whether there is no [#objection] to it, nor to the text that is printed for it, as with nearly
  /// all files: found with the least work.
  static boolean isShortAndPlain(CharSequence text) {
    if (text.length() >= UnitFile.LONGEST_LINE_BYTES / 4) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || c >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /// How many bytes UTF-8 needs for the character that begins with `c`; 0 if none begins there.
  private static int width(char c, char next) {
    if (c < 0x80) {
      return 1;
    }
    if (c < 0x800) {
      return 2;
    }
    if (!Character.isSurrogate(c)) {
      return 3;
    }
    return Character.isSurrogatePair(c, next) ? 4 : 0;
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

  /// The text without white space at its ends.
  static String trim(CharSequence text) {
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

  /// The runs of other characters between white space.
  static List<String> words(String text) {
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
