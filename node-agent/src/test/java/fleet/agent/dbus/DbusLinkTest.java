package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.dbus.SystemdSignals.JobRemoved;
import fleet.agent.systemd.SystemdException.Unavailable;
import fleet.unit.UnitName;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Connections that are made, used and lost in every way that we could think of.
@ExtendWith(OnNode.class)
@Tag("slow")
final class DbusLinkTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final Node node;

  @TempDir private Path temporary;

  DbusLinkTest(Node node) {
    this.node = node;
  }

  @Test
  void whoAcceptsAndIsSilentIsGivenUp() throws IOException {
    try (var _ = listener()) {
      var away = assertThrows(Unavailable.class, () -> LinkFactory.bus(address(), SHORT));

      assertEquals(address() + ": no connection within 300 ms", away.getMessage());
    }
  }

  @Test
  void whoAcceptsAndHangsUpIsGivenUpAtOnce() throws IOException {
    try (var listener = listener()) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  listener.accept().close();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });

      assertThrows(Unavailable.class, () -> LinkFactory.bus(address(), LONG));
    }
  }

  @Test
  void whoIsNotThereIsNamed() {
    var away = assertThrows(Unavailable.class, () -> LinkFactory.peer(address(), LONG));

    assertEquals(
        address() + ": Failed to connect to bus: No such file or directory", away.getMessage());
  }

  @Test
  void busWithoutSystemdIsOfNoUse() throws IOException, InterruptedException {
    Process bus =
        new ProcessBuilder("dbus-daemon", "--session", "--nofork", "--address=" + address())
            .redirectErrorStream(true)
            .redirectOutput(temporary.resolve("bus.log").toFile())
            .start();
    try {
      while (!Files.exists(temporary.resolve("bus"))) {
        assertTrue(bus.isAlive(), () -> "dbus-daemon has ended");
        Thread.onSpinWait();
      }
      DbusOptions options = node.options();
      try (var systemd =
          DbusSystemd.open(
              new DbusOptions(
                  address(),
                  Optional.empty(),
                  options.unitsDirectory(),
                  options.filesRoot(),
                  options.journalctl(),
                  options.callLimit()))) {
        var away = assertThrows(Unavailable.class, () -> systemd.units(new TreeSet<>()));
        assertTrue(
            String.valueOf(away.getMessage()).contains("org.freedesktop.systemd1"),
            () -> "found " + away);
      }
    } finally {
      bus.destroy();
      bus.waitFor();
    }
  }

  @Test
  void defectInAHandlerEndsTheLinkAndNothingElse()
      throws DBusException,
          IOException,
          InterruptedException,
          ExecutionException,
          TimeoutException {
    try (Link link = LinkFactory.bus(node.options().busAddress(), LONG)) {
      link.handle(
          DBusMatchRuleBuilder.create().withType(JobRemoved.class).build(),
          (JobRemoved _) -> {
            throw new IllegalStateException("a defect");
          });
      link.call(Request.manager("Subscribe", ""), LONG).orThrow();

      node.run("systemctl", "start", "dbus.service");

      assertEquals(
          "dbus-java has failed: java.lang.IllegalStateException: a defect",
          link.end().get(LONG.toSeconds(), TimeUnit.SECONDS));
      var away =
          assertThrows(Unavailable.class, () -> link.call(Request.manager("ListUnits", ""), LONG));
      assertTrue(String.valueOf(away.getMessage()).contains("a defect"), () -> "found " + away);
    }
  }

  @Test
  void moreCallsThanABusTakesAreMadeAllTheSame() throws InterruptedException {
    try (Link link = LinkFactory.bus(node.options().busAddress(), LONG)) {
      var answers = new CopyOnWriteArrayList<Integer>();
      var callers = new ArrayList<Thread>();
      for (int i = 0; i < 20; i++) {
        callers.add(Thread.ofVirtual().start(() -> answers.add(count(link))));
      }
      for (Thread caller : callers) {
        caller.join();
      }

      assertEquals(List.of(100), answers.stream().distinct().toList());
      assertEquals(20, answers.size());
    }
  }

  private static int count(Link link) {
    try {
      var requests = new ArrayList<Request>();
      for (int i = 0; i < 100; i++) {
        requests.add(Request.property("/org/freedesktop/systemd1", "Manager", "Version"));
      }
      return (int)
          link.callAll(requests, LONG).stream()
              .filter(reply -> reply instanceof Reply.Answer)
              .count();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void lostSignalOfAJobIsNoticed() throws IOException, InterruptedException {
    node.write("/etc/systemd/system/unheard.service", "[Service]\nType=oneshot\nExecStart=true\n");
    node.run("systemctl", "daemon-reload");
    var deaf = new JobRunner(LONG, SHORT);
    try (Link link = LinkFactory.bus(node.options().busAddress(), LONG)) {
      var unit = (UnitName.Placeable) UnitName.parse("unheard.service").orElseThrow();

      var lost = assertThrows(Unavailable.class, () -> deaf.start(link, unit, LONG));

      assertEquals(
          "start of unheard.service: it has ended, and systemd's signal of how was lost",
          lost.getMessage());
      assertEquals(Jobs.MOST, link.jobs().starts().availablePermits());
    }
  }

  private String address() {
    return "unix:path=" + temporary.resolve("bus");
  }

  private ServerSocketChannel listener() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(temporary.resolve("bus")));
  }
}
