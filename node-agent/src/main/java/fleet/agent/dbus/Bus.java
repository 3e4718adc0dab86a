package fleet.agent.dbus;

import fleet.agent.systemd.SystemdException;
import fleet.agent.systemd.SystemdException.Unavailable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.jspecify.annotations.Nullable;

/// Keeps a [Link] to systemd: makes one, watches over it until it ends, and makes the next.
///
/// dbus-java never connects again. Whatever goes wrong, be it that the bus restarts, that systemd
/// leaves it to execute itself anew, or that nobody answers, has one cure here: the link is thrown
/// away with all that hangs on it, and the next one starts from nothing.
final class Bus implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Bus.class.getName());

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /// What is done to a link before it is used, and when it has ended.
  interface Keeper {
    /// @throws SystemdException if systemd cannot be reached over this link
    void prepare(Link link) throws DBusException, InterruptedException;

    /// There is a new link.
    void connected();

    /// There is none, until there is a new one.
    void lost(String cause);
  }

  private final DbusOptions options;
  private final Keeper keeper;
  private final Thread supervisor;
  private final CountDownLatch tried = new CountDownLatch(1);

  private volatile @Nullable Link link;
  private volatile String cause = "not connected yet";
  private volatile boolean closed;

  Bus(DbusOptions options, Keeper keeper) {
    this.options = options;
    this.keeper = keeper;
    this.supervisor = Thread.ofVirtual().name("systemd-bus").unstarted(this::supervise);
  }

  /// Starts, and waits until the first attempt has succeeded or failed.
  void open() throws InterruptedException {
    supervisor.start();
    tried.await();
  }

  /// The present link.
  ///
  /// @throws Unavailable if there is none
  Link link() {
    Link present = link;
    if (present == null || present.end().isDone()) {
      String reason = present == null ? cause : present.end().join();
      throw new Unavailable("systemd at " + options.busAddress() + ": " + reason);
    }
    return present;
  }

  private void supervise() {
    Duration pause = FIRST_PAUSE;
    try {
      while (!closed) {
        try (Link next = connect()) {
          long since = System.nanoTime();
          follow(next);
          boolean lasted = System.nanoTime() - since > LONGEST_PAUSE.toNanos();
          pause = lasted ? FIRST_PAUSE : longer(pause);
        } catch (DBusException | DBusExecutionException | SystemdException e) {
          missing(Objects.requireNonNullElse(e.getMessage(), e.toString()));
          tried.countDown();
          pause = longer(pause);
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      cause = "closed";
    } finally {
      tried.countDown();
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private void follow(Link next) throws InterruptedException {
    LOG.log(Level.INFO, "connected to systemd address={0}", next.address());
    link = next;
    tried.countDown();
    keeper.connected();
    String end;
    try {
      end = next.end().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      link = null;
    }
    LOG.log(Level.WARNING, "lost systemd address={0} cause=\"{1}\"", next.address(), end);
    cause = end;
    keeper.lost(end);
  }

  private void missing(String reason) {
    if (tried.getCount() > 0) {
      LOG.log(Level.WARNING, "no systemd address={0} cause=\"{1}\"", options.busAddress(), reason);
    }
    cause = reason;
  }

  private Link connect() throws DBusException, InterruptedException {
    Link next;
    try {
      next = within(() -> Link.toBus(options.busAddress()));
    } catch (DBusException | DBusExecutionException | Unavailable e) {
      if (options.fallbackAddress().isEmpty()) {
        throw e;
      }
      try {
        next = within(() -> Link.toPeer(options.fallbackAddress().get()));
      } catch (DBusException | DBusExecutionException | Unavailable e2) {
        e.addSuppressed(e2);
        throw e;
      }
    }
    try {
      keeper.prepare(next);
      return next;
    } catch (DBusException | DBusExecutionException | SystemdException | InterruptedException e) {
      next.close();
      throw e;
    }
  }

  private interface Attempt {
    Link make() throws DBusException;
  }

  /// Makes a link on another thread, as dbus-java waits without limit for a bus that accepts
  /// connections and then is silent.
  private Link within(Attempt attempt) throws DBusException, InterruptedException {
    var made = new CompletableFuture<Link>();
    Thread maker =
        Thread.ofVirtual()
            .name("systemd-connect")
            .start(
                () -> {
                  try {
                    Link link = attempt.make();
                    if (!made.complete(link)) {
                      link.close();
                    }
                  } catch (DBusException | RuntimeException e) {
                    made.completeExceptionally(e);
                  }
                });
    try {
      return made.get(options.callLimit().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      var late = new Unavailable("no connection within " + options.callLimit().toMillis() + " ms");
      if (made.completeExceptionally(late)) {
        maker.interrupt();
        throw late;
      }
      return made.join();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case DBusException known -> throw known;
        case RuntimeException known -> throw known;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    cause = "closed";
    supervisor.interrupt();
  }
}
