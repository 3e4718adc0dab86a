package fleet.agent.dbus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// The units that this process lives in: its service or scope, and the slices around that.
///
/// systemd names the control groups of units after them, and the kernel tells every process its own
/// (cgroups(7), `/proc/PID/cgroup`), whoever is on the bus.
final class Home {

  private static final Path OWN = Path.of("/proc/self/cgroup");

  private Home() {}

  /// The units that this process lives in; none if that cannot be told.
  static SortedSet<String> own() {
    try {
      return of(Files.readString(OWN));
    } catch (IOException e) {
      return Collections.emptySortedSet();
    }
  }

  /// @param text lines such as `0::/system.slice/fleet.service`, or `1:name=systemd:/…` where
  ///     version 1 of control groups is in use
  static SortedSet<String> of(String text) {
    var units = new TreeSet<String>();
    for (String line : text.lines().toList()) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && (fields[1].isEmpty() || fields[1].equals("name=systemd"))) {
        for (String folder : fields[2].split("/")) {
          // systemd puts a `_` before what the kernel has a use for itself.
          String name = folder.startsWith("_") ? folder.substring(1) : folder;
          if (name.endsWith(".service") || name.endsWith(".scope") || name.endsWith(".slice")) {
            units.add(name);
          }
        }
      }
    }
    return units;
  }
}
