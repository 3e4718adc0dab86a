package fleet.store.served;

import fleet.store.embedded.EmbeddedStore;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The embedded store, offered to other machines as if it were an etcd.
public final class ServedStore implements AutoCloseable {

  private ServedStore() {}

  /// How to prove who we are, and whom to let in.
  ///
  /// @param certFile in PEM, the server's certificate and what it was signed by
  /// @param keyFile in PEM, the private key of `certFile`
  /// @param clientCaFile in PEM; if present, only clients with a certificate signed by it get in
  public record Tls(Path certFile, Path keyFile, Optional<Path> clientCaFile) {}

  /// Listens at all of `addresses`, and nowhere else. Port 0 means any that is free.
  ///
  /// @throws java.io.IOException if an address cannot be listened at; the message says which
  public static ServedStore serve(
      EmbeddedStore store, List<InetSocketAddress> addresses, Optional<Tls> tls)
      throws java.io.IOException {
    throw new UnsupportedOperationException("at " + addresses);
  }

  /// Where it listens.
  public List<InetSocketAddress> addresses() {
    throw new UnsupportedOperationException();
  }

  /// Ends the service; the store stays open.
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
