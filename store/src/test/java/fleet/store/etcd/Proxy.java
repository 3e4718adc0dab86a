package fleet.store.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A network that the test can cut.
public final class Proxy implements AutoCloseable {

  private static final int PIECE = 8_192;

  private enum State {
    OPEN,
    /// Connections break, and new ones are refused as soon as they are made.
    CUT,
    /// Connections stay, and nothing that is sent over them arrives, now or later.
    SWALLOWING
  }

  private final URI target;
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile State state = State.OPEN;

  public Proxy(URI target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  public URI endpoint() {
    return URI.create(target.getScheme() + "://127.0.0.1:" + server.getLocalPort());
  }

  /// Breaks all connections, and lets nobody through.
  public void cut() {
    state = State.CUT;
    connections.forEach(Connection::close);
  }

  /// Lets nothing through any more, but says nothing of it.
  public void swallow() {
    state = State.SWALLOWING;
    connections.forEach(connection -> connection.swallowing = true);
  }

  /// Lets new connections through.
  public void mend() {
    state = State.OPEN;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        if (state == State.CUT) {
          client.close();
        } else {
          var connection = new Connection(client, new Socket(target.getHost(), target.getPort()));
          connection.swallowing = state == State.SWALLOWING;
          connections.add(connection);
          connection.begin();
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket server;
    volatile boolean swallowing;

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void begin() {
      Thread.ofVirtual().start(() -> copy(client, server));
      Thread.ofVirtual().start(() -> copy(server, client));
    }

    private void copy(Socket from, Socket to) {
      byte[] piece = new byte[PIECE];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int length; (length = in.read(piece)) >= 0; ) {
          if (!swallowing) {
            out.write(piece, 0, length);
          }
        }
      } catch (IOException broken) {
        // Which the other direction will notice, too.
      }
      if (!swallowing) {
        close();
      }
    }

    void close() {
      connections.remove(this);
      try {
        client.close();
        server.close();
      } catch (IOException broken) {
        // It is of no more use in any case.
      }
    }
  }

  @Override
  public void close() {
    cut();
    try {
      server.close();
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }
}
