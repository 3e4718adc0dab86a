package fleet.store.tls;

import fleet.pem.Pem;
import fleet.pem.PemException;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// What gRPC needs to speak over TLS, made of PEM files, by the JDK's own TLS.
public final class Tls {

  private Tls() {}

  /// For a client. The server's certificate is always verified.
  ///
  /// @param caFile what it is verified by; else by what the system trusts
  /// @param certFile with which the client proves who it is; only together with `keyFile`
  /// @throws IllegalArgumentException if a file cannot be used; the message says which and why
  public static SslContext client(
      Optional<Path> caFile, Optional<Path> certFile, Optional<Path> keyFile) {
    if (certFile.isPresent() != keyFile.isPresent()) {
      throw new IllegalArgumentException(
          "expected a certificate and its key, found only "
              + certFile.or(() -> keyFile).orElseThrow());
    }
    SslContextBuilder builder = SslContextBuilder.forClient();
    caFile.ifPresent(file -> builder.trustManager(certificates(file)));
    if (certFile.isPresent() && keyFile.isPresent()) {
      builder.keyManager(privateKey(keyFile.get()), certificates(certFile.get()));
    }
    return build(builder);
  }

  /// For a server.
  ///
  /// @param clientCaFile if present, only clients with a certificate signed by it get in
  /// @throws IllegalArgumentException if a file cannot be used; the message says which and why
  public static SslContext server(Path certFile, Path keyFile, Optional<Path> clientCaFile) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(privateKey(keyFile), certificates(certFile));
    clientCaFile.ifPresent(
        file -> builder.trustManager(certificates(file)).clientAuth(ClientAuth.REQUIRE));
    return build(builder);
  }

  private static SslContext build(SslContextBuilder builder) {
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
    } catch (SSLException failed) {
      throw new IllegalArgumentException("TLS: " + failed.getMessage(), failed);
    }
  }

  private static X509Certificate[] certificates(Path file) {
    try {
      return Pem.certificates(file).toArray(X509Certificate[]::new);
    } catch (PemException unusable) {
      throw new IllegalArgumentException(unusable.getMessage(), unusable);
    }
  }

  private static PrivateKey privateKey(Path file) {
    try {
      return Pem.privateKey(file);
    } catch (PemException unusable) {
      throw new IllegalArgumentException(unusable.getMessage(), unusable);
    }
  }
}
