package fleet.store.etcd;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// How we know the server, and how it knows us.
final class Tls {

  /// What Debian's administrators trust; else what the Java runtime does.
  private static final Path SYSTEM = Path.of("/etc/ssl/certs/ca-certificates.crt");

  private final SslContext context;

  Tls(EtcdOptions options) {
    this.context = load(options);
  }

  SslContext context() {
    return context;
  }

  private static SslContext load(EtcdOptions options) {
    if (options.certFile().isPresent() != options.keyFile().isPresent()) {
      throw new IllegalArgumentException(
          "expected a certificate and its key, found only one of them");
    }
    Optional<File> trusted =
        options.caFile().or(() -> Optional.of(SYSTEM).filter(Files::isReadable)).map(Path::toFile);
    try {
      SslContextBuilder builder =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
      trusted.ifPresent(builder::trustManager);
      if (options.certFile().isPresent() && options.keyFile().isPresent()) {
        builder.keyManager(options.certFile().get().toFile(), options.keyFile().get().toFile());
      }
      return builder.build();
    } catch (SSLException | IllegalArgumentException unreadable) {
      throw new IllegalArgumentException("TLS: " + unreadable.getMessage(), unreadable);
    }
  }
}
