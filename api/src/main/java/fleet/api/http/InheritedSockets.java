package fleet.api.http;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The sockets that systemd has opened for us (sd_listen_fds(3)): file descriptors from 3 on.
///
/// Java can make no channel of a file descriptor. But it can open one of its own, and then the
/// kernel can be told that this channel's descriptor shall mean the inherited socket (dup2(2)).
/// Which descriptor that is, Java does not say either: it is the one that is bound where we have
/// just bound it.
public final class InheritedSockets {

  private static final int FIRST = 3;

  // Of Linux, on every architecture that Java runs on:
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int LONGEST_ADDRESS = 128;

  /// A loopback address on which no other socket of this process is bound.
  private static final String NOBODY_ELSES_HOST = "127.102.108.116";

  private InheritedSockets() {}

  /// Takes over all sockets that were passed to this process; none if it was not started so. They
  /// can be taken only once.
  ///
  /// @param environment the variables of the process
  /// @throws IOException if what was passed cannot be listened on
  public static List<Listener> take(Map<String, String> environment) throws IOException {
    String pid = environment.getOrDefault("LISTEN_PID", "");
    String count = environment.getOrDefault("LISTEN_FDS", "");
    if (count.isEmpty() || !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
      return List.of();
    }
    int sockets;
    try {
      sockets = Integer.parseInt(count);
    } catch (NumberFormatException e) {
      throw new IOException("LISTEN_FDS: expected a number, found \"" + count + "\"", e);
    }
    var library = new Library();
    var listeners = new ArrayList<Listener>();
    for (int fd = FIRST; fd < FIRST + sockets; fd++) {
      listeners.add(library.listener(fd));
    }
    return listeners;
  }

  /// An address as the kernel has it.
  ///
  /// @param family -1 if there is no socket
  /// @param place a path, or the address of a host
  private record Bound(int family, String place, int port) {

    static final Bound NOWHERE = new Bound(-1, "", 0);

    boolean tcp() {
      return family == AF_INET || family == AF_INET6;
    }

    String text() {
      return tcp() ? new ListenAddress.Tcp(place, port).toString() : "unix://" + place;
    }
  }

  /// The few functions of the C library that Java does not have.
  @SuppressWarnings("restricted")
  private static final class Library {
    private final Linker linker = Linker.nativeLinker();
    private final MethodHandle dup2 = ofInts("dup2", 2);
    private final MethodHandle close = ofInts("close", 1);
    private final MethodHandle getsockname =
        function(
            "getsockname",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS));

    private MethodHandle ofInts(String name, int arguments) {
      var layouts = new ValueLayout[arguments];
      Arrays.fill(layouts, ValueLayout.JAVA_INT);
      return function(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
    }

    private MethodHandle function(String name, FunctionDescriptor type) {
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    Listener listener(int fd) throws IOException {
      Bound inherited = bound(fd);
      boolean unix = inherited.family == AF_UNIX;
      if (!unix && !inherited.tcp()) {
        throw new IOException(
            "file descriptor "
                + fd
                + " passed by systemd: expected a unix or TCP socket, found neither");
      }
      ServerSocketChannel channel = unix ? unixPlaceholder() : tcpPlaceholder();
      int placeholder = descriptor(channel);
      if (call(dup2, fd, placeholder) != placeholder) {
        throw new IOException("file descriptor " + fd + " passed by systemd cannot be taken over");
      }
      call(close, fd);
      return Listener.inherited(channel, unix, inherited.text());
    }

    private static ServerSocketChannel unixPlaceholder() throws IOException {
      Path room = Files.createTempDirectory("fleet");
      Path path = room.resolve("inherited");
      try {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(path));
      } finally {
        Files.deleteIfExists(path);
        Files.delete(room);
      }
    }

    private static ServerSocketChannel tcpPlaceholder() throws IOException {
      return ServerSocketChannel.open().bind(new InetSocketAddress(NOBODY_ELSES_HOST, 0));
    }

    /// The file descriptor of a channel that is bound where no other socket is.
    private int descriptor(ServerSocketChannel channel) throws IOException {
      SocketAddress local = channel.getLocalAddress();
      String place = local instanceof UnixDomainSocketAddress unix ? unix.toString() : "";
      int port = 0;
      if (local instanceof InetSocketAddress inet) {
        place = inet.getAddress().getHostAddress();
        port = inet.getPort();
      }
      try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
        for (Path path : descriptors) {
          int fd = Integer.parseInt(path.getFileName().toString());
          Bound bound = bound(fd);
          if (bound.place.equals(place) && bound.port == port) {
            return fd;
          }
        }
      }
      throw new IOException("expected a file descriptor bound to " + local + ", found none");
    }

    private Bound bound(int fd) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment address = arena.allocate(LONGEST_ADDRESS);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, LONGEST_ADDRESS);
        if (call(getsockname, fd, address, length) != 0) {
          return Bound.NOWHERE;
        }
        int size = Math.min(LONGEST_ADDRESS, length.get(ValueLayout.JAVA_INT, 0));
        return bound(address.get(ValueLayout.JAVA_SHORT, 0), address.asSlice(0, size));
      }
    }

    /// Reads what unix(7), ip(7) and ipv6(7) describe.
    private static Bound bound(int family, MemorySegment address) throws IOException {
      byte[] bytes = address.toArray(ValueLayout.JAVA_BYTE);
      return switch (family) {
        case AF_UNIX -> new Bound(family, path(bytes), 0);
        case AF_INET -> new Bound(family, host(bytes, 4, 4), port(bytes));
        case AF_INET6 -> new Bound(family, host(bytes, 8, 16), port(bytes));
        default -> new Bound(family, "", 0);
      };
    }

    /// An abstract name begins with a zero, written as `@`.
    private static String path(byte[] bytes) {
      int end = Math.min(bytes.length, 3);
      while (end < bytes.length && bytes[end] != 0) {
        end++;
      }
      String path = new String(bytes, 2, Math.max(0, end - 2), StandardCharsets.UTF_8);
      return path.replace('\0', '@');
    }

    private static String host(byte[] bytes, int from, int length) throws IOException {
      byte[] host = Arrays.copyOfRange(bytes, from, from + length);
      return InetAddress.getByAddress(host).getHostAddress();
    }

    private static int port(byte[] bytes) {
      return ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
    }

    private static int call(MethodHandle function, Object... arguments) {
      try {
        return (int) function.invokeWithArguments(arguments);
      } catch (Throwable e) { // declared by MethodHandle; C throws nothing
        throw new IllegalStateException("a function of the C library cannot be called", e);
      }
    }
  }
}
