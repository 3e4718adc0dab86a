package fleet.store.embedded;

import fleet.cluster.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/// How a ledger's file is opened, and what is said if it cannot be.
final class Opening {

  private static final int CACHE_MIB = 8;

  private Opening() {}

  /// Opens the file in `directory`, and makes both if they do not exist.
  ///
  /// @throws StoreException.Unavailable if another process has it open
  /// @throws StoreException.Denied if it cannot be read or written
  static LedgerFile open(Path directory) {
    Path path = directory.resolve("store.mv");
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      MVStore file =
          new MVStore.Builder()
              .fileName(path.toString())
              .cacheSize(CACHE_MIB)
              .autoCommitDisabled()
              .autoCommitBufferSize(0) // else a transaction could be written in two parts
              .open();
      try {
        var opened = new LedgerFile(path, file);
        sync(directory);
        return opened;
      } catch (RuntimeException | IOException failed) {
        file.closeImmediately();
        throw failed;
      }
    } catch (MVStoreException failed) {
      throw refusal(path, failed);
    } catch (IOException failed) {
      throw new StoreException.Denied("%s: %s".formatted(path, failed), failed);
    } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException failed) {
      throw corrupt(path, failed);
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
