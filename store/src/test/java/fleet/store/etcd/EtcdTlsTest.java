package fleet.store.etcd;

import static fleet.store.etcd.EtcdFixture.assertSays;
import static fleet.store.etcd.EtcdFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.StoreException;
import fleet.testing.pem.TestCertificates;
import fleet.testing.store.Follower;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proving who we are to etcd, and who etcd is to us, by certificates.
@Tag("slow")
final class EtcdTlsTest {

  /// The first handshake of a JVM takes its time.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Duration SHORT = Duration.ofSeconds(1);

  /// For a handshake on a machine that is busy with something else.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path shared;
  private static TestCertificates certificates;

  @BeforeAll
  static void makeCertificates() throws IOException, InterruptedException {
    certificates = new TestCertificates(shared);
  }

  private static RealEtcd start(String server, String... flags)
      throws IOException, InterruptedException {
    List<String> all = new java.util.ArrayList<>(List.of(flags));
    all.add("--cert-file=" + certificates.certificate(server));
    all.add("--key-file=" + certificates.key(server));
    return RealEtcd.start("https", all);
  }

  private static EtcdStore connect(URI endpoint, Duration limit, Optional<Path> ca) {
    return connect(endpoint, limit, ca, Optional.empty(), Optional.empty());
  }

  private static EtcdStore connect(
      URI endpoint,
      Duration limit,
      Optional<Path> ca,
      Optional<Path> certificate,
      Optional<Path> key) {
    return EtcdStore.connect(
        new EtcdOptions(List.of(endpoint), limit, Optional.empty(), ca, certificate, key));
  }

  private static EtcdStore connect(URI endpoint, Duration limit, String name)
      throws IOException, InterruptedException {
    return connect(
        endpoint,
        limit,
        Optional.of(certificates.certificate("ca")),
        Optional.of(certificates.certificate(name)),
        Optional.of(certificates.sec1Key(name)));
  }

  /// A request fails, and the message says why once that is known: on a busy machine the first few
  /// may end before the handshake has.
  private static void assertFails(String why, EtcdStore store) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    StoreException.Unavailable failure;
    do {
      failure = assertThrows(StoreException.Unavailable.class, () -> store.range("/fleet/"));
    } while (!String.valueOf(failure.getMessage()).contains(why) && System.nanoTime() < end);
    assertSays(why, failure);
  }

  @Test
  void bothEndsProveWhoTheyAre() throws Exception {
    try (var etcd =
        start(
            "server",
            "--client-cert-auth",
            "--trusted-ca-file=" + certificates.certificate("ca"))) {
      try (var store = connect(etcd.endpoint(), LIMIT, "client");
          var follower = Follower.of(store, "/fleet/", 1)) {
        assertInstanceOf(Commit.Applied.class, put(store, "/fleet/a", "1"));
        assertEquals(1, follower.await(1).size());
      }
      try (var nobody =
          connect(etcd.endpoint(), SHORT, Optional.of(certificates.certificate("ca")))) {
        assertFails("ertificate", nobody);
      }
      try (var stranger = connect(etcd.endpoint(), SHORT, "stranger")) {
        assertFails("ertificate", stranger);
      }
    }
  }

  /// fleet 1.0 did not verify the server if it had no certificate of its own.
  @Test
  void serverIsAlwaysVerified() throws Exception {
    try (var etcd = start("server")) {
      try (var store =
          connect(etcd.endpoint(), LIMIT, Optional.of(certificates.certificate("ca")))) {
        assertInstanceOf(Commit.Applied.class, put(store, "/fleet/a", "1"));
      }
      try (var store =
          connect(etcd.endpoint(), SHORT, Optional.of(certificates.certificate("stranger-ca")))) {
        assertFails("unable to find valid certification path", store);
      }
      try (var store = connect(etcd.endpoint(), SHORT, Optional.empty())) {
        assertFails("unable to find valid certification path", store);
      }
    }
  }

  @Test
  void serverOfAnotherNameIsRefused() throws Exception {
    try (var etcd = start("elsewhere");
        var store = connect(etcd.endpoint(), SHORT, Optional.of(certificates.certificate("ca")))) {
      assertFails("No subject alternative names matching IP address 127.0.0.1", store);
    }
  }

  @Test
  void wrongSchemeIsAClearError() throws Exception {
    try (var secure = start("server");
        var plain = RealEtcd.start()) {
      URI notSecure = URI.create("http://127.0.0.1:" + secure.endpoint().getPort());
      URI notPlain = URI.create("https://127.0.0.1:" + plain.endpoint().getPort());
      try (var store = EtcdFixture.connect(SHORT, notSecure)) {
        assertFails(notSecure + ": range /fleet/: no answer within 1 s: ", store);
      }
      try (var store = connect(notPlain, SHORT, Optional.of(certificates.certificate("ca")))) {
        assertFails("TLS", store);
      }
    }
  }

  @Test
  void renewedFilesAreReadForTheNextConnection(@TempDir Path directory) throws Exception {
    Path ca = directory.resolve("ca.pem");
    Files.copy(certificates.certificate("stranger-ca"), ca);
    try (var etcd = start("server");
        var store = connect(etcd.endpoint(), SHORT, Optional.of(ca))) {
      assertFails("unable to find valid certification path", store);

      Files.write(ca, Files.readAllBytes(certificates.certificate("ca")));

      EtcdFixture.awaitAnswer(store);
    }
  }

  @Test
  void filesThatCannotBeUsedAreNamed() {
    URI endpoint = URI.create("https://127.0.0.1:1");

    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> connect(endpoint, LIMIT, Optional.of(shared.resolve("missing.pem"))));

    assertSays("missing.pem: cannot be read", failure);
  }
}
