package fleet.api.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;

/// Opens connections to endpoints.
final class Dialer {

  private Dialer() {}

  static ByteConnection dial(Endpoint endpoint, TlsFiles tls, Duration patience)
      throws IOException {
    // No switch: at the start of fleetctl one over types costs several milliseconds.
    if (endpoint instanceof Endpoint.Tcp tcp) {
      return dial(tcp, tls, patience);
    }
    if (endpoint instanceof Endpoint.Forwarded forwarded) {
      return dial(forwarded, tls, patience);
    }
    return UnixConnection.open(((Endpoint.Unix) endpoint).path(), patience);
  }

  private static ByteConnection dial(Endpoint.Forwarded forwarded, TlsFiles tls, Duration patience)
      throws IOException {
    if (!Files.exists(forwarded.socket())) {
      throw new NobodyThere(forwarded.by() + " forwards nothing any more");
    }
    ByteConnection plain = UnixConnection.open(forwarded.socket(), patience);
    if (!(forwarded.target() instanceof Endpoint.Tcp tcp && tcp.secure())) {
      return plain;
    }
    var socket = new ConnectionSocket(plain);
    try {
      return new SocketConnection(TlsContext.wrap(socket, tcp.host(), tcp.port(), tls));
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static ByteConnection dial(Endpoint.Tcp tcp, TlsFiles tls, Duration patience)
      throws IOException {
    int millis = Math.toIntExact(patience.toMillis());
    var socket = new Socket();
    try {
      var address = new InetSocketAddress(tcp.host(), tcp.port());
      if (address.isUnresolved()) {
        throw new UnknownHostException("no such host: " + tcp.host());
      }
      socket.connect(address, millis);
      socket.setSoTimeout(millis);
      socket.setTcpNoDelay(true);
      return new SocketConnection(
          tcp.secure() ? TlsContext.wrap(socket, tcp.host(), tcp.port(), tls) : socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /// What an exception of the network says of the next try.
  static Unreachable.Prospect prospect(IOException failure) {
    return switch (failure) {
      case NobodyThere _, UnknownHostException _ -> Unreachable.Prospect.ABSENT;
      case NoSuchFileException _, AccessDeniedException _, SSLHandshakeException _ ->
          Unreachable.Prospect.NEVER;
      case SocketException denied when isDenied(denied) -> Unreachable.Prospect.NEVER;
      default -> Unreachable.Prospect.SOON;
    };
  }

  /// Whether the system forbids us the socket: it has no exception of its own for that.
  private static boolean isDenied(SocketException failure) {
    return String.valueOf(failure.getMessage()).contains("Permission denied");
  }

  /// Says what an exception of the network means, for people.
  static String reason(IOException failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage();
    return switch (failure) {
      case NoSuchFileException _ -> "there is no file " + message;
      case AccessDeniedException _ -> "no permission to read " + message;
      case ConnectException _ -> "cannot connect: " + message;
      default -> message.isEmpty() ? failure.getClass().getSimpleName() : message;
    };
  }
}
