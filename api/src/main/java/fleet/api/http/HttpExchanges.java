package fleet.api.http;

import fleet.api.message.Response;
import fleet.cluster.env.Environment;
import fleet.cluster.env.LastingTrouble;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// All connections and what is being answered on them.
///
/// Called on the threads of Vert.x; never blocks.
final class HttpExchanges {

  private final HttpServer.Handler handler;
  private final Environment environment;
  private final HttpServer.Limits limits;
  private final LastingTrouble failure;

  /// For each connection the uptime since which we have been waiting for its client.
  private final ConcurrentHashMap<HttpConnection, AtomicLong> waiting = new ConcurrentHashMap<>();

  private static final long NOT_WAITING = Long.MAX_VALUE;

  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bodies = new AtomicLong();

  HttpExchanges(HttpServer.Handler handler, Environment environment, HttpServer.Limits limits) {
    this.handler = handler;
    this.environment = environment;
    this.limits = limits;
    this.failure = new LastingTrouble(environment);
  }

  /// What goes wrong in answering, which a client can have again and again.
  LastingTrouble failure() {
    return failure;
  }

  HttpServer.Handler handler() {
    return handler;
  }

  Environment environment() {
    return environment;
  }

  HttpServer.Limits limits() {
    return limits;
  }

  void connected(HttpConnection connection) {
    waiting.put(connection, new AtomicLong(now()));
    connection.closeHandler(_ -> waiting.remove(connection));
  }

  /// Takes a request whose head has come.
  void accept(HttpServerRequest request) {
    new HttpExchange(this, request).begin();
  }

  /// Answers what is no request.
  void refuse(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Response response =
        switch (cause) {
          case TooLongHttpLineException _ ->
              Response.error(414, "the address is longer than " + limits.headBytes() + " bytes");
          case TooLongHttpHeaderException _ ->
              Response.error(431, "the headers are longer than " + limits.headBytes() + " bytes");
          case null, default -> Response.error(400, "this is no HTTP request");
        };
    new HttpExchange(this, request).answerAndClose(response);
  }

  /// The client has to do something now.
  void waitFor(HttpConnection connection) {
    since(connection, now());
  }

  /// We have to do something now.
  void work(HttpConnection connection) {
    since(connection, NOT_WAITING);
  }

  private void since(HttpConnection connection, long uptime) {
    AtomicLong since = waiting.get(connection);
    if (since != null) {
      since.set(uptime);
    }
  }

  private long now() {
    return environment.uptime().toNanos();
  }

  /// Closes the connections of clients for which we have been waiting too long, be it that they
  /// send nothing or that they send a byte now and then.
  void closeTheSlow() {
    long latest = now() - limits.patience().toNanos();
    waiting.forEach(
        (connection, since) -> {
          if (since.get() < latest) {
            connection.close();
          }
        });
  }

  /// Whether one more request can be answered now; if so, [#leave] must be called.
  boolean enter() {
    if (requests.incrementAndGet() > limits.requests()) {
      requests.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    requests.decrementAndGet();
  }

  /// Whether there is memory for so many more bytes of a body. They count until [#release].
  boolean reserve(int bytes) {
    return bodies.addAndGet(bytes) <= limits.allBodiesBytes();
  }

  void release(long bytes) {
    bodies.addAndGet(-bytes);
  }
}
