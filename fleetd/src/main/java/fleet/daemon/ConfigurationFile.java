package fleet.daemon;

import fleet.daemon.config.Configuration;
import fleet.unit.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/// Where the configuration lies.
///
/// @param named on the command line; empty for the default one, which may be missing
record ConfigurationFile(Optional<Path> named) {

  static final Path DEFAULT = Path.of("/etc/fleet/fleet.conf");

  Path path() {
    return named.orElse(DEFAULT);
  }

  /// What it says now, with what the environment says; or all that is wrong with that.
  Parsed<Configuration> read() {
    String text;
    try {
      text = Files.readString(path());
    } catch (NoSuchFileException e) {
      if (named.isPresent()) {
        return new Parsed.Malformed<>(path() + ": no such file");
      }
      text = "";
    } catch (IOException e) {
      return new Parsed.Malformed<>(path() + ": cannot be read as text: " + e.getMessage());
    }
    return Configuration.of(path().toString(), text, new TreeMap<>(System.getenv()));
  }
}
