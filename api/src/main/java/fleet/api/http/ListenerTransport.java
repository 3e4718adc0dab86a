package fleet.api.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Has Vert.x listen on sockets that are open already, rather than on ones that it opens: those of
/// systemd, and ours, which are thus treated alike. All else is Java's NIO.
///
/// Vert.x knows each listener by the path `/listener/<its number>`.
final class ListenerTransport implements io.vertx.core.transport.Transport, Transport {

  private final Transport nio = io.vertx.core.transport.Transport.NIO.implementation();
  private final List<Listener> listeners;
  private int next;

  ListenerTransport(List<Listener> listeners) {
    this.listeners = listeners;
  }

  /// What to tell Vert.x to listen on. To be called once a listener, each time before the next, and
  /// not before Vert.x listens on the one before.
  static SocketAddress address(int listener) {
    return SocketAddress.domainSocketAddress("/listener/" + listener);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return this::nextListener;
  }

  private synchronized ServerChannel nextListener() {
    int number = next++;
    return new ListenerChannel(
        listeners.get(number), new DomainSocketAddress("/listener/" + number));
  }

  @Override
  public void configure(TcpConfig options, boolean domainSocket, ServerBootstrap bootstrap) {
    // Whoever opened the listeners has set their options.
  }

  @Override
  public String name() {
    return "listeners";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public Transport implementation() {
    return this;
  }

  @Override
  public boolean supportsDomainSockets() {
    return true;
  }

  @Override
  public boolean supportFileRegion() {
    return nio.supportFileRegion();
  }

  @Override
  public java.net.SocketAddress convert(SocketAddress address) {
    return address.isDomainSocket()
        ? new DomainSocketAddress(address.path())
        : nio.convert(address);
  }

  @Override
  public SocketAddress convert(java.net.SocketAddress address) {
    return address instanceof DomainSocketAddress domain
        ? SocketAddress.domainSocketAddress(domain.path())
        : nio.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return nio.ioHandlerFactory();
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's name for it, in Vert.x' signature
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return nio.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return nio.datagramChannelFactory();
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return nio.channelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    nio.configure(channel, options);
  }

  @Override
  public void configure(TcpConfig options, boolean domainSocket, Bootstrap bootstrap) {
    nio.configure(options, domainSocket, bootstrap);
  }
}
