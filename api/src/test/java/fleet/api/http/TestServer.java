package fleet.api.http;

import fleet.api.TestCluster;
import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.cluster.env.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A server on a unix socket and a TCP port, with a cluster in memory behind it.
final class TestServer implements AutoCloseable {

  static final HttpServer.Limits SMALL = patient(60_000);

  static final String GET_UNITS = "GET /fleet/v1/units HTTP/1.1\r\nHost: x\r\n\r\n";

  private final SystemEnvironment environment = new SystemEnvironment();
  private final Path directory;
  private final TestCluster cluster;
  private HttpServer server;

  TestServer(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    this.cluster = new TestCluster(environment, 100);
    this.server = serve(cluster.service()::handle, SMALL);
  }

  static HttpServer.Limits patient(long millis) {
    return new HttpServer.Limits(
        1000, 3000, 2000, 4096, Duration.ofMillis(millis), Duration.ofSeconds(60));
  }

  private HttpServer serve(HttpServer.Handler handler, HttpServer.Limits limits)
      throws IOException {
    return HttpServer.start(
        handler,
        environment,
        limits,
        List.of(
            Listener.on(new ListenAddress.Unix(directory.resolve("fleet.sock"))),
            Listener.on(new ListenAddress.Tcp("127.0.0.1", 0))));
  }

  /// Replaces the server by one with another handler or other limits.
  void restart(HttpServer.Handler handler, HttpServer.Limits limits) throws IOException {
    server.close();
    server = serve(handler, limits);
  }

  TestCluster cluster() {
    return cluster;
  }

  /// The unix socket first.
  List<String> addresses() {
    return server.addresses();
  }

  /// Sends a request over TCP and reads until the server closes the connection.
  String exchange(String request) throws IOException {
    return exchange(addresses().getLast(), request);
  }

  static String exchange(String address, String request) throws IOException {
    try (var client = new RawClient(address)) {
      return client.send(request).rest();
    }
  }

  /// Lines as HTTP has them.
  static String http(String text) {
    return text.replace("\n", "\r\n");
  }

  /// The request, with the wish that the connection be closed after it.
  static String closing(String request) {
    return request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
  }

  static Response ok(Request request) {
    return new Response(200, List.of(new Header("X-Length", "" + request.body().length())), "ok");
  }

  void closeServer() throws IOException {
    server.close();
  }

  @Override
  public void close() throws IOException {
    server.close();
    cluster.close();
  }
}
