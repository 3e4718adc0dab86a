package fleet.agent.dbus;

import fleet.agent.systemd.SystemdException;
import fleet.agent.systemd.SystemdException.Unavailable;
import fleet.cluster.env.LastingTrouble;
import fleet.cluster.env.SystemEnvironment;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
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

  /// Who is told of links. None of this may take long, except to prepare one.
  interface Keeper {

    /// Does to a link what must be done before it is used.
    ///
    /// @throws SystemdException if systemd cannot be reached over this link
    void prepare(Link link) throws InterruptedException;

    /// There is a link now.
    void connected();

    /// There is none, until there is a new one.
    void lost();
  }

  private final DbusOptions options;
  private final Keeper keeper;
  private final LastingTrouble absence = new LastingTrouble(new SystemEnvironment());
  private final Thread supervisor;
  private final CountDownLatch tried = new CountDownLatch(1);

  private volatile @Nullable Link link;
  private volatile String cause = "not connected yet"; // names the address

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
    if (present == null) {
      throw new Unavailable("systemd is away: " + cause);
    }
    return present;
  }

  private void supervise() {
    Duration pause = FIRST_PAUSE;
    try {
      while (true) {
        long start = System.nanoTime();
        try (Link next = connect()) {
          follow(next);
        } catch (SystemdException e) {
          missing(String.valueOf(e.getMessage()));
        }
        boolean lasted = System.nanoTime() - start > LONGEST_PAUSE.toNanos();
        pause = lasted ? FIRST_PAUSE : longer(pause);
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      cause = "closed";
    } finally {
      link = null;
      tried.countDown();
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private Link connect() throws InterruptedException {
    Link next = dial();
    try {
      keeper.prepare(next);
      return next;
    } catch (SystemdException | InterruptedException e) {
      next.close();
      throw e;
    }
  }

  private Link dial() throws InterruptedException {
    try {
      return LinkFactory.bus(options.busAddress(), options.callLimit());
    } catch (Unavailable e) {
      if (options.fallbackAddress().isEmpty()) {
        throw e;
      }
      try {
        return LinkFactory.peer(options.fallbackAddress().get(), options.callLimit());
      } catch (Unavailable e2) {
        throw new Unavailable(e.getMessage() + "; " + e2.getMessage(), e);
      }
    }
  }

  private void follow(Link next) throws InterruptedException {
    String connected = "connected to systemd address=" + next.address();
    absence
        .over(connected)
        .or(() -> tried.getCount() > 0 ? Optional.of(connected) : Optional.empty())
        .ifPresent(line -> LOG.log(Level.INFO, line));
    link = next;
    tried.countDown();
    keeper.connected();
    String end;
    try {
      end = next.end().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    cause = next.address() + ": " + end;
    link = null;
    absence
        .met("lost", "lost systemd address=" + next.address() + " cause=\"" + end + "\"")
        .ifPresent(line -> LOG.log(Level.WARNING, line));
    keeper.lost();
  }

  private void missing(String reason) {
    cause = reason;
    absence
        .met("missing", "no systemd yet cause=\"" + reason + "\"")
        .ifPresent(line -> LOG.log(Level.WARNING, line));
    tried.countDown();
  }

  @Override
  public void close() {
    supervisor.interrupt();
  }
}
