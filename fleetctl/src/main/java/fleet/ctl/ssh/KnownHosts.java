package fleet.ctl.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Where host keys are remembered.
final class KnownHosts {

  private static final Path USERS = Path.of("/etc/passwd");
  private static final int HOME = 5;

  private KnownHosts() {}

  /// The file that `text` means: `~` is the caller's home, `~user` that of a user of this machine.
  ///
  /// @param directory what relative paths are relative to
  /// @throws SshFailed if there is no such user
  static Path file(String text, Map<String, String> variables, Path directory) {
    if (!text.startsWith("~")) {
      return directory.resolve(text).toAbsolutePath();
    }
    int slash = text.indexOf('/');
    String user = text.substring(1, slash < 0 ? text.length() : slash);
    String rest = slash < 0 ? "" : text.substring(slash + 1);
    return home(user, variables).resolve(rest);
  }

  private static Path home(String user, Map<String, String> variables) {
    if (user.isEmpty()) {
      String home = variables.getOrDefault("HOME", "");
      return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
    }
    try (var lines = Files.lines(USERS)) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields[0].equals(user) && fields.length > HOME)
          .map(fields -> Path.of(fields[HOME]))
          .findFirst()
          .orElseThrow(
              () -> new SshFailed("--known-hosts-file: there is no user \"" + user + "\""));
    } catch (IOException e) {
      throw new SshFailed("--known-hosts-file: cannot read " + USERS, e);
    }
  }

  /// Makes the folder of `file`, for the user alone, so that ssh can write the file.
  static void prepare(Path file) {
    Path folder = file.getParent();
    if (folder == null || Files.isDirectory(folder)) {
      return;
    }
    var ownOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    try {
      Files.createDirectories(folder, ownOnly);
    } catch (IOException e) {
      throw new SshFailed("--known-hosts-file: cannot make the folder " + folder, e);
    }
  }
}
