package fleet.ctl.change;

import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitReading;
import fleet.unit.requirements.Requirements;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Unit files on the user's disk.
final class LocalUnitFiles {

  /// A unit file that is there.
  ///
  /// @param contents in normal form
  /// @param template whether it is that of the template rather than of the unit that was asked for
  /// @param warnings what of its text is ignored
  record Found(Path path, boolean template, Parsed<UnitFile> contents, List<String> warnings) {

    /// What is wrong with the file though it can be used: what is ignored of its text, and what of
    /// its options fleet does not see.
    List<String> allWarnings() {
      var all = new ArrayList<String>();
      for (String warning : warnings) {
        all.add(path + ": " + warning);
      }
      if (contents instanceof Parsed.Ok<UnitFile>(var file)) {
        all.addAll(Requirements.warnings(file));
      }
      return all;
    }
  }

  private LocalUnitFiles() {}

  /// The file at `path`, which should be that of the unit `name`, or else the file of its template
  /// in the same directory; empty if there is neither.
  static Optional<Found> find(Path path, UnitName name) {
    Optional<Found> own = read(path, false);
    return own.isPresent() || !(name instanceof UnitName.Instance instance)
        ? own
        : read(path.resolveSibling(instance.template().text()), true);
  }

  private static Optional<Found> read(Path path, boolean template) {
    try (InputStream stream = Files.newInputStream(path)) {
      return Optional.of(parse(path, template, stream.readNBytes(UnitFile.LONGEST_BYTES + 1)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      String reason =
          Files.isDirectory(path) ? "it is a directory" : "cannot read it: " + e.getMessage();
      return Optional.of(unreadable(path, template, reason));
    }
  }

  /// The file as the cluster will have it, so that its hash is the one that machines report.
  private static Found parse(Path path, boolean template, byte[] bytes) {
    return switch (UnitFile.read(bytes)) {
      case Parsed.Ok<UnitReading>(var reading) ->
          new Found(path, template, reading.file().normalized(), reading.warnings());
      case Parsed.Malformed<UnitReading>(var reason) -> unreadable(path, template, reason);
    };
  }

  private static Found unreadable(Path path, boolean template, String reason) {
    return new Found(path, template, new Parsed.Malformed<>(reason), List.of());
  }
}
