package fleet.api.client;

import java.nio.charset.StandardCharsets;

/// Percent-encoding (RFC 3986, section 2.1).
final class Percent {

  private static final String HEX = "0123456789ABCDEF";

  private Percent() {}

  /// Appends `text`, with every byte encoded that is not unreserved.
  static void encode(StringBuilder out, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (unreserved(c)) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }
}
