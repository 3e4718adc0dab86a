package fleet.store.etcd;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A connection to one server, from its first attempt on. When it is lost it is not mended: there
/// will be another.
final class Connection {

  private final Environment environment;
  private final URI endpoint;
  private final ManagedChannel channel;
  private volatile Duration heard;

  Connection(Environment environment, URI endpoint, ManagedChannel channel) {
    this.environment = environment;
    this.endpoint = endpoint;
    this.channel = channel;
    this.heard = environment.uptime();
  }

  URI endpoint() {
    return endpoint;
  }

  ManagedChannel channel() {
    return channel;
  }

  /// Notes that the server is alive.
  void heard() {
    heard = environment.uptime();
  }

  /// For how long nothing has been heard of the server.
  Duration silence() {
    return environment.uptime().minus(heard);
  }

  boolean isUp() {
    return channel.getState(false) == ConnectivityState.READY;
  }

  /// Raises `signal` once the connection is no longer up, if it is now.
  void whenDown(Signal signal) {
    channel.notifyWhenStateChanged(ConnectivityState.READY, signal::raise);
  }

  /// Ends the connection and every question that is open on it.
  void end() {
    channel.shutdownNow();
  }

  /// Waits a little until all that was open on it has been told so.
  void awaitEnd() throws InterruptedException {
    var _ = channel.awaitTermination(1, TimeUnit.SECONDS);
  }
}
