package fleet.api.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// A client that sends what it is told, byte for byte.
final class RawClient implements AutoCloseable {

  private final SocketChannel channel;

  RawClient(String address) throws IOException {
    this.channel = SocketChannel.open(parse(address));
  }

  private static SocketAddress parse(String address) {
    if (address.startsWith("unix://")) {
      return UnixDomainSocketAddress.of(address.substring("unix://".length()));
    }
    int colon = address.lastIndexOf(':');
    return new InetSocketAddress(
        address.substring("http://".length(), colon),
        Integer.parseInt(address.substring(colon + 1)));
  }

  RawClient send(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    return this;
  }

  /// All that comes until the server closes the connection, without the date.
  String rest() throws IOException {
    return until("\0");
  }

  /// What comes until it ends in `end`, or until the server closes the connection.
  String until(String end) throws IOException {
    var text = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (text.indexOf(end) < 0 && read(buffer) >= 0) {
      text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
      buffer.clear();
    }
    return text.toString().replaceAll("(?i)date: [^\r]*GMT\r\n", "");
  }

  private int read(ByteBuffer buffer) throws IOException {
    try {
      return channel.read(buffer);
    } catch (IOException reset) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
