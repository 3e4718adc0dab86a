package fleet.store.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import fleet.testing.store.Follower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is particular to a store on disk: what outlives it, what it forgets, and how it fails.
@Tag("slow")
final class EmbeddedStoreLifeTest {

  private static final Duration STEP = Duration.ofMillis(400);

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("store.mv");
  }

  private EmbeddedStore open() {
    return EmbeddedStore.open(directory);
  }

  private EmbeddedStore open(int revisions, long revisionBytes, long fileBytes) {
    return EmbeddedStore.open(
        directory, new SystemEnvironment(), new Ledger.Limits(revisions, revisionBytes, fileBytes));
  }

  private static long put(Store store, String key, String value) throws InterruptedException {
    return assertInstanceOf(
            Commit.Applied.class, store.commit(List.of(), List.of(new Op.Put(key, value, 0))))
        .revision();
  }

  @Test
  void everythingIsThereWhenItIsOpenedAgain() throws Exception {
    long first;
    Store.Range before;
    try (var store = open()) {
      long lease = store.grant(Duration.ofSeconds(60));
      first = put(store, "a", "1");
      put(store, "a", "2");
      store.commit(List.of(), List.of(new Op.Put("leased", "3", lease), new Op.Delete("a")));
      before = store.range("");
    }

    try (var store = open();
        var follower = Follower.of(store, "a", first)) {
      assertEquals(before, store.range(""));
      assertEquals("1", store.range("a", first).entries().firstEntry().getValue().value());
      assertEquals(3, follower.await(3).size());
      assertTrue(store.keepAlive(before.entries().firstEntry().getValue().lease()));
      assertEquals(before.revision() + 1, put(store, "b", "4"));
    }
  }

  @Test
  void fileWhoseMakingWasCutShortIsMadeAnew() throws Exception {
    Files.write(directory.resolve("store.mv.new"), new byte[] {1, 2, 3});

    try (var store = open()) {
      assertEquals(2, put(store, "a", "1"));
    }

    assertFalse(Files.exists(directory.resolve("store.mv.new")));
  }

  @Test
  void leaseHasAllOfItsTimeAgainWhenTheStoreIsOpened() throws Exception {
    var environment = new ManualEnvironment();
    long put;
    try (var store = EmbeddedStore.open(directory, environment, Ledger.Limits.DEFAULT)) {
      long lease = store.grant(Duration.ofSeconds(10));
      put = put(store, "other", "");
      store.commit(List.of(), List.of(new Op.Put("leased", "", lease)));
      pass(environment, store, Duration.ofSeconds(9));
    }

    try (var store = EmbeddedStore.open(directory, environment, Ledger.Limits.DEFAULT);
        var follower = Follower.of(store, "leased", put + 2)) {
      pass(environment, store, Duration.ofSeconds(9));
      assertTrue(store.read("leased").isPresent());
      pass(environment, store, Duration.ofSeconds(2));
      assertEquals("leased", follower.await(1).getFirst().key());
    }
  }

  /// Lets time pass as it does for a process that runs.
  private static void pass(ManualEnvironment environment, Store store, Duration time)
      throws InterruptedException {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      environment.pass(STEP);
      store.keepAlive(0);
    }
  }

  @Test
  void timeInWhichTheProcessDidNotRunEndsNoLease() throws Exception {
    var environment = new ManualEnvironment();
    try (var store = EmbeddedStore.open(directory, environment, Ledger.Limits.DEFAULT)) {
      long lease = store.grant(Duration.ofSeconds(3));

      environment.pass(Duration.ofHours(1));
      put(store, "after the pause", "");

      assertTrue(store.keepAlive(lease));
    }
  }

  @Test
  void revisionsBeyondTheLimitAreForgotten() throws Exception {
    try (var store = open(100, 1 << 30, 1 << 30)) {
      for (int i = 0; i < 150; i++) {
        put(store, "a", "v" + i);
      }
      long last = store.range("").revision();

      assertEquals("v149", store.read("a").orElseThrow().value());
      assertThrows(StoreException.Compacted.class, () -> store.range("a", last - 120));
      assertEquals("v100", store.range("a", last - 49).entries().firstEntry().getValue().value());
    }
  }

  @Test
  void revisionsBeyondTheLimitOfBytesAreForgotten() throws Exception {
    try (var store = open(1_000, 100_000, 1 << 30)) {
      for (int i = 0; i < 50; i++) {
        put(store, "a", "x".repeat(10_000));
      }
      long last = store.range("").revision();

      assertThrows(StoreException.Compacted.class, () -> store.range("a", last - 15));
      assertEquals(1, store.range("a", last - 5).entries().size());
    }
  }

  @Test
  void watcherWhomNothingConcernsIsNotOvertakenByWhatIsForgotten() throws Exception {
    try (var store = open(20, 1 << 30, 1 << 30);
        var follower = Follower.of(store, "quiet", 2)) {
      for (int i = 0; i < 100; i++) {
        put(store, "busy", "v" + i);
      }
      put(store, "quiet", "at last");

      assertEquals(1, follower.await(1).size());
    }
  }

  @Test
  void fileDoesNotGrowWithoutBound() throws Exception {
    try (var store = open(100, 1 << 20, 1 << 30)) {
      for (int round = 0; round < 60; round++) {
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          ops.add(new Op.Put("key" + i, (round + ".").repeat(500), 0));
        }
        store.commit(List.of(), ops);
        for (int i = 0; i < 10; i++) {
          put(store, "small", "v" + i);
        }
      }

      // What is kept is a MiB of the past, and 150 KiB of the present.
      assertTrue(Files.size(file()) < 12 << 20, () -> file().toFile().length() + " bytes");
    }
  }

  @Test
  void fileThatIsFullTakesOnlyDeletions() throws Exception {
    try (var store = open(10, 1 << 20, 200_000)) {
      int count = 0;
      while (Files.size(file()) <= 200_000) {
        put(store, "key" + count++, "x".repeat(10_000));
      }

      var failure = assertThrows(StoreException.Denied.class, () -> put(store, "more", "x"));
      assertTrue(
          String.valueOf(failure.getMessage()).contains("may have 200000"), failure.getMessage());
      assertInstanceOf(
          Commit.Applied.class, store.commit(List.of(), List.of(new Op.Delete("key0"))));
    }
  }

  @Test
  void callerWhoIsInterruptedHurtsNobody() throws Exception {
    try (var store = open()) {
      for (int i = 0; i < 200; i++) {
        put(store, "key" + i, "x".repeat(1_000));
      }
      for (int i = 0; i < 50; i++) {
        Thread reader =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        while (true) {
                          store.range("");
                          store.commit(List.of(), List.of(new Op.Put("by reader", "", 0)));
                        }
                      } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                      }
                    });
        Thread.sleep(1);
        reader.interrupt();
        reader.join();
      }

      assertEquals(201, store.range("").entries().size());
    }
  }

  @Test
  void whatIsNoStoreIsNamedAndLeftAlone() throws Exception {
    byte[] garbage = "#!/bin/sh\n".repeat(2_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Files.write(file(), garbage);

    var failure = assertThrows(StoreException.Denied.class, this::open);

    assertTrue(
        String.valueOf(failure.getMessage()).startsWith(file() + ": not a store, or damaged ("),
        String.valueOf(failure.getMessage()));
    assertTrue(
        String.valueOf(failure.getMessage()).contains("Restore it from a backup"),
        failure.getMessage());
    assertEquals(garbage.length, Files.size(file()));
  }

  @Test
  void damageNeverEndsInAnythingButAClearError() throws Exception {
    try (var store = open()) {
      for (int i = 0; i < 100; i++) {
        put(store, "key" + i, "x".repeat(1_000));
      }
    }
    byte[] good = Files.readAllBytes(file());
    var random = new SplittableRandom(1);
    int denied = 0;
    for (int round = 0; round < 30; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i < 1 + round % 5; i++) {
        int at = random.nextInt(bad.length / 4_096) * 4_096;
        int length = Math.min(bad.length - at, random.nextInt(4_096, 3 * 4_096));
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bad, at, length);
      }
      Files.write(
          file(),
          round % 3 == 0 ? java.util.Arrays.copyOf(good, random.nextInt(1, good.length)) : bad);

      try (var store = open()) {
        assertTrue(store.range("").entries().size() <= 100);
      } catch (StoreException.Denied failure) {
        denied++;
        assertTrue(String.valueOf(failure.getMessage()).contains("store.mv"), failure.getMessage());
      }
    }
    assertTrue(denied > 0);
  }

  @Test
  void directoryThatCannotBeIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    var failure =
        assertThrows(StoreException.Denied.class, () -> EmbeddedStore.open(file.resolve("store")));

    assertTrue(
        String.valueOf(failure.getMessage()).contains(file.toString()), failure.getMessage());
  }

  @Test
  void storeOpenInThisProcessCannotBeOpenedTwice() {
    try (var store = open()) {
      assertThrows(StoreException.Unavailable.class, this::open);
      assertFalse(store.ledger().revision() > 1);
    }
    open().close();
  }

  @Test
  void onlyItsOwnerCanReadTheDirectory() throws IOException {
    Path made = directory.resolve("a/b");
    EmbeddedStore.open(made).close();

    assertEquals(
        "rwx------",
        java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
  }
}
