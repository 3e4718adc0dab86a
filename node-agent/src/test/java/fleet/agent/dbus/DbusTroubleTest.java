package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.agent.systemd.Systemd;
import fleet.agent.systemd.SystemdException.Unavailable;
import fleet.cluster.env.Environment.Body;
import fleet.cluster.env.Environment.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens when the bus or systemd goes away, or is slow, and comes back.
final class DbusTroubleTest extends NodeScene {

  private static final String SLOW = "[Service]\nType=oneshot\nExecStart=/bin/sleep 1\n";
  private static final String ENDLESS = "[Service]\nType=oneshot\nExecStart=/bin/sleep 300\n";

  DbusTroubleTest(Node node) throws InterruptedException {
    super(node);
  }

  @Test
  void busThatWasKilledIsFoundAgain() throws IOException, InterruptedException {
    install("kept.service", SERVICE);
    systemd().start(unit("kept.service"), LONG);
    Signal changed = watch();

    node.run("systemctl", "kill", "--signal=KILL", "dbus.service");

    assertFollows(changed, "kept.service");
  }

  @Test
  void callsFailAtOnceWhileThereIsNoBus() throws IOException, InterruptedException {
    install("alone.service", SERVICE);
    Signal changed = watch();
    node.run("systemctl", "stop", "dbus.socket", "dbus.service");
    try {
      var away =
          assertThrows(
              Unavailable.class,
              () -> {
                while (true) {
                  changed.await(LONG);
                  systemd().units(set("alone.service"));
                }
              });
      assertTrue(
          String.valueOf(away.getMessage()).contains(node.options().busAddress()),
          () -> "found " + away);
      long before = System.nanoTime();
      assertThrows(Unavailable.class, () -> systemd().start(unit("alone.service"), LONG));
      assertThrows(Unavailable.class, () -> systemd().stop(unit("alone.service"), LONG));
      assertThrows(Unavailable.class, () -> systemd().remove(set("alone.service")));
      assertThrows(Unavailable.class, () -> systemd().reload());
      assertTrue(System.nanoTime() - before < LONG.toNanos(), "nobody waits for what is away");
    } finally {
      node.run("systemctl", "start", "dbus.socket");
    }
    assertFollows(changed, "alone.service");
  }

  @Test
  void whoWaitsForAJobIsToldWhenTheBusGoes() throws IOException, InterruptedException {
    install("endless.service", ENDLESS);
    Signal changed = watch();
    AtomicReference<Unavailable> told = failure(() -> start("endless.service"));
    until(changed, "endless.service", seen -> seen.phase() == Phase.RISING);

    node.run("systemctl", "kill", "--signal=KILL", "dbus.service");

    until(() -> told.get() != null);
    assertFollows(changed, "endless.service");
  }

  @Test
  void systemdThatExecutesItselfAnewIsFoundAgain() throws IOException, InterruptedException {
    install("reexec.service", SERVICE);
    systemd().start(unit("reexec.service"), LONG);
    Signal changed = watch();

    node.run("systemctl", "daemon-reexec");

    assertFollows(changed, "reexec.service");
  }

  @Test
  void reloadByAnotherIsSignaled() throws IOException, InterruptedException {
    install("edited.service", SERVICE);
    systemd().start(unit("edited.service"), LONG);
    Signal changed = watch();
    write("edited.service", "[Service]\nType=simple\n");

    node.run("systemctl", "daemon-reload");

    until(changed, "edited.service", seen -> seen.load().equals("bad-setting"));
    systemd().stop(unit("edited.service"), LONG);
  }

  @Test
  void busThatFreezesIsGivenUpAndFoundAgain() throws IOException, InterruptedException {
    try (Systemd hasty = DbusSystemd.open(hasty())) {
      until(() -> answers(hasty));
      String bus = node.run("systemctl", "show", "-P", "MainPID", "dbus.service").strip();
      node.run(
          "sh",
          "-c",
          "kill -STOP %1$s; until grep -q 'State:.T' /proc/%1$s/status; do sleep 0.01; done"
              .formatted(bus));
      try {
        var slow = assertThrows(Unavailable.class, hasty::reload);
        assertTrue(
            String.valueOf(slow.getMessage()).endsWith("no answer within 12 s"),
            () -> "found " + slow);
        assertThrows(Unavailable.class, () -> hasty.units(new TreeSet<>(set("dbus.service"))));
      } finally {
        node.run("kill", "-CONT", bus);
      }
      until(() -> answers(hasty));
    }
  }

  @Test
  void systemdThatFreezesIsWaitedForOnly() throws IOException, InterruptedException {
    try (Systemd hasty = DbusSystemd.open(hasty())) {
      node.signal("STOP");
      try {
        assertThrows(Unavailable.class, () -> hasty.units(set("dbus.service")));
      } finally {
        node.signal("CONT");
      }

      assertEquals(
          "active", state(hasty.units(set("dbus.service")), unit("dbus.service")).active());
    }
  }

  @Test
  void signalOfAnotherIsNotBelieved() throws IOException, InterruptedException {
    install("spoofed.service", SLOW);
    Signal changed = watch();
    var result = new AtomicReference<JobResult>();
    environment().fork("start", () -> result.set(start("spoofed.service")));
    until(changed, "spoofed.service", seen -> seen.phase() == Phase.RISING);
    String job = node.run("systemctl", "list-jobs", "--no-legend").strip().split(" +")[0];

    node.run(
        "busctl",
        "emit",
        "/org/freedesktop/systemd1",
        "org.freedesktop.systemd1.Manager",
        "JobRemoved",
        "uoss",
        job,
        "/org/freedesktop/systemd1/job/" + job,
        "spoofed.service",
        "failed");

    until(() -> result.get() != null);
    assertEquals(JobResult.DONE, result.get());
  }

  @Test
  void busThatComesLateIsFound(@TempDir Path temporary) throws IOException, InterruptedException {
    Path late = temporary.resolve("bus");
    DbusOptions options = node.options();
    try (Systemd patient =
        DbusSystemd.open(
            new DbusOptions(
                "unix:path=" + late,
                Optional.empty(),
                options.unitsDirectory(),
                options.filesRoot(),
                options.journalctl(),
                options.callLimit()))) {
      var away =
          assertThrows(Unavailable.class, () -> patient.units(new TreeSet<>(set("a.service"))));
      assertTrue(
          String.valueOf(away.getMessage()).contains("unix:path=" + late), () -> "found " + away);

      Files.createSymbolicLink(
          late, Path.of(options.busAddress().substring("unix:path=".length())));

      until(() -> answers(patient));
    }
  }

  @Test
  void closingEndsAllCalls() throws InterruptedException {
    install("closed.service", ENDLESS);
    Signal changed = watch();
    Systemd other = DbusSystemd.open(node.options());
    AtomicReference<Unavailable> told =
        failure(
            () -> {
              var _ = other.start(unit("closed.service"), LONG);
            });
    until(changed, "closed.service", seen -> seen.phase() == Phase.RISING);

    other.close();
    other.close();

    until(() -> told.get() != null);
    until(
        () -> {
          try {
            var _ = other.stop(unit("closed.service"), LONG);
            return false;
          } catch (Unavailable e) {
            return e.getMessage() != null && e.getMessage().endsWith("closed");
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    assertEquals(JobResult.DONE, systemd().stop(unit("closed.service"), LONG));
  }

  @Test
  void interruptionEndsAWaitAndNotTheJob() throws InterruptedException {
    install("left.service", ENDLESS);
    Signal changed = watch();
    var interrupted = new AtomicReference<InterruptedException>();
    var starter =
        environment()
            .fork(
                "start",
                () -> {
                  try {
                    var _ = start("left.service");
                  } catch (InterruptedException e) {
                    interrupted.set(e);
                  }
                });
    until(changed, "left.service", seen -> seen.phase() == Phase.RISING);

    starter.interrupt();

    until(() -> interrupted.get() != null);
    assertEquals(Phase.RISING, look("left.service").phase());
    assertEquals(JobResult.DONE, systemd().stop(unit("left.service"), LONG));
  }

  private Signal watch() {
    Signal changed = environment().signal("test");
    systemd().watch(changed);
    return changed;
  }

  private JobResult start(String name) throws InterruptedException {
    return systemd().start(unit(name), Duration.ofMinutes(10));
  }

  /// Runs it elsewhere until systemd is away.
  private AtomicReference<Unavailable> failure(Body body) {
    var failure = new AtomicReference<Unavailable>();
    environment()
        .fork(
            "failing",
            () -> {
              try {
                body.run();
              } catch (Unavailable e) {
                failure.set(e);
              }
            });
    return failure;
  }

  /// The signal brings us, without any other prompting, to see that the unit can be stopped.
  private void assertFollows(Signal changed, String name) throws IOException, InterruptedException {
    Duration end = environment().uptime().plus(LONG);
    while (!stops(name)) {
      assertTrue(environment().uptime().compareTo(end) < 0, "no signal of a new connection");
      changed.await(LONG);
    }
    node.run("systemctl", "start", "--no-block", name);
    until(changed, name, seen -> seen.phase() != Phase.RESTING);
    assertEquals(JobResult.DONE, systemd().stop(unit(name), LONG));
  }

  private boolean stops(String name) throws InterruptedException {
    try {
      return systemd().stop(unit(name), LONG) == JobResult.DONE;
    } catch (Unavailable e) {
      return false;
    }
  }

  private static boolean answers(Systemd systemd) {
    try {
      return systemd.units(set("dbus.service")).containsKey(unit("dbus.service"));
    } catch (Unavailable e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private DbusOptions hasty() {
    DbusOptions options = node.options();
    return new DbusOptions(
        options.busAddress(),
        options.fallbackAddress(),
        options.unitsDirectory(),
        options.filesRoot(),
        options.journalctl(),
        Duration.ofSeconds(2));
  }
}
