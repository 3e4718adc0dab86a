package fleet.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.SplittableRandom;

/// A file beside the ledger's that holds some space, and is made smaller when the disk is full: so
/// what frees space, which must be written down too, never lacks it. For the writer's thread.
final class Reserve {

  static final int BYTES = 2 << 20;

  /// What must be free beyond it before the disk counts as having space again.
  static final int HEADROOM = 1 << 20;

  /// What is given up at a time. Others may take it before we do, so it is not all at once.
  private static final int STEP = 256 << 10;

  /// What is never given up, so that writing it anew can tell whether the disk takes anything.
  private static final int LEAST = 4 << 10;

  private static final Set<StandardOpenOption> WRITE =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

  private final Path directory;
  private final Path path;
  private final Disk disk;

  Reserve(Path directory, Disk disk) {
    this.directory = directory;
    this.path = directory.resolve("store.reserve");
    this.disk = disk;
  }

  /// Makes it as large as it should be, if it is not.
  ///
  /// @return whether the disk had the space
  boolean isMade() {
    try {
      return fill(BYTES) >= BYTES;
    } catch (IOException _) {
      return false;
    }
  }

  /// Looks for space: takes what it lacks, and looks for [#HEADROOM] beyond.
  ///
  /// @return how much there is in all, of what it looked for
  long found() throws IOException {
    if (Files.getFileStore(directory).getUsableSpace() < BYTES + HEADROOM - size()) {
      return fill(BYTES);
    }
    long found = fill(BYTES + HEADROOM);
    try (var file = FileChannel.open(path, WRITE)) {
      file.truncate(BYTES);
    }
    return found;
  }

  /// Whether the disk takes anything at all, be it full or not.
  ///
  /// @throws IOException if it does not, unless it lacks space alone
  void probe() throws IOException {
    try {
      long _ = write(0, LEAST);
    } catch (IOException failed) {
      if (!isForSpace(failed)) {
        throw failed;
      }
    }
  }

  /// Gives up a part of it.
  void giveUpSome() throws IOException {
    giveUp(STEP);
  }

  /// Gives up all of it.
  void giveUpAll() throws IOException {
    giveUp(BYTES);
  }

  private void giveUp(int bytes) throws IOException {
    if (Files.exists(path)) {
      try (var file = FileChannel.open(path, WRITE)) {
        file.truncate(Math.max(LEAST, file.size() - bytes));
      }
    }
  }

  /// Lengthens the file as far as there is space.
  ///
  /// @return how long it is
  private long fill(long wanted) throws IOException {
    long size = size();
    if (size >= wanted) {
      return size;
    }
    try {
      return write(size, (int) (wanted - size));
    } catch (IOException failed) {
      if (!isForSpace(failed)) {
        throw failed;
      }
      return size();
    }
  }

  private long size() throws IOException {
    return Files.exists(path) ? Files.size(path) : 0;
  }

  /// Writes what no file system makes smaller.
  ///
  /// @return where it ends
  private long write(long at, int length) throws IOException {
    byte[] noise = new byte[length];
    new SplittableRandom(at).nextBytes(noise);
    var source = ByteBuffer.wrap(noise);
    disk.ask(Disk.Request.RESERVE);
    try (var file = FileChannel.open(path, WRITE)) {
      while (source.hasRemaining()) {
        int _ = file.write(source, at + source.position());
      }
      file.force(true);
    }
    return at + length;
  }

  /// Whether that is said of a disk that lacks space: errno(3), ENOSPC, EDQUOT and EFBIG, in
  /// strerror(3)'s words.
  static boolean isForSpace(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("No space left on device")
          || message.contains("Disk quota exceeded")
          || message.contains("File too large")) {
        return true;
      }
    }
    return false;
  }
}
