package fleet.api.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// A socket on which somebody listens already, though nobody accepts yet.
public final class Listener implements AutoCloseable {

  private static final int BACKLOG = 1024;

  /// A unix socket's file as we made it, which tells whether it is still ours.
  private record Made(Path path, Object key) {}

  private final ServerSocketChannel channel;
  private final boolean unix;
  private final String address;
  private final Optional<Made> made;

  private Listener(ServerSocketChannel channel, boolean unix, String address, Optional<Made> made) {
    this.channel = channel;
    this.unix = unix;
    this.address = address;
    this.made = made;
  }

  /// Listens on a socket that somebody else has made, and will remove.
  ///
  /// @param address of the socket, for messages
  static Listener inherited(ServerSocketChannel channel, boolean unix, String address) {
    return new Listener(channel, unix, address, Optional.empty());
  }

  /// Begins to listen. A unix socket that a process has left behind is replaced; one that is
  /// answered is not.
  ///
  /// @throws IOException if that cannot be; the message names the address
  public static Listener on(ListenAddress address) throws IOException {
    try {
      return switch (address) {
        case ListenAddress.Unix(var path) -> onUnix(path);
        case ListenAddress.Tcp(var host, var port) -> onTcp(host, port);
      };
    } catch (IOException e) {
      throw new IOException("cannot listen on " + address + ": " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException file) {
      String reason = file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
      return file.getFile() + ": " + reason;
    }
    return String.valueOf(e.getMessage());
  }

  private static Listener onTcp(String host, int port) throws IOException {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("no such host");
    }
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(address, BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    int bound = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    return new Listener(
        channel, false, new ListenAddress.Tcp(host, bound).toString(), Optional.empty());
  }

  /// Binds in a directory that nobody else may enter, and moves the socket to its place once it has
  /// its mode: so nobody finds it with another, and an old one is replaced at once.
  private static Listener onUnix(Path path) throws IOException {
    refuseToReplaceTheLiving(path);
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("expected a file, found the root directory");
    }
    Path room = Files.createTempDirectory(parent, ".fleet");
    Path fresh = room.resolve("s");
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(fresh), BACKLOG);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-rw----"));
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      var made = new Made(path, key(path).orElseThrow(() -> new IOException("it has vanished")));
      return new Listener(
          channel, true, new ListenAddress.Unix(path).toString(), Optional.of(made));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    } finally {
      Files.deleteIfExists(fresh);
      Files.delete(room);
    }
  }

  private static void refuseToReplaceTheLiving(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new IOException("expected a socket or nothing, found another kind of file");
    }
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      throw new IOException("another process serves there" + (probe.isOpen() ? "" : " no more"));
    } catch (java.net.ConnectException nobody) {
      // Left behind by a process that has ended.
    }
  }

  private static Optional<Object> key(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
  }

  /// Where it listens, as clients write it: `unix:///run/fleet.sock`, `http://127.0.0.1:49153`.
  public String address() {
    return address;
  }

  ServerSocketChannel channel() {
    return channel;
  }

  boolean unix() {
    return unix;
  }

  /// Stops listening, and removes the unix socket if this process made it.
  @Override
  public void close() throws IOException {
    channel.close();
    if (made.isPresent() && key(made.get().path()).equals(Optional.of(made.get().key()))) {
      Files.deleteIfExists(made.get().path());
    }
  }
}
