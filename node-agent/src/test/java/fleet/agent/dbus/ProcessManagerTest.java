package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A daemon that asks its systemd why it is being ended.
@ExtendWith(OnNode.class)
@Tag("slow")
final class ProcessManagerTest {

  private static final String UNIT = "managed.service";

  private final Node node;
  private DbusSystemd systemd;

  ProcessManagerTest(Node node) {
    this.node = node;
  }

  /// A service that takes its time to stop, with a child of its main process.
  @BeforeEach
  void start() throws IOException, InterruptedException {
    systemd = DbusSystemd.open(node.options());
    node.write(
        "/run/systemd/system/" + UNIT,
        """
        [Service]
        ExecStart=/bin/sh -c '/bin/sleep infinity & wait'
        ExecStop=/bin/sleep infinity
        """);
    node.run("systemctl", "daemon-reload");
    node.run("systemctl", "start", UNIT);
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    node.run("systemctl", "kill", "--signal=KILL", UNIT);
    node.run("systemctl", "stop", UNIT);
    systemd.close();
  }

  private long mainPid() throws IOException, InterruptedException {
    return Long.parseLong(node.run("systemctl", "show", "-p", "MainPID", "--value", UNIT).strip());
  }

  @Test
  void serviceThatNobodyIsAboutToStopHasNoJob() throws IOException, InterruptedException {
    assertEquals(new ProcessManager.Service(UNIT, ""), systemd.managerOf(mainPid()));
  }

  @Test
  void stopAndRestartCanBeToldApart() throws IOException, InterruptedException {
    long pid = mainPid();

    node.run("systemctl", "--no-block", "restart", UNIT);
    assertEquals(new ProcessManager.Service(UNIT, "restart"), systemd.managerOf(pid));

    node.run("systemctl", "--no-block", "stop", UNIT);
    assertEquals(new ProcessManager.Service(UNIT, "stop"), systemd.managerOf(pid));
  }

  @Test
  void whatIsNotTheMainProcessOfAServiceIsFree() throws IOException, InterruptedException {
    String child = node.run("pgrep", "-P", Long.toString(mainPid())).strip();

    assertEquals(new ProcessManager.Free(), systemd.managerOf(Long.parseLong(child)));
    assertEquals(new ProcessManager.Free(), systemd.managerOf(1));
    assertEquals(new ProcessManager.Free(), systemd.managerOf(4_000_000));
  }

  @Test
  void withoutSystemdNobodyKnows() throws InterruptedException {
    var nowhere =
        new DbusOptions(
            "unix:path=/nowhere",
            Optional.empty(),
            Path.of("/run/fleet/units"),
            Path.of("/"),
            List.of("journalctl"),
            Duration.ofSeconds(1));
    try (var away = DbusSystemd.open(nowhere)) {
      assertInstanceOf(ProcessManager.Unknown.class, away.managerOf(1));
    }
  }
}
