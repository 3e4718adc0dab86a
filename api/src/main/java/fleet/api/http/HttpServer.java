package fleet.api.http;

import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Spans;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Serves the API over HTTP/1.1.
///
/// Two threads of Vert.x move the bytes; every request is answered on a thread of its own. What a
/// client may cost is bounded: see [Limits].
public final class HttpServer implements AutoCloseable {

  /// What answers requests.
  public interface Handler {
    /// May block.
    Response handle(Request request) throws InterruptedException;
  }

  /// What clients may cost.
  ///
  /// @param bodyBytes the largest body of a request; more is a 413
  /// @param allBodiesBytes of all requests that are being answered together; more is a 503
  /// @param requests that are being answered at the same time; more is a 503
  /// @param headBytes the longest address of a request, and the most of its other headers
  /// @param patience how long a client may take to send its next request, to send the body of one,
  ///     or to take an answer; then the connection is closed
  /// @param grace how long requests that are being answered may still take when the server closes
  public record Limits(
      int bodyBytes,
      int allBodiesBytes,
      int requests,
      int headBytes,
      Duration patience,
      Duration grace) {

    public static final Limits USUAL =
        new Limits(
            2 << 20, 16 << 20, 4096, 16 << 10, Duration.ofSeconds(60), Duration.ofSeconds(5));
  }

  /// Beyond the grace that requests are given.
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final HttpExchanges exchanges;
  private final List<io.vertx.core.http.HttpServer> servers = new ArrayList<>();
  private final List<Listener> listeners;
  private final Limits limits;

  private HttpServer(
      Handler handler, Environment environment, Limits limits, List<Listener> listeners) {
    this.listeners = List.copyOf(listeners);
    this.limits = limits;
    this.vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setEventLoopPoolSize(2)
                    .setWorkerPoolSize(1)
                    .setInternalBlockingPoolSize(1)
                    .setPreferNativeTransport(false)
                    .setUseDaemonThread(true)
                    .setFileSystemOptions(
                        new FileSystemOptions()
                            .setFileCachingEnabled(false)
                            .setClassPathResolvingEnabled(false)))
            .withTransport(new ListenerTransport(this.listeners))
            .build();
    this.exchanges = new HttpExchanges(handler, environment, limits);
  }

  /// Begins to answer on all `listeners`, which belong to the server from now on.
  ///
  /// @throws IOException if the server cannot be started; the listeners are closed then
  public static HttpServer start(
      Handler handler, Environment environment, Limits limits, List<Listener> listeners)
      throws IOException {
    var server = new HttpServer(handler, environment, limits, listeners);
    try {
      server.listen();
      return server;
    } catch (TimeoutException | RuntimeException e) {
      server.close();
      throw new IOException("cannot serve the API: " + e.getMessage(), e);
    }
  }

  private void listen() throws TimeoutException {
    for (int i = 0; i < listeners.size(); i++) {
      var server =
          vertx
              .createHttpServer(options())
              .connectionHandler(exchanges::connected)
              .requestHandler(exchanges::accept)
              .invalidRequestHandler(exchanges::refuse);
      servers.add(server);
      server.listen(ListenerTransport.address(i)).await(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    }
    long period = Math.max(1, limits.patience().toMillis() / 4);
    vertx.setPeriodic(period, _ -> exchanges.closeTheSlow());
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(limits.headBytes())
        .setMaxHeaderSize(limits.headBytes())
        .setHttp2ClearTextEnabled(false);
  }

  /// Where it listens, as clients write it.
  public List<String> addresses() {
    return listeners.stream().map(Listener::address).toList();
  }

  /// Stops listening, lets requests that are being answered come to their end, and closes all
  /// connections.
  @Override
  public void close() throws IOException {
    try {
      for (var server : servers) {
        await(server.shutdown(limits.grace()), limits.grace().plus(CLOSING));
      }
      await(vertx.close(), CLOSING);
    } finally {
      for (Listener listener : listeners) {
        listener.close();
      }
    }
  }

  private static void await(io.vertx.core.Future<Void> end, Duration limit) throws IOException {
    try {
      end.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the server did not close within " + Spans.text(limit), e);
    }
  }
}
