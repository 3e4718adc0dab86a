package fleet.ctl.ssh;

import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;

/// A machine as SSH reaches it.
///
/// @param host a name or an address
/// @param port 1 to 65535; 0 if ssh's own configuration says, which usually means 22
public record SshTarget(String host, int port) {

  private static final int LAST_PORT = 65_535;

  /// Reads `host`, `host:port`, an address of IPv6, or `[address]:port`.
  static Parsed<SshTarget> parse(String text) {
    String host = text;
    String port = "";
    int colon = text.lastIndexOf(':');
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0 || (end + 1 < text.length() && colon != end + 1)) {
        return malformed(text);
      }
      host = text.substring(1, end);
      port = text.substring(end + 1);
    } else if (colon >= 0 && text.indexOf(':') == colon) {
      host = text.substring(0, colon);
      port = text.substring(colon);
    }
    if (host.isEmpty()) {
      return malformed(text);
    }
    if (port.isEmpty()) {
      return new Ok<>(new SshTarget(host, 0));
    }
    try {
      int number = Integer.parseInt(port.substring(1));
      return number < 1 || number > LAST_PORT
          ? malformed(text)
          : new Ok<>(new SshTarget(host, number));
    } catch (NumberFormatException e) {
      return malformed(text);
    }
  }

  /// The target as users write it.
  String text() {
    if (port == 0) {
      return host;
    }
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static Parsed<SshTarget> malformed(String text) {
    return new Malformed<>("expected HOST or HOST:PORT, found \"" + text + "\"");
  }
}
