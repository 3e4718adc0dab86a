package fleet.agent.disk;

import fleet.agent.saved.SavedText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A saved text in a file. It is replaced whole, by a rename, and marked as stale by another.
public final class FileText implements SavedText {

  private final Path path;
  private final boolean durable;

  /// @param path of the file; its folder is made if it is not there
  /// @param durable whether what was written must survive a power cut
  public FileText(Path path, boolean durable) {
    this.path = path;
    this.durable = durable;
  }

  /// Bytes that are no UTF-8 are read as U+FFFD, so that what surrounds them can still be used.
  @Override
  public Found read() throws IOException {
    Optional<String> fresh = text(path);
    return fresh.isPresent()
        ? new Found(fresh.get(), false)
        : text(stale()).map(text -> new Found(text, true)).orElse(new Found("", false));
  }

  private static Optional<String> text(Path file) throws IOException {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IOException("cannot read " + file + ": " + e, e);
    }
  }

  /// Counts only where there is no other.
  private Path stale() {
    return path.resolveSibling(path.getFileName() + ".stale");
  }

  @Override
  public void write(String text) throws IOException {
    Path next = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.createDirectories(folder());
      try (var channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        if (durable) {
          channel.force(true);
        }
      }
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (durable) {
        try (var channel = FileChannel.open(folder())) {
          channel.force(true);
        }
      }
      Files.deleteIfExists(stale());
    } catch (IOException e) {
      throw new IOException("cannot write " + path + ": " + e, e);
    }
  }

  @Override
  public void outdate() throws IOException {
    try {
      Files.move(
          path, stale(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      // Nothing was written, or it is marked already.
    } catch (IOException e) {
      throw new IOException("cannot rename " + path + ": " + e, e);
    }
  }

  private Path folder() {
    Path folder = path.toAbsolutePath().getParent();
    return folder == null ? Path.of("/") : folder;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
