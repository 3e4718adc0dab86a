package fleet.daemon;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Tells the service manager how the daemon is (sd_notify(3)), by way of `systemd-notify`.
///
/// Java has no datagram sockets in the UNIX domain, and reaching for libc costs ten times the
/// memory that a short-lived child does. The unit file must say `NotifyAccess=all`.
final class ServiceNotification {

  private static final Logger LOG = System.getLogger(ServiceNotification.class.getName());
  private static final long LIMIT_SECONDS = 5;

  /// What the daemon needs to close its parts.
  private static final Duration CLOSING = Duration.ofSeconds(20);

  private ServiceNotification() {}

  /// The daemon answers requests and drives systemd. Does nothing outside a service that asked.
  static void ready(String status) throws InterruptedException {
    send("--ready", "--status=" + status);
  }

  /// The daemon is on its way out.
  ///
  /// @param more how much longer than usual that may take
  static void stopping(String status, Duration more) throws InterruptedException {
    send(
        "--status=" + status,
        "STOPPING=1",
        "EXTEND_TIMEOUT_USEC=" + more.plus(CLOSING).toNanos() / 1000);
  }

  private static void send(String... arguments) throws InterruptedException {
    if (System.getenv("NOTIFY_SOCKET") == null) {
      return;
    }
    var command = new ArrayList<>(List.of("systemd-notify"));
    command.addAll(List.of(arguments));
    try {
      Process child = new ProcessBuilder(command).inheritIO().start();
      if (!child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        child.destroyForcibly();
        LOG.log(Level.WARNING, "the service manager takes no notification in time");
      } else if (child.exitValue() != 0) {
        LOG.log(Level.WARNING, "systemd-notify failed status={0}", child.exitValue());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot run systemd-notify: " + e.getMessage());
    }
  }
}
