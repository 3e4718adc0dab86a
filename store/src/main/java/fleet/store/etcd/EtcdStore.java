package fleet.store.etcd;

import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The store in etcd v3, or in whatever else speaks its protocol.
public final class EtcdStore implements Store {

  private EtcdStore() {}

  /// Makes a client. It connects when first asked for something, and again whenever it must.
  ///
  /// @throws IllegalArgumentException if an option cannot be: an endpoint that is no URL, a file
  ///     that cannot be read
  public static EtcdStore connect(EtcdOptions options) {
    throw new UnsupportedOperationException(options.toString());
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
