package fleet.agent.dbus;

import java.nio.charset.StandardCharsets;

/// The D-Bus object of a unit: its name with all but letters and digits escaped
/// (sd_bus_path_encode(3)).
final class UnitPath {

  /// Below which all units are.
  static final String ROOT = "/org/freedesktop/systemd1/unit";

  private UnitPath() {}

  static String of(String name) {
    var path = new StringBuilder(ROOT).append('/');
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (isLetter(b) || (isDigit(b) && i > 0)) {
        path.append((char) b);
      } else {
        path.append('_').append(hex(b >> 4)).append(hex(b));
      }
    }
    return path.toString();
  }

  private static boolean isLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static char hex(int value) {
    return Character.forDigit(value & 0xf, 16);
  }
}
