package fleet.store.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.store.embedded.LedgerFile.Bounds;
import fleet.store.embedded.LedgerFile.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whenever the process or the machine ends, what was acknowledged is in the file.
///
/// A file is written for some hundred revisions, with its space used again and again, closed and
/// torn at times. Then it is opened in every state in which a crash could have left it.
@Tag("slow")
final class EveryCrashTest {

  private static final int LIVES = 8;
  private static final int ROUNDS = 60;
  private static final int KEPT = 50;
  private static final int KEYS = 20;

  @TempDir private Path directory;

  private RecordedFile.Disk disk = new RecordedFile.Disk(new byte[0]);

  /// By the number of steps that the disk had taken when it was told: the last revision.
  private final TreeMap<Integer, Long> acknowledged = new TreeMap<>(Map.of(0, 1L));

  @BeforeEach
  void write() throws IOException {
    Opening.open(directory).abandon();
    disk = new RecordedFile.Disk(Files.readAllBytes(directory.resolve("store.mv")));
    var random = new SplittableRandom(20_261_122);
    for (int life = 0; life < LIVES; life++) {
      LedgerFile file = Opening.open(directory, new RecordedFile(disk));
      int rounds = random.nextInt(1, ROUNDS);
      for (int round = 1; round <= rounds; round++) {
        for (int revisions = random.nextInt(1, 4); revisions > 0; revisions--) {
          file.append(changes(file.head() + 1));
        }
        file.forget(Math.max(1, file.head() - KEPT));
        file.commit();
        acknowledged.put(disk.steps(), file.head());
        if (round % 20 == 0) {
          file.tidy();
        }
      }
      if (random.nextInt(3) == 0) {
        file.close();
      } else {
        file.abandon();
      }
    }
  }

  private static List<Change> changes(long revision) {
    List<Change> changes = new ArrayList<>();
    state(revision)
        .forEach(
            (key, at) -> {
              if (at == revision) {
                var name = Bytes.utf8(key);
                changes.add(
                    new Change(
                        name,
                        Optional.of(new Item(name, value(revision), revision, revision, 1, 0))));
              }
            });
    return changes;
  }

  private static Bytes value(long revision) {
    return Bytes.utf8(revision + "x".repeat((int) (revision % 7) * 300));
  }

  /// Which revision each key is of, at a revision.
  private static Map<String, Long> state(long revision) {
    var keys = new TreeMap<String, Long>();
    for (long at = Math.max(2, revision - KEYS + 1); at <= revision; at++) {
      keys.put("key/" + at % KEYS, at);
    }
    if (revision > 1) {
      keys.put("last", revision);
    }
    return keys;
  }

  @Test
  void killLosesNothing() throws IOException {
    var random = new SplittableRandom(1);

    for (int during = 0; during < disk.steps(); during++) {
      assertAllIsThere(during, disk.afterKill(during, random), "killed during step " + during);
    }
  }

  @Test
  void powerLossLosesNothing() throws IOException {
    var random = new SplittableRandom(2);

    for (int before = 0; before < disk.steps(); before++) {
      String when = "without power before step " + before;
      assertAllIsThere(before, disk.afterPowerLoss(before, random), when);
    }
  }

  private void assertAllIsThere(int steps, byte[] left, String when) throws IOException {
    long last = acknowledged.floorEntry(steps).getValue();
    Path torn = Files.createDirectories(directory.resolve("torn"));
    Files.write(torn.resolve("store.mv"), left);

    LedgerFile file = Opening.open(torn);
    try {
      long head = file.head();
      assertTrue(head >= last, () -> "%s: %d < %d".formatted(when, head, last));
      for (long at = Math.max(file.oldest(), head - 10); at <= head; at++) {
        var there = new TreeMap<String, Bytes>();
        file.range(KeyRange.ALL, at, Bounds.NONE)
            .items()
            .forEach(item -> there.put(item.key().text(), item.value()));
        var expected = new TreeMap<String, Bytes>();
        state(at).forEach((key, revision) -> expected.put(key, value(revision)));
        assertEquals(expected, there, when + ", at revision " + at);
      }
    } finally {
      file.abandon();
    }
  }
}
