package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// No task of the daemon ends in a process that lives on: each is killed in turn, and the process
/// ends with its name in the log, whereupon systemd starts it anew (`Restart=`).
///
/// The daemon is real, its process and its store on disk; there is only no systemd that it can
/// reach.
@Timeout(600)
@Tag("slow")
final class TaskEndTest {

  private static final SortedSet<String> TASKS =
      new TreeSet<>(
          List.of(
              "agent",
              "agent: assignments",
              "agent: copy of assignments",
              "agent: heartbeat",
              "agent: hedged renewals",
              "agent: journals",
              "agent: states",
              "agent: switches",
              "engine",
              "machine"));

  @TempDir private Path directory;

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve("fleet.conf"),
        """
        data_directory=%1$s/data
        units_directory=%1$s/run/units
        systemd_user=true
        api_socket=%1$s/fleet.sock
        """
            .formatted(directory));
  }

  private Path log() {
    return directory.resolve("log");
  }

  private Process start(String victim, String how) throws IOException {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                FragileDaemon.class.getName(),
                directory.resolve("fleet.conf").toString(),
                victim,
                how)
            .redirectError(log().toFile());
    builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
    builder.environment().remove("DBUS_SESSION_BUS_ADDRESS");
    return builder.start();
  }

  /// Reads what tasks a daemon has, until it has all that are known.
  private static SortedSet<String> tasks(Process daemon) throws IOException {
    var tasks = new TreeSet<String>();
    BufferedReader said = daemon.inputReader(StandardCharsets.UTF_8);
    while (tasks.size() < TASKS.size()) {
      String line = said.readLine();
      if (line == null) {
        break;
      }
      if (line.startsWith("task ")) {
        tasks.add(line.substring("task ".length()));
      }
    }
    return tasks;
  }

  private void kill(String victim, String how, List<String> failures) throws Exception {
    Process daemon = start(victim, how);
    try {
      assertEquals(TASKS, tasks(daemon), Files.readString(log()));
      try (var in = daemon.getOutputStream()) {
        in.write('\n');
      }
      boolean ended = daemon.waitFor(60, TimeUnit.SECONDS);
      String log = Files.readString(log());
      boolean isNamed =
          log.contains("ended by a broken assumption in " + victim) && log.contains(victim);
      if (!ended || daemon.exitValue() != 2 || !isNamed) {
        failures.add(
            "%s %s: %s, log %s"
                .formatted(victim, how, ended ? "exit " + daemon.exitValue() : "lives on", log));
      }
    } finally {
      daemon.toHandle().destroyForcibly();
      assertTrue(daemon.waitFor(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void eachTaskThatReturnsEndsTheProcess() throws Exception {
    var failures = new ArrayList<String>();

    for (String victim : TASKS) {
      kill(victim, "returns", failures);
    }

    assertEquals(List.of(), failures);
  }

  @Test
  void taskThatThrowsOrIsInterruptedByAStrangerEndsTheProcess() throws Exception {
    var failures = new ArrayList<String>();

    kill("engine", "throws", failures);
    kill("agent: states", "throws", failures);
    kill("agent", "interrupted", failures);
    kill("machine", "interrupted", failures);

    assertEquals(List.of(), failures);
  }

  @Test
  void daemonThatIsToldToEndEndsWithoutAComplaint() throws Exception {
    Process daemon = start("none", "returns");
    try {
      assertEquals(TASKS, tasks(daemon), Files.readString(log()));
      var said = daemon.inputReader(StandardCharsets.UTF_8);

      assertTrue(daemon.toHandle().destroy());
      while (said.readLine() != null) {
        // until it has ended
      }

      assertTrue(daemon.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, daemon.exitValue(), Files.readString(log()));
    } finally {
      daemon.toHandle().destroyForcibly();
    }
  }
}
