package fleet.agent.dbus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where the local systemd is reached, and where its unit files lie.
///
/// @param busAddress of the message bus on which systemd is, such as
///     `unix:path=/run/dbus/system_bus_socket`
/// @param fallbackAddress of systemd's own socket, taken while there is no bus: it answers to root
///     only
/// @param unitsDirectory where fleet keeps unit files, as systemd sees it; absolute
/// @param filesRoot below which we reach the files that systemd sees: `/`, unless systemd is in a
///     container
/// @param journalctl the command that prints the journal of that systemd's units, to which options
///     are added
/// @param callLimit how long one answer may take; six times as long for those in which systemd
///     reads or links many files
public record DbusOptions(
    String busAddress,
    Optional<String> fallbackAddress,
    Path unitsDirectory,
    Path filesRoot,
    List<String> journalctl,
    Duration callLimit) {

  private static final Duration CALL_LIMIT = Duration.ofSeconds(10);

  public DbusOptions {
    journalctl = List.copyOf(journalctl);
    requireUnixPath("bus address", busAddress);
    fallbackAddress.ifPresent(address -> requireUnixPath("fallback address", address));
    if (!unitsDirectory.isAbsolute()) {
      throw new IllegalArgumentException(
          "units directory: expected an absolute path, found " + unitsDirectory);
    }
  }

  private static void requireUnixPath(String what, String address) {
    if (!address.startsWith("unix:path=/")) {
      throw new IllegalArgumentException(
          what + ": expected unix:path=/\u2026, found \"" + address + "\"");
    }
  }

  /// Whether it is the systemd of a user.
  boolean ofUser() {
    return journalctl.contains("--user");
  }

  /// Whether we see the files, and the control groups, that systemd sees.
  boolean local() {
    return filesRoot.equals(Path.of("/"));
  }

  /// Where that systemd reads units that last until the next boot, as it sees it itself.
  Path runtimeUnits() {
    return fallbackAddress
        .filter(_ -> ofUser())
        .map(address -> Path.of(address.replace("unix:path=", "")).resolveSibling("user"))
        .orElse(Path.of("/run/systemd/system"));
  }

  /// A folder that systemd sees, as we reach it.
  Path reached(Path path) {
    return filesRoot.resolve(Path.of("/").relativize(path));
  }

  /// The systemd that is process 1 of this machine.
  public static DbusOptions system(Path unitsDirectory) {
    return new DbusOptions(
        "unix:path=/run/dbus/system_bus_socket",
        Optional.of("unix:path=/run/systemd/private"),
        unitsDirectory,
        Path.of("/"),
        List.of("journalctl"),
        CALL_LIMIT);
  }

  /// The systemd of the user whose environment variables these are.
  public static DbusOptions user(Path unitsDirectory, Map<String, String> variables) {
    String runtime = variables.getOrDefault("XDG_RUNTIME_DIR", "/run/user/0");
    return new DbusOptions(
        variables.getOrDefault("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + runtime + "/bus"),
        Optional.of("unix:path=" + runtime + "/systemd/private"),
        unitsDirectory,
        Path.of("/"),
        List.of("journalctl", "--user"),
        CALL_LIMIT);
  }
}
