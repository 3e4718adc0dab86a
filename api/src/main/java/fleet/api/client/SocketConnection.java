package fleet.api.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;

/// A connection over TCP, with TLS or without.
final class SocketConnection implements ByteConnection {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /// @param socket connected, with a time limit for reading
  SocketConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    out.flush();
    bytes.position(bytes.limit());
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = in.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
    if (count > 0) {
      into.position(into.position() + count);
    }
    return count;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost: every answer has been read.
    }
  }
}
