package fleet.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.pem.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class TlsTest {

  private static final Path FILES = Path.of("src/test/resources/tls");
  private static final String EMPTY = "HTTP/1.1 200 OK|Content-Length: 2||{}";

  @TempDir private Path directory;

  private static Certificate certificate(String name) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(FILES.resolve(name))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /// @param asks whether clients must show a certificate
  private static ScriptedServer server(boolean asks) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    store.setKeyEntry(
        "server",
        Pem.privateKey(FILES.resolve("server.key")),
        new char[0],
        new Certificate[] {certificate("server.pem")});
    store.setCertificateEntry("authority", certificate("authority.pem"));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    var socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    socket.setNeedClientAuth(asks);
    return new ScriptedServer(socket, EMPTY, EMPTY);
  }

  private static TlsFiles files(String authority, String certificate, String key) {
    return new TlsFiles(file(authority), file(certificate), file(key));
  }

  private static Optional<Path> file(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(FILES.resolve(name));
  }

  private static FleetClient client(ScriptedServer server, String host, TlsFiles files) {
    return client(new Endpoint.Tcp(host, server.port(), "", true), files);
  }

  private static FleetClient client(Endpoint endpoint, TlsFiles files) {
    return new FleetClient(endpoint, files, Duration.ofSeconds(60), Trace.NONE, RetryPolicy.NEVER);
  }

  private static String refusal(ScriptedServer server, String host, TlsFiles files) {
    try (var client = client(server, host, files)) {
      return String.valueOf(assertThrows(Unreachable.class, client::units).getMessage());
    }
  }

  @Test
  void aServerThatItsAuthorityVouchesForIsBelieved() throws Exception {
    try (var server = server(false);
        var client = client(server, "localhost", files("authority.pem", "", ""))) {
      assertEquals(List.of(), client.units());
      assertEquals(List.of(), client.units());
      assertEquals(1, server.connections());
    }
  }

  @Test
  void aServerThatIsReachedThroughASocketProvesWhoItIsToo() throws Exception {
    Path socket = directory.resolve("forwarded");
    try (var server = server(false);
        var _ = new Forwarder(socket, server.port());
        var client = client(forwarded("localhost", socket), files("authority.pem", "", ""));
        var wary = client(forwarded("127.0.0.2", socket), files("authority.pem", "", ""))) {
      assertEquals(List.of(), client.units());
      assertEquals(List.of(), client.units());
      assertEquals(1, server.connections());

      String refusal = String.valueOf(assertThrows(Unreachable.class, wary::units).getMessage());
      assertTrue(refusal.contains("127.0.0.2"), refusal);
    }
  }

  private static Endpoint forwarded(String host, Path socket) {
    return new Endpoint.Forwarded(new Endpoint.Tcp(host, 443, "", true), socket, "n1");
  }

  @Test
  void aServerThatNobodyVouchesForIsNot() throws Exception {
    try (var server = server(false)) {
      assertTrue(refusal(server, "localhost", TlsFiles.NONE).contains("certificate"));
      assertTrue(
          refusal(server, "127.0.0.2", files("authority.pem", "", "")).contains("127.0.0.2"));
    }
  }

  @Test
  void keysAreReadInAllFormsThatOpensslWrites() throws Exception {
    for (var pair :
        List.of(
            List.of("client-rsa.pem", "client-rsa-pkcs8.key"),
            List.of("client-rsa.pem", "client-rsa-pkcs1.key"),
            List.of("client-ec.pem", "client-ec-pkcs8.key"),
            List.of("client-ec.pem", "client-ec-sec1.key"))) {
      try (var server = server(true);
          var client =
              client(
                  server, "localhost", files("authority.pem", pair.getFirst(), pair.getLast()))) {
        assertEquals(List.of(), client.units());
      }
    }
  }

  @Test
  void aClientWithoutCertificateIsTurnedAway() throws Exception {
    try (var server = server(true)) {
      assertTrue(
          refusal(server, "localhost", files("authority.pem", "", ""))
              .startsWith("no answer from https://localhost:" + server.port() + ": "));
    }
  }

  @Test
  void filesThatAreNotWhatTheyShouldBeAreNamed() throws Exception {
    Path garbage = Files.writeString(directory.resolve("garbage.pem"), "garbage");
    Path broken =
        Files.writeString(
            directory.resolve("broken.key"),
            "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n");
    Path notBase64 =
        Files.writeString(
            directory.resolve("not-base64.key"),
            "-----BEGIN PRIVATE KEY-----\n=\n-----END PRIVATE KEY-----\n");
    try (var server = server(false)) {
      var client = file("client-ec.pem");
      for (var bad :
          List.of(
              new TlsFiles(Optional.of(garbage), Optional.empty(), Optional.empty()),
              new TlsFiles(
                  Optional.of(directory.resolve("none")), Optional.empty(), Optional.empty()),
              new TlsFiles(Optional.empty(), client, Optional.of(garbage)),
              new TlsFiles(Optional.empty(), client, Optional.of(broken)),
              new TlsFiles(Optional.empty(), client, Optional.of(notBase64)),
              new TlsFiles(Optional.empty(), client, file("encrypted.key")))) {
        String refusal = refusal(server, "localhost", bad);
        assertTrue(
            refusal.contains(directory.toString()) || refusal.contains("encrypted.key"), refusal);
      }
      assertTrue(
          refusal(server, "localhost", new TlsFiles(Optional.empty(), client, Optional.empty()))
              .endsWith("must be given together, found only the certificate"));
    }
  }
}
