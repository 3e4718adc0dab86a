package fleet.store.embedded;

import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The store on this machine's disk.
public final class EmbeddedStore implements Store {

  private EmbeddedStore() {}

  /// Opens the store in `directory`, which is made if it does not exist.
  ///
  /// @throws fleet.cluster.store.StoreException.Unavailable if another process has it open
  /// @throws fleet.cluster.store.StoreException.Denied if it cannot be read; the message says which
  ///     file is at fault and what to do
  public static EmbeddedStore open(Path directory) {
    throw new UnsupportedOperationException(directory.toString());
  }

  @Override
  public Range range(String prefix) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Range range(String prefix, long revision) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Entry> read(String key) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Commit commit(List<Compare> when, List<Op> then) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public long grant(Duration ttl) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean keepAlive(long lease) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void revoke(long lease) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Watch watch(String prefix, long fromRevision, Signal signal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
