package fleet.store.etcd;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Spans;
import fleet.store.tls.Tls;
import fleet.store.wire.MaintenanceGrpc;
import fleet.store.wire.StatusRequest;
import fleet.store.wire.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Finds a server that answers.
///
/// Endpoints are tried in turn, each a little after the one before, without giving that one up: the
/// first that answers is taken. So a server that is silently gone costs [#STAGGER], a slow one is
/// not given up too early, and when all are gone, the first to return is noticed at once. gRPC's
/// own way to connect again would let up to two minutes pass.
final class Connector implements AutoCloseable {

  /// Between one attempt and the next.
  static final Duration STAGGER = Duration.ofMillis(250);

  /// For how long an attempt may take: several packets may be lost.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /// How often the files of TLS are read again while we try to connect.
  private static final Duration RENEWAL = Duration.ofSeconds(1);

  /// A transaction is at most 1.5 MB, and so is an event; a page of a range may be larger, and is
  /// then asked for in smaller ones.
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private static final int DEFAULT_PORT = 2379;

  /// What Debian's administrators trust. Where it is not, the Java runtime's own list serves.
  private static final Path SYSTEM_CA = Path.of("/etc/ssl/certs/ca-certificates.crt");

  /// gRPC would log each failure to resolve a name, of which we tell once.
  private static final Logger RESOLVER = Logger.getLogger("io.grpc.internal.ManagedChannelImpl");

  static {
    RESOLVER.setLevel(Level.SEVERE);
  }

  private final Environment environment;
  private final EtcdOptions options;
  private final List<URI> endpoints;
  private final MultiThreadIoEventLoopGroup threads;
  private @Nullable SslContext security;
  private Limit nextReading;

  /// Whose turn it is, counted without end.
  private long turn;

  /// Why an endpoint has not been reached.
  ///
  /// @param kind tells this from other troubles; the reason differs each time
  record Failure(String kind, String reason) {}

  private record Attempt(
      Connection connection, Exchange<StatusRequest, StatusResponse> exchange, Limit limit) {}

  /// @throws IllegalArgumentException if a file for TLS cannot be used
  Connector(Environment environment, EtcdOptions options) {
    this.environment = environment;
    this.options = options;
    this.endpoints = options.endpoints();
    readFiles();
    this.nextReading = Limit.in(environment, RENEWAL);
    this.threads =
        new MultiThreadIoEventLoopGroup(
            1, Thread.ofPlatform().daemon().name("etcd").factory(), NioIoHandler.newFactory());
  }

  private void readFiles() {
    if (endpoints.stream().anyMatch(Connector::isSecure) || options.certFile().isPresent()) {
      Optional<Path> trusted =
          options.caFile().or(() -> Optional.of(SYSTEM_CA).filter(Files::isReadable));
      security = Tls.client(trusted, options.certFile(), options.keyFile());
    }
  }

  private static boolean isSecure(URI endpoint) {
    return endpoint.getScheme().equals("https");
  }

  /// Whether there is more than one endpoint.
  boolean hasChoice() {
    return endpoints.size() > 1;
  }

  /// Goes on with the endpoint after the one that was connected last.
  void skip() {
    turn++;
  }

  /// Waits for the first endpoint that answers, however long it takes.
  ///
  /// @param failed hears of each failure
  Connection connect(Consumer<Failure> failed) throws InterruptedException {
    Signal changed = environment.signal("etcd: connecting");
    List<Attempt> attempts = new ArrayList<>();
    long first = turn;
    long next = first;
    Duration nextStart = environment.uptime();
    try {
      while (true) {
        for (Attempt attempt : List.copyOf(attempts)) {
          Failure trouble = trouble(attempt);
          if (trouble == null && attempt.exchange.reply() != null) {
            attempts.remove(attempt);
            turn = endpoints.indexOf(attempt.connection.endpoint());
            return attempt.connection;
          }
          if (trouble != null) {
            attempts.remove(attempt);
            attempt.connection.end();
            failed.accept(trouble);
          }
        }
        boolean anotherMayBeBetter = attempts.isEmpty() && (next - first) % endpoints.size() != 0;
        Duration now = environment.uptime();
        if (anotherMayBeBetter || now.compareTo(nextStart) >= 0) {
          readFilesAgain(failed);
          attempts.add(attempt(endpoints.get((int) (next++ % endpoints.size())), changed));
          nextStart = now.plus(STAGGER);
        }
        changed.await(nextStart.minus(environment.uptime()));
      }
    } finally {
      attempts.forEach(attempt -> attempt.connection.end());
    }
  }

  /// Certificates are renewed while we run.
  private void readFilesAgain(Consumer<Failure> failed) {
    if (nextReading.isOver()) {
      nextReading = Limit.in(environment, RENEWAL);
      try {
        readFiles();
      } catch (IllegalArgumentException unreadable) {
        failed.accept(
            new Failure("files", "those read before are used: " + unreadable.getMessage()));
      }
    }
  }

  private Attempt attempt(URI endpoint, Signal changed) {
    var connection = new Connection(environment, endpoint, channel(endpoint));
    return new Attempt(
        connection, probe(connection, PATIENCE, changed), Limit.in(environment, PATIENCE));
  }

  /// Asks a server whether it is well, which it answers itself, without its peers.
  static Exchange<StatusRequest, StatusResponse> probe(
      Connection connection, Duration span, Signal done) {
    return Exchange.begin(
        connection,
        new Metadata(),
        MaintenanceGrpc.getStatusMethod(),
        StatusRequest.getDefaultInstance(),
        span,
        done);
  }

  /// Why this attempt has failed, if it has.
  private static @Nullable Failure trouble(Attempt attempt) {
    Reply<StatusResponse> reply = attempt.exchange.reply();
    return switch (reply) {
      case null ->
          attempt.limit.isOver()
              ? failure(attempt, "no answer", "no answer within " + Spans.text(PATIENCE))
              : null;
      case Reply.Answer<StatusResponse>(var status) -> {
        String trouble = trouble(status);
        yield trouble == null ? null : failure(attempt, trouble, trouble);
      }
      case Reply.Refusal<StatusResponse> _, Reply.Stranger<StatusResponse> _ -> null;
      case Reply.Later<StatusResponse> later ->
          failure(attempt, later.status().getCode().name(), later.why());
      case Reply.Lost<StatusResponse> lost ->
          failure(attempt, lost.status().getCode().name(), lost.why());
    };
  }

  private static Failure failure(Attempt attempt, String kind, String reason) {
    URI endpoint = attempt.connection.endpoint();
    return new Failure(endpoint + " " + kind, endpoint + ": " + reason);
  }

  private static @Nullable String trouble(StatusResponse status) {
    if (status.getIsLearner()) {
      return "is only learning yet";
    }
    return status.getErrorsList().contains("etcdserver: no leader") ? "knows of no leader" : null;
  }

  private ManagedChannel channel(URI endpoint) {
    int port = endpoint.getPort() == -1 ? DEFAULT_PORT : endpoint.getPort();
    var builder =
        NettyChannelBuilder.forAddress(endpoint.getHost(), port)
            .eventLoopGroup(threads)
            .channelType(NioSocketChannel.class)
            .directExecutor()
            .offloadExecutor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().daemon().name("etcd names").factory()))
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .idleTimeout(Long.MAX_VALUE, TimeUnit.DAYS)
            .proxyDetector(_ -> null)
            .disableServiceConfigLookUp()
            .disableRetry();
    if (isSecure(endpoint)) {
      builder.sslContext(security);
    } else {
      builder.usePlaintext();
    }
    return builder.build();
  }

  /// Lets go of the threads, once what is open has been closed.
  @Override
  public void close() {
    var _ = threads.shutdownGracefully(50, 1_000, TimeUnit.MILLISECONDS);
  }
}
