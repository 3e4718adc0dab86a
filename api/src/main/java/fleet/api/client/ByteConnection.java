package fleet.api.client;

import java.io.IOException;
import java.nio.ByteBuffer;

/// An open connection to a server: bytes both ways, and no wait without a limit.
interface ByteConnection extends AutoCloseable {

  /// Sends all that remains in `bytes`.
  ///
  /// @throws java.net.SocketTimeoutException if the other side does not take it in time
  void write(ByteBuffer bytes) throws IOException;

  /// Waits for some bytes and takes them.
  ///
  /// @return how many, or -1 if there will be no more
  /// @throws java.net.SocketTimeoutException if none come in time
  int read(ByteBuffer into) throws IOException;

  @Override
  void close();
}
