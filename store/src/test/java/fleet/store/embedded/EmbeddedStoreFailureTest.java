package fleet.store.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import fleet.store.embedded.Disk.Request;
import fleet.testing.store.Follower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The disk fails in each of its ways while the store is open, and works again.
@Timeout(120)
@Tag("slow")
final class EmbeddedStoreFailureTest {

  /// Many times the longest pause between two attempts.
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Ledger.Limits SMALL = new Ledger.Limits(50, 1 << 16, 1 << 30);

  @TempDir private Path directory;

  private final FailingDisk disk = new FailingDisk();
  private EmbeddedStore store;

  @BeforeEach
  void open() {
    store = open(directory);
  }

  private EmbeddedStore open(Path where) {
    return EmbeddedStore.open(where, new SystemEnvironment(), SMALL, disk);
  }

  @AfterEach
  void close() {
    disk.work();
    store.close();
  }

  private Path file() {
    return directory.resolve("store.mv");
  }

  private Commit commit(Op... ops) throws InterruptedException {
    return store.commit(List.of(), List.of(ops));
  }

  private Commit put(String key, String value) throws InterruptedException {
    return commit(new Op.Put(key, value, 0));
  }

  private StoreException.Unwritable refused(String key) {
    return assertThrows(StoreException.Unwritable.class, () -> put(key, "refused"));
  }

  /// Puts a key again and again until that is acknowledged.
  private long putAtLast(String key, String value) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        if (put(key, value) instanceof Commit.Applied(var revision)) {
          return revision;
        }
      } catch (StoreException.Unwritable stillFails) {
        if (System.nanoTime() > end) {
          throw stillFails;
        }
      }
      Thread.sleep(20);
    }
  }

  private String value(String key) throws InterruptedException {
    return store.read(key).map(Store.Entry::value).orElse("none");
  }

  @Test
  void writeThatFailsOnceIsDoneOnceMore() throws Exception {
    put("a", "1");

    disk.failOnce(FailingDisk.BROKEN, Request.WRITE);

    assertEquals(new Commit.Applied(3), put("a", "2"));
    assertEquals("2", value("a"));
    assertEquals(new Commit.Applied(4), put("a", "3"));
  }

  @Test
  void writeWhoseSyncFailsIsInDoubtAndTellsNobodyBeforeItIsSynced() throws Exception {
    assertInstanceOf(Commit.Applied.class, put("a", "1"));
    try (var follower = Follower.of(store, "a", 3)) {
      disk.fail(FailingDisk.BROKEN, Request.SYNC);

      assertInstanceOf(Commit.Unknown.class, put("a", "2"));
      assertEquals("1", value("a"));
      disk.work();
      putAtLast("a", "3");

      assertEquals(
          List.of("a"), follower.await(1).stream().map(Store.Change::key).distinct().toList());
      assertEquals("3", value("a"));
    }
  }

  @Test
  void diskThatTakesNothingIsReadAndTriedAgain() throws Exception {
    long lease = store.grant(Duration.ofSeconds(60));
    commit(new Op.Put("a", "1", 0), new Op.Put("leased", "", lease));
    Store.Range before = store.range("");
    disk.failToWrite(FailingDisk.READ_ONLY);
    commitToSeeItFail();

    var failure = refused("b");

    assertTrue(
        String.valueOf(failure.getMessage())
            .matches(
                ".*commit: "
                    + file()
                    + ": nothing can be stored since [0-9T:Z-]+: "
                    + FailingDisk.READ_ONLY),
        failure.getMessage());
    assertEquals(before, store.range(""));
    assertEquals(
        "1", store.range("a", before.revision()).entries().firstEntry().getValue().value());
    assertTrue(store.keepAlive(lease));
    assertThrows(StoreException.Unwritable.class, () -> store.grant(Duration.ofSeconds(9)));
    assertThrows(StoreException.Unwritable.class, () -> store.revoke(lease));
    assertThrows(StoreException.Unwritable.class, () -> commit(new Op.Delete("a")));
    assertTrue(store.ledger().unwritableSince().isPresent());
    try (var follower = Follower.of(store, "", before.revision())) {
      assertEquals(2, follower.await(2).size());

      disk.work();
      putAtLast("b", "2");

      assertEquals("b", follower.await(3).get(2).key());
    }
    assertEquals(Optional.empty(), store.ledger().unwritableSince());
    assertTrue(store.keepAlive(lease));
    assertEquals(List.of("a", "b", "leased"), List.copyOf(store.range("").entries().keySet()));
  }

  /// The one that meets the failure may be in doubt.
  private void commitToSeeItFail() throws InterruptedException {
    try {
      assertInstanceOf(Commit.Unknown.class, put("first", ""));
    } catch (StoreException.Unwritable known) {
      assertTrue(store.ledger().unwritableSince().isPresent());
    }
  }

  @Test
  void diskThatIsFullTakesDeletionsAndEndsLeases() throws Exception {
    long lease = store.grant(Duration.ofSeconds(60));
    commit(new Op.Put("a", "1", 0), new Op.Put("b", "1", 0), new Op.Put("leased", "", lease));
    disk.failOnce(FailingDisk.FULL, Request.WRITE);
    disk.fail(FailingDisk.FULL, Request.RESERVE);
    Files.write(directory.resolve("store.reserve"), new byte[1 << 20]);
    refused("c");

    var failure = refused("c");

    assertTrue(
        String.valueOf(failure.getMessage()).endsWith(": " + FailingDisk.FULL),
        failure.getMessage());
    assertInstanceOf(Commit.Applied.class, commit(new Op.Delete("a")));
    store.revoke(lease);
    store.ledger().compact(store.ledger().revision());
    assertEquals(List.of("b"), List.copyOf(store.range("").entries().keySet()));
    assertTrue(Files.size(directory.resolve("store.reserve")) < 1 << 20);
    disk.work();
    putAtLast("c", "2");
    assertEquals(Reserve.BYTES, Files.size(directory.resolve("store.reserve")));
  }

  @Test
  void storeOpensOnADiskThatTakesNothing() throws Exception {
    put("a", "1");
    store.close();
    disk.failToWrite(FailingDisk.READ_ONLY);

    store = open(directory);

    assertEquals("1", value("a"));
    refused("b");
    disk.work();
    putAtLast("b", "2");
  }

  @Test
  void diskThatCannotBeReadEitherIsTriedAgain() throws Exception {
    put("a", "1");
    disk.failToWrite(FailingDisk.BROKEN);
    disk.fail(FailingDisk.BROKEN, Request.READ);
    commitToSeeItFail();

    refused("b");
    try {
      assertEquals("1", value("a")); // which may be in memory still
    } catch (StoreException.Unavailable failure) {
      assertTrue(
          String.valueOf(failure.getMessage()).contains(file() + " cannot be read: "),
          failure.getMessage());
    }
    disk.work();
    putAtLast("b", "2");
    assertEquals("1", value("a"));
  }

  @Test
  void fileThatHasLostWhatWasAcknowledgedIsNotTaken() throws Exception {
    Path other = directory.resolve("other");
    open(other).close();
    put("a", "1");
    Path hidden = Files.move(file(), directory.resolve("hidden"));
    Files.copy(other.resolve("store.mv"), file());
    disk.failOnce(FailingDisk.BROKEN, Request.WRITE);
    commitToSeeItFail();

    var failure = refused("b");

    assertTrue(
        String.valueOf(failure.getMessage()).contains("it is another, or has lost some"),
        failure.getMessage());
    Files.move(hidden, file(), StandardCopyOption.REPLACE_EXISTING);
    putAtLast("b", "2");
    assertEquals("1", value("a"));
  }

  @Test
  void diskThatHangsIsReadAndRefusesAtOnce() throws Exception {
    put("a", "1");
    disk.freeze();
    assertInstanceOf(Commit.Unknown.class, put("b", "in doubt"));
    while (store.ledger().unwritableSince().isEmpty()) {
      Thread.sleep(10); // the disk was asked a moment after the store was
    }

    var failure = refused("c");

    assertTrue(
        String.valueOf(failure.getMessage()).contains(file() + ": no answer from the disk for "),
        failure.getMessage());
    assertEquals("1", value("a"));
    disk.work();
    putAtLast("c", "2");
  }

  @Test
  void nothingAcknowledgedIsLostWhateverFails() throws Exception {
    var random = new SplittableRandom(20_261_130);
    var acknowledged = new TreeMap<String, String>();
    var tried = new TreeMap<String, List<String>>();
    for (int round = 0; round < 60; round++) {
      trouble(random);
      for (int i = 0; i < 4; i++) {
        String key = "key" + random.nextInt(5);
        String value = round + "." + i;
        try {
          if (put(key, value) instanceof Commit.Applied) {
            acknowledged.put(key, value);
            tried.remove(key);
          } else {
            tried.merge(key, List.of(value), EmbeddedStoreFailureTest::both);
          }
        } catch (StoreException.Unwritable nothingDone) {
          assertTrue(String.valueOf(nothingDone.getMessage()).contains("nothing"));
        }
      }
      disk.work();
      String mark = "round" + round;
      putAtLast("mark", mark);
      acknowledged.put("mark", mark);
      assertKept(acknowledged, tried);
      if (round % 10 == 9) {
        store.close();
        store = open(directory);
        assertKept(acknowledged, tried);
      }
    }
  }

  private void trouble(SplittableRandom random) throws IOException {
    String what = random.nextBoolean() ? FailingDisk.FULL : FailingDisk.BROKEN;
    switch (random.nextInt(6)) {
      case 0 -> disk.failOnce(what, Request.WRITE);
      case 1 -> disk.failOnce(what, Request.SYNC);
      case 2 -> disk.fail(what, Request.SYNC);
      case 3 -> disk.failToWrite(FailingDisk.READ_ONLY);
      case 4 -> {
        disk.failToWrite(what);
        disk.fail(what, Request.READ);
      }
      default -> {
        disk.failOnce(FailingDisk.FULL, Request.WRITE);
        disk.fail(FailingDisk.FULL, Request.RESERVE);
        Files.deleteIfExists(directory.resolve("store.reserve"));
      }
    }
  }

  private static List<String> both(List<String> some, List<String> more) {
    return java.util.stream.Stream.concat(some.stream(), more.stream()).toList();
  }

  /// Each key has what was acknowledged last, or something later that was in doubt.
  private void assertKept(Map<String, String> acknowledged, Map<String, List<String>> inDoubt)
      throws InterruptedException {
    Store.Range all = store.range("");
    acknowledged.forEach(
        (key, value) -> {
          Store.Entry entry = all.entries().get(key);
          String there = entry == null ? "none" : entry.value();
          assertTrue(
              there.equals(value) || inDoubt.getOrDefault(key, List.of()).contains(there),
              () -> "expected %s of %s, found %s".formatted(value, key, there));
        });
  }
}
