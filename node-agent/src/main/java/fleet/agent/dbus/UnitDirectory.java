package fleet.agent.dbus;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The directory in which fleet keeps unit files. It may lose them, or have them spoiled, at any
/// time.
///
/// What was read of a file is remembered as long as its inode says the same, since agents look
/// often and files change seldom.
final class UnitDirectory {

  /// Our own files, until they are whole. No unit's name: it has no type.
  private static final String UNFINISHED = ".unfinished";

  /// A file that was changed later than this before we looked is read again the next time: its
  /// inode may not tell a second change from the first.
  private static final Duration TOO_FRESH = Duration.ofMillis(500);

  private final Path directory;
  private final Map<UnitName.Placeable, SavedUnits> memory = new HashMap<>();

  private record SavedUnits(Inode inode, OnDisk content) {}

  /// What tells one content of a file from the next.
  private record Inode(long device, long number, FileTime changed, long size, boolean regular) {

    /// Asks for all at once: there is one call of the operating system in it.
    static Inode of(Path file) throws IOException {
      Map<String, Object> attributes =
          Files.readAttributes(file, "unix:dev,ino,ctime,size,isRegularFile");
      return new Inode(
          (Long) Objects.requireNonNull(attributes.get("dev")),
          (Long) Objects.requireNonNull(attributes.get("ino")),
          (FileTime) Objects.requireNonNull(attributes.get("ctime")),
          (Long) Objects.requireNonNull(attributes.get("size")),
          (Boolean) Objects.requireNonNull(attributes.get("isRegularFile")));
    }
  }

  UnitDirectory(Path directory) {
    this.directory = directory;
  }

  /// What lies there under the names of units. What has another name is not seen.
  ///
  /// @throws IOException if the directory is there and cannot be listed
  synchronized SortedMap<UnitName.Placeable, OnDisk> list() throws IOException {
    var found = new TreeMap<UnitName.Placeable, OnDisk>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (UnitName.parse(file.getFileName().toString())
            instanceof Parsed.Ok<UnitName>(UnitName.Placeable name)) {
          OnDisk content = look(name);
          if (!(content instanceof OnDisk.Absent)) {
            found.put(name, content);
          }
        }
      }
    } catch (NoSuchFileException e) {
      // as it is until the first unit arrives
    }
    memory.keySet().retainAll(found.keySet());
    return found;
  }

  /// What lies there under that name.
  private OnDisk look(UnitName.Placeable name) {
    Path file = directory.resolve(name.text());
    try {
      Inode inode = Inode.of(file);
      if (!inode.regular()) {
        return new OnDisk.Garbage("expected a regular file, found another");
      }
      SavedUnits known = memory.get(name);
      if (known != null && known.inode().equals(inode)) {
        return known.content();
      }
      OnDisk content = read(file);
      if (inode.changed().toInstant().isBefore(Instant.now().minus(TOO_FRESH))) {
        memory.put(name, new SavedUnits(inode, content));
      } else {
        memory.remove(name);
      }
      return content;
    } catch (NoSuchFileException e) {
      return Files.isSymbolicLink(file)
          ? new OnDisk.Garbage("a symbolic link that leads nowhere")
          : new OnDisk.Absent();
    } catch (IOException e) {
      return new OnDisk.Garbage(problem(e));
    }
  }

  private static OnDisk read(Path file) throws IOException {
    return switch (parse(file)) {
      case Parsed.Ok<UnitFile>(var unit) -> new OnDisk.Present(unit.hash());
      case Parsed.Malformed<UnitFile>(var problem) -> new OnDisk.Garbage(problem);
    };
  }

  private static Parsed<UnitFile> parse(Path file) throws IOException {
    byte[] bytes;
    try (InputStream stream = Files.newInputStream(file)) {
      bytes = stream.readNBytes(UnitFile.LONGEST_BYTES + 1);
    }
    try {
      return UnitFile.parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return new Parsed.Malformed<>("expected UTF-8, found other bytes");
    }
  }

  /// What lies there under that name; empty if there is nothing, or nothing that can be understood.
  synchronized Optional<UnitFile> file(UnitName.Placeable name) {
    try {
      return parse(directory.resolve(name.text())) instanceof Parsed.Ok<UnitFile>(var file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Puts a whole file in place of what is there, or leaves that as it is.
  synchronized void write(UnitName.Placeable name, UnitFile file) throws IOException {
    if (Files.notExists(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Path unfinished = directory.resolve(UNFINISHED);
    Files.writeString(unfinished, file.text());
    Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(unfinished, directory.resolve(name.text()), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Deletes what is there, if anything is.
  ///
  /// @return why it is still there; null if it is gone
  synchronized @Nullable String delete(UnitName.Placeable name) {
    try {
      Files.deleteIfExists(directory.resolve(name.text()));
      return null;
    } catch (IOException e) {
      return problem(e);
    }
  }

  /// What the operating system had to say. Java has a class instead of words for the most usual.
  static String problem(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case DirectoryNotEmptyException _ -> "directory not empty";
      case NoSuchFileException _ -> "no such file or directory";
      case NotDirectoryException _ -> "not a directory";
      case FileSystemException known when known.getReason() != null -> known.getReason();
      default -> Objects.requireNonNullElse(e.getMessage(), e.toString());
    };
  }
}
