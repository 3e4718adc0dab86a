package fleet.store.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store;
import fleet.store.etcd.EtcdOptions;
import fleet.store.etcd.EtcdStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever many clients do at once to a store that is served, and that is killed again and again:
/// they are answered as if one thing were done at a time, and nothing undone.
@Timeout(300)
@Tag("slow")
final class ServedHistoryTest {

  private static final int KILLS = 10;
  private static final int CLIENTS = 6;

  /// How many things are done before the next kill, at least.
  private static final int ACTS = 150;

  @TempDir private Path directory;

  private final KeyHistories histories = new KeyHistories();
  private final AtomicInteger life = new AtomicInteger();
  private int port;

  @BeforeEach
  void choosePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
  }

  private Process serve(List<String> classPathBefore) throws IOException {
    var classPath = new ArrayList<>(classPathBefore);
    classPath.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    Path log = directory.resolve("log");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(":", classPath),
                ServingProcess.class.getName(),
                directory.resolve("data").toString(),
                Integer.toString(port))
            .redirectError(log.toFile())
            .start();
    if (process.inputReader(StandardCharsets.UTF_8).readLine() == null) {
      throw new IOException(Files.readString(log));
    }
    return process;
  }

  private EtcdStore connect() {
    return EtcdStore.connect(
        new EtcdOptions(
            List.of(URI.create("http://127.0.0.1:" + port)),
            Duration.ofSeconds(2),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /// Two keys that everybody uses all the time, and one for each life of the server.
  private List<String> keys() {
    return List.of("a", "b", "life" + life.get());
  }

  private Void act(Store store, int client) throws InterruptedException {
    var random = new SplittableRandom(client);
    while (life.get() <= KILLS) {
      histories.act(store, keys(), random);
    }
    return null;
  }

  /// Kills and starts the server again and again while clients are at work.
  ///
  /// @param classPathBefore where to look for classes first
  private void live(List<String> classPathBefore) throws Exception {
    Process server = serve(classPathBefore);
    var stores = new ArrayList<EtcdStore>();
    try (var clients = Executors.newFixedThreadPool(CLIENTS);
        var observer = connect()) {
      var running = new ArrayList<Future<Void>>();
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        var store = connect();
        stores.add(store);
        running.add(clients.submit(() -> act(store, number)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        awaitActs(observer, histories.size() + ACTS);
        server.toHandle().destroyForcibly();
        assertTrue(server.waitFor(10, TimeUnit.SECONDS));
        life.incrementAndGet();
        server = serve(classPathBefore);
      }
      awaitActs(observer, histories.size() + ACTS);
      life.incrementAndGet();
      for (Future<Void> client : running) {
        client.get();
      }
    } finally {
      life.set(KILLS + 1);
      stores.forEach(EtcdStore::close);
      server.toHandle().destroyForcibly();
    }
  }

  /// One more client, which paces the others.
  private void awaitActs(Store store, int count) throws InterruptedException {
    var random = new SplittableRandom(count);
    while (histories.size() < count) {
      histories.act(store, keys(), random);
    }
  }

  @Test
  void answersAreThoseOfOneStoreThatForgetsNothing() throws Exception {
    live(List.of());

    assertEquals(Optional.empty(), histories.violation());
    assertTrue(histories.size() > KILLS * ACTS);
  }
}
