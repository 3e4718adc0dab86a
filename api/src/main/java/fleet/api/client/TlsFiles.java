package fleet.api.client;

import java.nio.file.Path;
import java.util.Optional;

/// Where a client finds what it needs for TLS: PEM files.
///
/// @param authorities the certificates that vouch for the server; if none, those of the system do
/// @param certificate the client's own certificate, followed by those between it and its authority
/// @param key the private key of `certificate`: PKCS #8, or PKCS #1 or SEC 1 as OpenSSL wrote them
public record TlsFiles(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {

  /// The server is judged by the authorities of the system; the client shows no certificate.
  public static final TlsFiles NONE =
      new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());
}
