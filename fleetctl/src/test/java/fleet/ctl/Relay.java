package fleet.ctl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Forwards what comes to a unix socket to a port of this machine, as `ssh -L` does.
final class Relay implements AutoCloseable {

  private final Path socket;
  private final int port;
  private final ServerSocketChannel server;

  Relay(Path socket, int port) throws IOException {
    this.socket = socket;
    this.port = port;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel near = server.accept();
        var far = new Socket(InetAddress.getLoopbackAddress(), port);
        var toFar = far.getOutputStream();
        var fromFar = far.getInputStream();
        Thread.ofVirtual().start(() -> copy(Channels.newInputStream(near), toFar));
        Thread.ofVirtual().start(() -> copy(fromFar, Channels.newOutputStream(near)));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void copy(InputStream from, OutputStream to) {
    try (from;
        to) {
      from.transferTo(to);
    } catch (IOException gone) {
      // So is the other direction.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.delete(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
