package fleet.api.message;

import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Percent-encoding (RFC 3986, section 2.1).
public final class Percent {

  private static final String HEX = "0123456789ABCDEF";

  private Percent() {}

  /// Appends `text`, with every byte encoded that is not unreserved.
  public static void encode(StringBuilder out, String text) {
    encode(out, text, "-._~");
  }

  /// Appends `text`, with every byte encoded that is no letter, no digit, and not in `asItIs`.
  static void encode(StringBuilder out, String text, String asItIs) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (isLetterOrDigit(c) || asItIs.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /// Reads a text that was encoded, as UTF-8.
  ///
  /// @param text the bytes that were sent, each as one character
  /// @param plusIsSpace whether a plus sign stands for a space, as it does in queries
  static Parsed<String> decode(String text, boolean plusIsSpace) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
        if (low < 0) {
          return new Malformed<>("expected two hex digits after % at character " + i);
        }
        bytes.write((high << 4) | low);
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes.write(' ');
      } else {
        bytes.write(c);
      }
    }
    return new Ok<>(bytes.toString(StandardCharsets.UTF_8));
  }
}
