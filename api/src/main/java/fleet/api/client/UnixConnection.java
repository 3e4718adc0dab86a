package fleet.api.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A connection to a unix socket.
///
/// Java gives unix sockets no time limit; a selector does.
final class UnixConnection implements ByteConnection {

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final long patienceMillis;

  private UnixConnection(SocketChannel channel, Duration patience) throws IOException {
    this.channel = channel;
    this.selector = Selector.open();
    channel.configureBlocking(false);
    this.key = channel.register(selector, 0);
    this.patienceMillis = patience.toMillis();
  }

  static ByteConnection open(Path path, Duration patience) throws IOException {
    SocketChannel channel = null;
    try {
      // Blocks while the server's backlog is full, which is until it accepts: at most moments.
      channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
      return new UnixConnection(channel, patience);
    } catch (IOException e) {
      if (channel != null) {
        channel.close();
      }
      if (!Files.exists(path)) {
        throw new NobodyThere("there is no socket; is fleetd running here?");
      }
      throw e;
    }
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, "the server does not take the request");
      }
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    while (true) {
      int count = channel.read(into);
      if (count != 0) {
        return count;
      }
      await(SelectionKey.OP_READ, "the server does not answer");
    }
  }

  private void await(int operation, String otherwise) throws IOException {
    key.interestOps(operation);
    int ready = selector.select(patienceMillis);
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted");
    }
    if (ready == 0) {
      throw new SocketTimeoutException(otherwise);
    }
  }

  @Override
  public void close() {
    try (selector;
        channel) {
      key.cancel();
    } catch (IOException e) {
      // Nothing is lost: every answer has been read.
    }
  }
}
