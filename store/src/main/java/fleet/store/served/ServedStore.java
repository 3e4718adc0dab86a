package fleet.store.served;

import fleet.cluster.env.Environment;
import fleet.cluster.env.SystemEnvironment;
import fleet.store.embedded.EmbeddedStore;
import fleet.store.embedded.Ledger;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The embedded store, offered to other machines as if it were an etcd of one member.
///
/// It speaks the part of etcd's protocol that fleet uses, and what `etcdctl` needs for that; it
/// knows no users, so whoever can reach it can do everything, unless client certificates are asked
/// for. What it cannot do, it refuses as etcd refuses it.
public final class ServedStore implements AutoCloseable {

  private static final int MAX_MESSAGE_BYTES = 2 << 20;
  private static final int MAX_CALLS_OF_A_CONNECTION = 1_000;

  /// As often as etcd lets clients ask whether it is still there.
  private static final int CLIENT_PING_SECONDS = 5;

  private static final int PING_SECONDS = 10;
  private static final int PING_TIMEOUT_SECONDS = 5;
  private static final int HANDSHAKE_SECONDS = 10;
  private static final int CLOSE_SECONDS = 2;

  /// gRPC logs, with a page of stack, what a client sent that is too large. The client is told so;
  /// nobody here can do anything about it.
  private static final Logger ABOUT_CLIENTS = Logger.getLogger("io.grpc.netty.NettyServerStream");

  static {
    ABOUT_CLIENTS.setLevel(Level.OFF);
  }

  private final List<Server> servers = new ArrayList<>();
  private final MultiThreadIoEventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("store-served", true), NioIoHandler.newFactory());
  private final ExecutorService handlers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("store-served-", 0).factory());
  private final Ledger ledger;
  private final boolean secure;

  private ServedStore(Ledger ledger, boolean secure) {
    this.ledger = ledger;
    this.secure = secure;
  }

  /// How to prove who we are, and whom to let in.
  ///
  /// @param certFile in PEM, the server's certificate and what it was signed by
  /// @param keyFile in PEM, the private key of `certFile`
  /// @param clientCaFile in PEM; if present, only clients with a certificate signed by it get in
  public record Tls(Path certFile, Path keyFile, Optional<Path> clientCaFile) {}

  /// Listens at all of `addresses`, and nowhere else. Port 0 means any that is free.
  ///
  /// @throws IOException if an address cannot be listened at; the message says which
  /// @throws IllegalArgumentException if a file of `tls` cannot be used; the message says which
  public static ServedStore serve(
      EmbeddedStore store, List<InetSocketAddress> addresses, Optional<Tls> tls)
      throws IOException {
    Optional<SslContext> context =
        tls.map(
            files -> fleet.store.tls.Tls.server(files.certFile, files.keyFile, files.clientCaFile));
    var served = new ServedStore(store.ledger(), tls.isPresent());
    try {
      for (InetSocketAddress address : addresses) {
        served.listen(address, context);
      }
      return served;
    } catch (IOException failed) {
      served.close();
      throw failed;
    }
  }

  private void listen(InetSocketAddress address, Optional<SslContext> tls) throws IOException {
    Environment environment = new SystemEnvironment();
    var answers = new Answers(ledger);
    var builder =
        NettyServerBuilder.forAddress(address)
            .channelType(NioServerSocketChannel.class)
            .bossEventLoopGroup(threads)
            .workerEventLoopGroup(threads)
            .executor(handlers)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .maxConcurrentCallsPerConnection(MAX_CALLS_OF_A_CONNECTION)
            .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(CLIENT_PING_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(new KvService(ledger, answers))
            .addService(new LeaseService(ledger, answers))
            .addService(new WatchService(ledger, answers, environment));
    new AboutServices(ledger, answers, this::urls).all().forEach(builder::addService);
    tls.ifPresent(builder::sslContext);
    Server server = builder.build();
    try {
      servers.add(server.start());
    } catch (IOException failed) {
      throw new IOException(
          "the store cannot be served at %s:%d: %s"
              .formatted(address.getHostString(), address.getPort(), rootOf(failed).getMessage()),
          failed);
    }
  }

  private static Throwable rootOf(Throwable failed) {
    Throwable cause = failed;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /// Where it listens.
  public List<InetSocketAddress> addresses() {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (Server server : servers) {
      for (SocketAddress address : server.getListenSockets()) {
        addresses.add((InetSocketAddress) address);
      }
    }
    return List.copyOf(addresses);
  }

  private List<String> urls() {
    return addresses().stream()
        .map(
            address ->
                "%s://%s:%d"
                    .formatted(
                        secure ? "https" : "http", address.getHostString(), address.getPort()))
        .toList();
  }

  /// Ends the service; the store stays open.
  @Override
  public void close() {
    servers.forEach(Server::shutdownNow);
    try {
      for (Server server : servers) {
        // Until its streams know that they have ended. If they never do, they are cut off below.
        boolean _ = server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    handlers.shutdown();
    var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
