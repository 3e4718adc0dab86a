package fleet.api.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;

/// A [ByteConnection] in the shape that Java's TLS can be put around.
final class ConnectionSocket extends Socket {

  private final ByteConnection connection;

  ConnectionSocket(ByteConnection connection) {
    this.connection = connection;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return length == 0 ? 0 : connection.read(ByteBuffer.wrap(into, offset, length));
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        connection.write(ByteBuffer.wrap(from, offset, length));
      }
    };
  }

  @Override
  public void close() throws IOException {
    connection.close();
    super.close();
  }
}
