package fleet.agent.dbus;

import fleet.agent.systemd.SystemdException.Unavailable;
import fleet.cluster.env.Spans;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.freedesktop.dbus.connections.AbstractConnection;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.connections.impl.DirectConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;

/// Makes links.
///
/// Each on a thread of its own that can be given up, as dbus-java waits without limit for one who
/// accepts a connection and then is silent.
final class LinkFactory {

  /// Otherwise dbus-java tries for ten seconds before it says that nobody is there.
  private static final int ONE_ATTEMPT = 0;

  private LinkFactory() {}

  /// Connects to a bus.
  ///
  /// @throws Unavailable if that fails, or takes longer than `limit`
  static Link bus(String address, Duration limit) throws InterruptedException {
    return dial(
        address,
        true,
        limit,
        ending ->
            DBusConnectionBuilder.forAddress(address)
                .withShared(false)
                .transportConfig()
                .withTimeout(ONE_ATTEMPT)
                .back()
                .withDisconnectCallback(ending)
                .build());
  }

  /// Connects to systemd itself.
  ///
  /// @throws Unavailable if that fails, or takes longer than `limit`
  static Link peer(String address, Duration limit) throws InterruptedException {
    return dial(
        address,
        false,
        limit,
        ending ->
            DirectConnectionBuilder.forAddress(address)
                .transportConfig()
                .withTimeout(ONE_ATTEMPT)
                .back()
                .withDisconnectCallback(ending)
                .build());
  }

  private interface Builder {
    AbstractConnection build(Ending ending) throws DBusException;
  }

  /// All threads of a connection: dbus-java makes them in the group of the one that calls it. A
  /// defect in there ends the connection, and not the process.
  private static final class Threads extends ThreadGroup {
    private final CompletableFuture<String> end;

    Threads(CompletableFuture<String> end) {
      super("systemd-bus");
      this.end = end;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable e) {
      if (e instanceof Error) {
        super.uncaughtException(thread, e);
      }
      end.complete("dbus-java has failed: " + e);
    }
  }

  /// Completes `end` with the reason for which a connection has ended.
  private record Ending(CompletableFuture<String> end) implements IDisconnectCallback {
    @Override
    public void disconnectOnError(IOException e) {
      end.complete(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }

    @Override
    public void clientDisconnect() {
      end.complete("the connection was closed at the other end");
    }

    @Override
    public void requestedDisconnect(Integer connection) {
      end.complete("closed");
    }
  }

  private static Link dial(String address, boolean bus, Duration limit, Builder builder)
      throws InterruptedException {
    var end = new CompletableFuture<String>();
    var made = new CompletableFuture<Link>();
    var _ = end.thenAccept(cause -> made.completeExceptionally(new Unavailable(cause)));
    var maker =
        new Thread(
            new Threads(end),
            () -> {
              try {
                var link = new Link(address, bus, builder.build(new Ending(end)), end);
                if (!made.complete(link)) {
                  link.close(); // nobody waits for it any more
                }
              } catch (DBusException | DBusExecutionException e) {
                made.completeExceptionally(e);
              }
            },
            "systemd-dial");
    maker.setDaemon(true);
    maker.start();
    try {
      return made.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      throw new Unavailable(address + ": " + cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new Unavailable(address + ": no connection within " + Spans.text(limit), e);
    } finally {
      if (made.cancel(false)) {
        maker.interrupt();
      }
    }
  }
}
