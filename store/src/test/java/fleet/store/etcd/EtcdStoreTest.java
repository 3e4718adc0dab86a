package fleet.store.etcd;

import fleet.cluster.store.Store;
import fleet.testing.store.StoreContract;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// The contract of the store, kept by a real etcd and our client of it.
@Tag("slow")
final class EtcdStoreTest extends StoreContract {

  private static RealEtcd etcd;
  private static EtcdStore store;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    etcd = RealEtcd.start();
    store = connect();
  }

  @AfterAll
  static void stop() throws IOException {
    store.close();
    etcd.close();
  }

  private static EtcdStore connect() {
    return EtcdStore.connect(new EtcdOptions(List.of(etcd.endpoint())));
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Store another() {
    return connect();
  }

  @Override
  public void compact(long revision) throws IOException, InterruptedException {
    etcd.ctl("compact", Long.toString(revision));
  }
}
