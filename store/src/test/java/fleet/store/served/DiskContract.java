package fleet.store.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import fleet.store.etcd.EtcdOptions;
import fleet.store.etcd.EtcdStore;
import fleet.testing.store.Follower;
import java.io.BufferedReader;
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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What every store on a disk must do when that is full, read-only, broken or slow: a real process
/// on a file system of 12 MiB, reached as other machines reach it.
///
/// Nothing acknowledged is lost; what can be read is; what is refused is refused at once, with the
/// path and the reason; and all is well again by itself.
@Timeout(240)
abstract class DiskContract {

  private static final int MEBIBYTES = 12;
  private static final int VALUE_BYTES = 2_000;
  private static final Duration REQUEST = Duration.ofSeconds(5);

  /// Many times the longest pause between two attempts.
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private final TreeMap<String, Long> acknowledged = new TreeMap<>();
  private final List<Process> processes = new ArrayList<>();
  private int port;
  private SmallDisk disk;
  private Process server;
  private EtcdStore store;
  private int count;

  /// The main class of a server, which is told the folder and the port of loopback.
  abstract String server();

  @BeforeEach
  void begin() throws IOException {
    disk = new SmallDisk(Files.createDirectory(directory.resolve("disk")), MEBIBYTES);
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    server = serve();
    store =
        EtcdStore.connect(
            new EtcdOptions(
                List.of(URI.create("http://127.0.0.1:" + port)),
                REQUEST,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @AfterEach
  void end() throws Exception {
    try {
      if (store != null) {
        store.close();
      }
      for (Process process : processes.reversed()) {
        process.toHandle().destroyForcibly();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
      }
    } finally {
      disk.close();
    }
  }

  private Path log() {
    return directory.resolve("server.log");
  }

  private Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private Process serve() throws IOException {
    Process process =
        started(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    server(),
                    disk.directory().resolve("data").toString(),
                    Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile())));
    if (process.inputReader(StandardCharsets.UTF_8).readLine() == null) {
      throw new IOException(Files.readString(log()));
    }
    return process;
  }

  private void killAndServe() throws Exception {
    server.toHandle().destroyForcibly();
    assertTrue(server.waitFor(10, TimeUnit.SECONDS));
    server = serve();
  }

  /// How many lines of the server's log hold these words.
  private long logged(String words) throws IOException {
    try (var lines = Files.lines(log())) {
      return lines.filter(line -> line.contains(words)).count();
    }
  }

  /// Puts a key of its own.
  private Commit put() throws InterruptedException {
    String key = "key%05d".formatted(count++);
    Commit commit = store.commit(List.of(), List.of(new Op.Put(key, "x".repeat(VALUE_BYTES), 0)));
    if (commit instanceof Commit.Applied(var revision)) {
      acknowledged.put(key, revision);
    }
    return commit;
  }

  /// Puts keys until that is refused.
  private StoreException.Unwritable putUntilRefused() throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      try {
        put();
      } catch (StoreException.Unwritable refused) {
        return refused;
      }
    }
    throw new AssertionError("nothing was refused, after " + acknowledged.size() + " keys");
  }

  /// Puts keys until that is acknowledged.
  private void putUntilTaken() throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        if (put() instanceof Commit.Applied) {
          return;
        }
      } catch (StoreException.Unwritable refused) {
        if (System.nanoTime() > end) {
          throw refused;
        }
      }
      Thread.sleep(50);
    }
  }

  private void delete(String key) throws InterruptedException {
    assertInstanceOf(Commit.Applied.class, store.commit(List.of(), List.of(new Op.Delete(key))));
    acknowledged.remove(key);
  }

  private void assertAllIsThere() throws InterruptedException {
    Store.Range all = store.range("key");
    acknowledged.forEach(
        (key, revision) -> {
          Store.Entry entry = all.entries().get(key);
          assertEquals(
              revision, entry == null ? 0L : entry.modRevision(), () -> "revision of " + key);
        });
  }

  private void assertRefusal(StoreException.Unwritable refusal, String why) {
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(disk.directory().resolve("data").toString()), message);
    assertTrue(message.contains(why), message);
  }

  /// Has system calls of the server fail or wait, until it is destroyed.
  private Process inject(String calls, String what) throws IOException {
    Process strace =
        started(
            new ProcessBuilder(
                    "strace",
                    "--quiet=none",
                    "-f",
                    "-o",
                    "/dev/null",
                    "-e",
                    "trace=" + calls,
                    "-e",
                    "inject=" + calls + ":" + what,
                    "-p",
                    Long.toString(server.pid()))
                .redirectErrorStream(true));
    BufferedReader said = strace.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    assertTrue(line != null && line.contains("attached"), line);
    return strace;
  }

  private static void stop(Process strace) throws InterruptedException {
    strace.destroy(); // whereupon it lets the server go
    assertTrue(strace.waitFor(30, TimeUnit.SECONDS));
  }

  @Test
  void fullDiskIsReadTakesDeletionsAndRefusesTheRestUntilThereIsSpace() throws Exception {
    long lease = store.grant(Duration.ofSeconds(60));
    putUntilTaken();
    putUntilTaken();
    try (var follower = Follower.of(store, "key", 2)) {
      disk.fill();

      StoreException.Unwritable refusal = putUntilRefused();

      assertRefusal(refusal, "No space left on device");
      assertAllIsThere();
      assertTrue(store.keepAlive(lease));
      String first = acknowledged.firstKey();
      delete(first);
      follower.await("the deletion", all -> all.contains(deletion(all, first)));
      store.revoke(lease);
      assertAllIsThere();
      disk.empty();
      putUntilTaken();
      String last = acknowledged.lastKey();
      follower.await("the put", all -> all.getLast().key().equals(last));
    }
    assertAllIsThere();
    assertEquals(1, logged("the store takes only deletions, since its disk is full"));
    assertEquals(1, logged("the store takes everything again"));
    killAndServe();
    assertAllIsThere();
    putUntilTaken();
  }

  private static Store.Change deletion(List<Store.Change> all, String key) {
    return new Store.Change.Delete(key, all.getLast().revision());
  }

  @Test
  void killOnAFullDiskLosesNothing() throws Exception {
    putUntilTaken();
    disk.fill();
    putUntilRefused();

    killAndServe();

    assertAllIsThere();
    delete(acknowledged.firstKey());
    disk.empty();
    putUntilTaken();
    killAndServe();
    assertAllIsThere();
  }

  @Test
  void readOnlyDiskIsReadUntilItCanBeWritten() throws Exception {
    long lease = store.grant(Duration.ofSeconds(60));
    putUntilTaken();
    Process strace = inject("pwrite64,ftruncate,fsync,fdatasync", "error=EROFS");
    assertRefusal(putUntilRefused(), "Read-only file system");
    disk.takeNothing();
    stop(strace);

    StoreException.Unwritable refusal = putUntilRefused();

    assertRefusal(refusal, "Read-only file system");
    assertAllIsThere();
    assertTrue(store.keepAlive(lease));
    killAndServe();
    assertAllIsThere();
    assertTrue(store.keepAlive(lease));
    assertRefusal(assertThrows(StoreException.Unwritable.class, this::put), "ead-only");
    disk.takeAll();
    putUntilTaken();
    killAndServe();
    assertAllIsThere();
  }

  @Test
  void brokenDiskIsReadUntilItWorks() throws Exception {
    putUntilTaken();
    Process strace = inject("pwrite64,fsync,fdatasync", "error=EIO");

    StoreException.Unwritable refusal = putUntilRefused();

    assertRefusal(refusal, "Input/output error");
    assertAllIsThere();
    stop(strace);
    putUntilTaken();
    assertAllIsThere();
    killAndServe();
    assertAllIsThere();
  }

  @Test
  void slowDiskIsWaitedFor() throws Exception {
    putUntilTaken();
    Process strace = inject("fsync,fdatasync", "delay_enter=200000");

    for (int i = 0; i < 5; i++) {
      putUntilTaken();
      assertAllIsThere();
    }

    killAndServe();
    assertTrue(strace.waitFor(30, TimeUnit.SECONDS));
    assertAllIsThere();
  }
}
