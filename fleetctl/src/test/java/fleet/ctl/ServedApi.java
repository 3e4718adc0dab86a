package fleet.ctl;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// An API on a port of this machine, served by the JDK's own server: starts at once.
final class ServedApi implements AutoCloseable {

  static {
    // Otherwise each answer waits 40 ms for an acknowledgment.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /// What answers.
  interface Service {
    Response handle(Request request) throws InterruptedException;
  }

  private final Service service;
  private final HttpServer server;
  private final Queue<String> targets = new ConcurrentLinkedQueue<>();

  ServedApi(Service service) throws IOException {
    this.service = service;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// What has been asked for so far.
  List<String> targets() {
    return List.copyOf(targets);
  }

  private void answer(HttpExchange exchange) throws IOException {
    targets.add(exchange.getRequestURI().toString());
    var headers = new ArrayList<Header>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(value -> headers.add(new Header(name, value))));
    byte[] sent = exchange.getRequestBody().readAllBytes();
    Response response;
    try {
      response =
          service.handle(
              new Request(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().toString(),
                  headers,
                  new String(sent, StandardCharsets.UTF_8)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    for (Header header : response.headers()) {
      exchange.getResponseHeaders().add(header.name(), header.value());
    }
    byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
