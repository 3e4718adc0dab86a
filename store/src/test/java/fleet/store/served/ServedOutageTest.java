package fleet.store.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import fleet.store.embedded.EmbeddedStore;
import fleet.store.etcd.EtcdOptions;
import fleet.store.etcd.EtcdStore;
import fleet.testing.pem.TestCertificates;
import fleet.testing.store.Follower;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The machine that holds the store goes away and comes back; and it lets in whom it should.
@Timeout(120)
@Tag("slow")
final class ServedOutageTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  @TempDir private Path directory;

  private static EtcdStore connect(
      URI endpoint, Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
    return EtcdStore.connect(
        new EtcdOptions(List.of(endpoint), LIMIT, Optional.empty(), ca, certificate, key));
  }

  private static EtcdStore connect(URI endpoint) {
    return connect(endpoint, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Commit put(Store store, String key) throws InterruptedException {
    return store.commit(List.of(), List.of(new Op.Put(key, "", 0)));
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  void watchesAndLeasesSurviveTheHoldersRestart() throws Exception {
    Path data = directory.resolve("data");
    var store = EmbeddedStore.open(data);
    var served = ServedStoreTest.serve(store);
    int port = served.addresses().getFirst().getPort();
    try (var client = connect(ServedStoreTest.endpoint(served));
        var follower = Follower.of(client, "key", 1)) {
      long lease = client.grant(Duration.ofSeconds(5));
      assertInstanceOf(Commit.Applied.class, put(client, "key1"));
      follower.await(1);
      for (int restart = 0; restart < 3; restart++) {
        served.close();
        store.close();
        store = EmbeddedStore.open(data);
        served = ServedStore.serve(store, List.of(loopback(port)), Optional.empty());

        assertTrue(client.keepAlive(lease));
        assertInstanceOf(Commit.Applied.class, put(client, "key" + restart));
        assertEquals(restart + 2, follower.await(restart + 2).size());
      }
    } finally {
      served.close();
      store.close();
    }
  }

  @Test
  void onlyClientsWithACertificateGetInWhereThatIsAskedFor() throws Exception {
    var certificates = new TestCertificates(Files.createDirectory(directory.resolve("tls")));
    Optional<Path> ca = Optional.of(certificates.certificate("ca"));
    var tls =
        new ServedStore.Tls(certificates.certificate("server"), certificates.key("server"), ca);
    try (var store = EmbeddedStore.open(directory.resolve("data"));
        var served = ServedStore.serve(store, List.of(loopback(0)), Optional.of(tls))) {
      URI endpoint = URI.create("https://127.0.0.1:" + served.addresses().getFirst().getPort());
      try (var client =
          connect(
              endpoint,
              ca,
              Optional.of(certificates.certificate("client")),
              Optional.of(certificates.key("client")))) {
        assertInstanceOf(Commit.Applied.class, put(client, "a"));
      }
      try (var client =
          connect(
              endpoint,
              ca,
              Optional.of(certificates.certificate("stranger")),
              Optional.of(certificates.key("stranger")))) {
        assertThrows(StoreException.class, () -> client.read("a"));
      }
      try (var client = connect(endpoint, ca, Optional.empty(), Optional.empty())) {
        assertThrows(StoreException.class, () -> client.read("a"));
      }
      assertEquals(
          "a\n\n",
          new Etcdctl(
                  endpoint,
                  "--cacert=" + certificates.certificate("ca"),
                  "--cert=" + certificates.certificate("client"),
                  "--key=" + certificates.key("client"))
              .run("get", "a"));
    }
  }

  @Test
  void filesThatCannotBeUsedAreNamed() throws IOException {
    var tls =
        new ServedStore.Tls(
            directory.resolve("missing.pem"), directory.resolve("missing.key"), Optional.empty());
    try (var store = EmbeddedStore.open(directory.resolve("data"))) {
      var failure =
          assertThrows(
              IllegalArgumentException.class,
              () -> ServedStore.serve(store, List.of(loopback(0)), Optional.of(tls)));

      assertTrue(String.valueOf(failure.getMessage()).contains("missing"), failure.toString());
    }
  }
}
