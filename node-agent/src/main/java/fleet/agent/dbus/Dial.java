package fleet.agent.dbus;

import fleet.agent.systemd.SystemdException.Unavailable;
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
/// Each is made on a thread of its own that can be given up, as dbus-java waits without limit for
/// one who accepts a connection and then is silent.
final class Dial {

  private Dial() {}

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
            DirectConnectionBuilder.forAddress(address).withDisconnectCallback(ending).build());
  }

  private interface Builder {
    AbstractConnection build(Ending ending) throws DBusException;
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
    var made = new CompletableFuture<Link>();
    Thread maker =
        Thread.ofVirtual()
            .name("systemd-dial")
            .start(
                () -> {
                  try {
                    var ending = new Ending(new CompletableFuture<>());
                    var link = new Link(address, bus, builder.build(ending), ending.end());
                    if (!made.complete(link)) {
                      link.close(); // too late
                    }
                  } catch (DBusException | DBusExecutionException e) {
                    made.completeExceptionally(e);
                  }
                });
    try {
      return made.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      throw new Unavailable(address + ": " + cause.getMessage(), cause);
    } catch (TimeoutException e) {
      var late = new Unavailable(address + ": no connection within " + limit.toMillis() + " ms");
      if (!made.completeExceptionally(late)) {
        return made.join();
      }
      maker.interrupt();
      throw late;
    } catch (InterruptedException e) {
      made.cancel(false);
      maker.interrupt();
      throw e;
    }
  }
}
