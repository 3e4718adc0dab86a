package fleet.api.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A server that answers as it is told: each request with the next part of its script.
///
/// In a script `|` stands for the end of a line. The server closes a connection where the script
/// says so, and where the script ends it keeps silent.
final class ScriptedServer implements AutoCloseable {

  /// In a script: close the connection now.
  static final String CLOSE = "close";

  private final ServerSocket server;
  private final List<String> script;
  private final List<String> requests = new ArrayList<>();
  private int connections;
  private int next;

  ScriptedServer(ServerSocket server, String... script) {
    this.server = server;
    this.script = Stream.of(script).map(answer -> answer.replace("|", "\r\n")).toList();
    Thread.ofVirtual().start(this::serve);
  }

  ScriptedServer(String... script) throws IOException {
    this(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), script);
  }

  int port() {
    return server.getLocalPort();
  }

  Endpoint endpoint() {
    return new Endpoint.Tcp("127.0.0.1", port(), "", false);
  }

  /// The first lines of all requests.
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized int connections() {
    return connections;
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = server.accept();
        synchronized (this) {
          connections++;
        }
        Thread.ofVirtual().start(() -> converse(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void converse(Socket socket) {
    try (socket) {
      var in = socket.getInputStream();
      while (true) {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int next = in.read();
          if (next < 0) {
            return;
          }
          head.append((char) next);
        }
        in.skipNBytes(length(head));
        String answer = answer(head.substring(0, head.indexOf("\r\n")));
        if (answer.equals(CLOSE)) {
          return;
        }
        if (answer.endsWith(CLOSE)) {
          answer = answer.substring(0, answer.length() - CLOSE.length());
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
          return;
        }
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException gone) {
      // So is the client.
    }
  }

  private static int length(StringBuilder head) {
    String name = "Content-Length: ";
    int at = head.indexOf(name);
    return at < 0
        ? 0
        : Integer.parseInt(head.substring(at + name.length(), head.indexOf("\r\n", at)));
  }

  private synchronized String answer(String request) {
    requests.add(request);
    return next < script.size() ? script.get(next++) : "";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
