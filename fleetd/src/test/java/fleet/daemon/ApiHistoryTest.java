package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.TargetState;
import fleet.daemon.ApiHistory.Found;
import fleet.testing.history.UnitModel.Act;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever many clients ask at once of the API of a `fleetd` that is killed again and again: they
/// are answered as if one thing were done at a time, and nothing undone.
///
/// All of the daemon is real, its process and its store on disk; there is only no systemd that it
/// can reach, so that no unit runs.
@Timeout(1200)
@Tag("slow")
final class ApiHistoryTest {

  private static final int KILLS = 4;
  private static final int CLIENTS = 4;

  /// How many things are done before the next kill, at least.
  private static final int ACTS = 100;

  @TempDir private Path directory;

  private final AtomicBoolean over = new AtomicBoolean();
  private int port;
  private ApiHistory history;

  @BeforeEach
  void configure() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Files.writeString(
        directory.resolve("fleet.conf"),
        """
        data_directory=%1$s/data
        units_directory=%1$s/run/units
        systemd_user=true
        api_socket=%1$s/fleet.sock
        api_listen=127.0.0.1:%2$d
        """
            .formatted(directory, port));
    history =
        new ApiHistory(URI.create("http://127.0.0.1:" + port + "/fleet/v1/units/one.service"));
  }

  private Process start() throws IOException {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "-config",
                directory.resolve("fleet.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
    builder.environment().remove("DBUS_SESSION_BUS_ADDRESS");
    return builder.start();
  }

  private Void act(int client) throws InterruptedException {
    var random = new SplittableRandom(client);
    while (!over.get()) {
      history.act(random);
      Thread.sleep(random.nextInt(20));
    }
    return null;
  }

  /// One more client, which paces the others.
  private void awaitActs(Process daemon) throws InterruptedException, IOException {
    int count = history.size() + ACTS;
    var random = new SplittableRandom(count);
    while (history.size() < count) {
      if (!daemon.isAlive()) {
        throw new IOException(Files.readString(directory.resolve("log")));
      }
      history.read();
      Thread.sleep(random.nextInt(30));
    }
  }

  private void live() throws Exception {
    Process daemon = start();
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var running = new ArrayList<Future<Void>>();
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        running.add(clients.submit(() -> act(number)));
      }
      try {
        for (int kill = 0; kill < KILLS; kill++) {
          awaitActs(daemon);
          daemon.toHandle().destroyForcibly();
          assertTrue(daemon.waitFor(120, TimeUnit.SECONDS));
          daemon = start();
        }
        awaitActs(daemon);
      } finally {
        over.set(true);
      }
      for (Future<Void> client : running) {
        client.get();
      }
      plant();
    } finally {
      over.set(true);
      daemon.toHandle().destroyForcibly();
    }
  }

  /// That the history is in order, and that it is found out if the API forgets what it has
  /// acknowledged, or answers from the past.
  private void plant() throws InterruptedException {
    assertEquals(Optional.empty(), history.violation());
    assertTrue(history.size() > KILLS * ACTS);

    history.put(TargetState.LAUNCHED);
    Found before = history.read().orElseThrow();
    assertEquals(Optional.empty(), history.violation());
    long now = System.nanoTime();
    history.note(new Act.Put<>(new Found(before.text() + 1, TargetState.LOADED)), now, now + 1);
    history.note(new Act.Read<>(before), now + 2, now + 3);

    assertTrue(history.violation().isPresent());
  }

  @Test
  void answersAreThoseOfOneApiThatForgetsNothing() throws Exception {
    live();
  }
}
