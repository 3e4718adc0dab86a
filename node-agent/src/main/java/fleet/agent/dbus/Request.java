package fleet.agent.dbus;

import java.util.List;

/// One method call.
///
/// @param signature of the arguments, as D-Bus writes types; empty if there are none
record Request(
    String destination,
    String path,
    String type,
    String method,
    String signature,
    List<Object> arguments) {

  private static final String SYSTEMD = "org.freedesktop.systemd1";
  private static final String BUS = "org.freedesktop.DBus";

  /// A call to systemd's manager (org.freedesktop.systemd1(5)).
  static Request manager(String method, String signature, Object... arguments) {
    return new Request(
        SYSTEMD,
        "/org/freedesktop/systemd1",
        "org.freedesktop.systemd1.Manager",
        method,
        signature,
        List.of(arguments));
  }

  /// A call to a unit.
  static Request unit(String path, String method, String signature, Object... arguments) {
    return new Request(SYSTEMD, path, SYSTEMD + ".Unit", method, signature, List.of(arguments));
  }

  /// Asks for one property of something that systemd has.
  static Request property(String path, String type, String property) {
    return new Request(
        SYSTEMD,
        path,
        "org.freedesktop.DBus.Properties",
        "Get",
        "ss",
        List.of(SYSTEMD + "." + type, property));
  }

  /// Asks the bus which connection is systemd's.
  static Request ownerOfSystemd() {
    return new Request(
        BUS, "/org/freedesktop/DBus", BUS, "GetNameOwner", "s", List.<Object>of(SYSTEMD));
  }

  /// Asks whoever is at the other end of the wire whether it is there.
  static Request ping(boolean bus) {
    return new Request(
        bus ? BUS : SYSTEMD, "/org/freedesktop/DBus", BUS + ".Peer", "Ping", "", List.of());
  }

  /// The method, and the unit if it is about one, such as `StartUnit web.service`.
  @Override
  public String toString() {
    return arguments.isEmpty() || !(arguments.getFirst() instanceof String first)
        ? method
        : method + " " + first;
  }
}
