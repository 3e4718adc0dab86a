package fleet.store.served;

import fleet.cluster.store.Store;
import fleet.store.embedded.EmbeddedStore;
import fleet.store.etcd.EtcdOptions;
import fleet.store.etcd.EtcdStore;
import fleet.testing.store.StoreContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The contract, on the disk of another.
@Tag("slow")
final class ServedStoreTest extends StoreContract {

  @TempDir private Path directory;

  private EmbeddedStore embedded;
  private ServedStore served;
  private EtcdStore store;

  @BeforeEach
  void serve() throws IOException {
    embedded = EmbeddedStore.open(directory);
    served = serve(embedded);
    store = another();
  }

  @AfterEach
  void close() {
    store.close();
    served.close();
    embedded.close();
  }

  static ServedStore serve(EmbeddedStore store) throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return ServedStore.serve(store, List.of(loopback), Optional.empty());
  }

  static URI endpoint(ServedStore served) {
    return URI.create("http://127.0.0.1:" + served.addresses().getFirst().getPort());
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public EtcdStore another() {
    // Longer than by default, for machines that have much else to do.
    return EtcdStore.connect(
        new EtcdOptions(
            List.of(endpoint(served)),
            Duration.ofSeconds(10),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  @Override
  public void compact(long revision) throws InterruptedException {
    embedded.ledger().compact(revision);
  }
}
