package fleet.store.embedded;

import fleet.cluster.store.Store;
import fleet.testing.store.StoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The contract, on disk.
@Tag("slow")
final class EmbeddedStoreTest extends StoreContract {

  @TempDir private Path directory;

  private EmbeddedStore store;

  @BeforeEach
  void open() {
    store = EmbeddedStore.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Store another() {
    try {
      return EmbeddedStore.open(Files.createTempDirectory(directory, "another"));
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @Override
  public void compact(long revision) throws InterruptedException {
    store.ledger().compact(revision);
  }
}
