package fleet.store.embedded;

import fleet.cluster.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/// How a ledger's file is opened, and what is said if it cannot be.
final class Opening {

  private Opening() {}

  /// Opens the file in `directory`, and makes both if they do not exist.
  ///
  /// @throws StoreException.Unavailable if another process has it open
  /// @throws StoreException.Denied if it cannot be read or written
  static LedgerFile open(Path directory) {
    return open(directory, new StoreFile());
  }

  static Path path(Path directory) {
    return directory.resolve("store.mv");
  }

  static LedgerFile open(Path directory, StoreFile storeFile) {
    Path path = path(directory);
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (!Files.exists(path)) {
        create(directory, path);
      }
    } catch (MVStoreException failed) {
      throw refusal(path, failed);
    } catch (IOException failed) {
      throw new StoreException.Denied("%s: %s".formatted(path, failed), failed);
    }
    return existing(path, storeFile, true);
  }

  /// Opens a file that must be there.
  ///
  /// @param toWrite or only to be read, for which the disk need take nothing
  static LedgerFile existing(Path path, StoreFile storeFile, boolean toWrite) {
    if (!Files.exists(path)) {
      throw new StoreException.Denied(path + ": there is no such file");
    }
    try {
      return opened(path, storeFile, toWrite);
    } catch (MVStoreException failed) {
      throw refusal(path, failed);
    } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException failed) {
      throw corrupt(path, failed);
    }
  }

  /// A new file gets its name when all of it is on disk: a crash leaves none, or a good one.
  private static void create(Path directory, Path path) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    opened(fresh, new StoreFile(), true).close();
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    sync(directory);
  }

  private static LedgerFile opened(Path path, StoreFile storeFile, boolean toWrite) {
    MVStore file;
    try {
      file =
          new MVStore.Builder()
              .adoptFileStore(storeFile.opened(path, toWrite))
              .autoCommitDisabled()
              .autoCommitBufferSize(0) // else a transaction could be written in two parts
              .open();
    } catch (MVStoreException failed) {
      if (storeFile.isTorn()) {
        return opened(path, storeFile.withoutTorn(), toWrite);
      }
      throw failed;
    }
    try {
      if (toWrite) {
        if (storeFile.isReadOnly()) {
          throw DataUtils.newMVStoreException(
              DataUtils.ERROR_WRITING_FAILED, "the file, or its file system, is read-only");
        }
        storeFile.eraseTorn();
        storeFile.writeNewestAgain();
      }
      return new LedgerFile(path, file);
    } catch (RuntimeException failed) {
      file.closeImmediately();
      throw failed;
    }
  }

  /// Without this, a machine that loses power may forget that the file was ever made.
  private static void sync(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static StoreException refusal(Path path, MVStoreException failed) {
    return switch (failed.getErrorCode()) {
      case DataUtils.ERROR_FILE_LOCKED ->
          new StoreException.Unavailable(
              path + ": another process has it open, such as another fleetd on this machine",
              failed);
      case DataUtils.ERROR_READING_FAILED, DataUtils.ERROR_WRITING_FAILED ->
          new StoreException.Denied(path + ": " + failed.getMessage(), failed);
      default -> corrupt(path, failed);
    };
  }

  private static StoreException corrupt(Path path, RuntimeException failed) {
    return new StoreException.Denied(
        ("%s: not a store, or damaged (%s). Restore it from a backup, or move it away to begin with"
                + " an empty store, to which all units must be submitted again")
            .formatted(path, failed.getMessage()),
        failed);
  }
}
