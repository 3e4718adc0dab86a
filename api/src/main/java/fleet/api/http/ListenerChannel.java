package fleet.api.http;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.AbstractNioMessageChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Netty's view of a [Listener]: a server channel that is bound before Netty sees it.
final class ListenerChannel extends AbstractNioMessageChannel implements ServerChannel {

  private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

  private final ChannelConfig config = new DefaultChannelConfig(this);
  private final Listener listener;
  private final SocketAddress address;
  private boolean bound;

  /// @param address by which Vert.x knows it
  ListenerChannel(Listener listener, SocketAddress address) {
    super(null, listener.channel(), SelectionKey.OP_ACCEPT);
    this.listener = listener;
    this.address = address;
  }

  @Override
  protected ServerSocketChannel javaChannel() {
    return (ServerSocketChannel) super.javaChannel();
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws IOException {
    SocketChannel client = javaChannel().accept();
    if (client == null) {
      return 0;
    }
    if (listener.unix()) {
      accepted.add(new NioDomainSocketChannel(null, client));
    } else {
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      accepted.add(new NioSocketChannel(null, client));
    }
    return 1;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public boolean isActive() {
    return bound && isOpen();
  }

  @Override
  protected void doBind(SocketAddress ignored) {
    bound = true;
  }

  @Override
  protected void doClose() throws IOException {
    listener.close();
  }

  @Override
  protected SocketAddress localAddress0() {
    return address;
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) {
    throw new UnsupportedOperationException("a listener connects to nobody");
  }

  @Override
  protected void doFinishConnect() {
    throw new UnsupportedOperationException("a listener connects to nobody");
  }

  @Override
  protected void doDisconnect() {
    throw new UnsupportedOperationException("a listener is connected to nobody");
  }

  @Override
  protected boolean doWriteMessage(Object message, ChannelOutboundBuffer out) {
    throw new UnsupportedOperationException("a listener writes nothing");
  }
}
