package fleet.ctl.verb;

import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Unit files on the user's disk.
final class UnitFiles {

  /// A unit file that is there.
  ///
  /// @param contents in normal form
  /// @param template whether it is that of the template rather than of the unit that was asked for
  record Found(Path path, boolean template, Parsed<UnitFile> contents) {}

  private UnitFiles() {}

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
      byte[] bytes = stream.readNBytes(UnitFile.LONGEST_BYTES + 1);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(new Found(path, template, parse(text)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.of(unreadable(path, template, "it is not text in UTF-8"));
    } catch (IOException e) {
      String reason =
          Files.isDirectory(path) ? "it is a directory" : "cannot read it: " + e.getMessage();
      return Optional.of(unreadable(path, template, reason));
    }
  }

  /// The file as the cluster will have it, so that its hash is the one that machines report.
  private static Parsed<UnitFile> parse(String text) {
    return switch (UnitFile.parse(text)) {
      case Parsed.Ok<UnitFile>(var file) -> file.normalized();
      case Parsed.Malformed<UnitFile> malformed -> malformed;
    };
  }

  private static Found unreadable(Path path, boolean template, String reason) {
    return new Found(path, template, new Parsed.Malformed<>(reason));
  }
}
