package fleet.store.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was acknowledged survives, whatever happens to the process.
@Tag("slow")
final class EmbeddedStoreDurabilityTest {

  private static final int KILLS = 25;

  @TempDir private Path directory;

  /// What a [WritingProcess] has said.
  private static final class Acknowledged {
    final TreeMap<String, Long> numbers = new TreeMap<>();
    final List<String> others = new ArrayList<>();
    long revision;
    long count;

    void take(String line) {
      String[] words = line.split(" ");
      if (words[0].equals("acknowledged") && words.length == 4) {
        numbers.merge(words[1], Long.parseLong(words[2]), Math::max);
        revision = Math.max(revision, Long.parseLong(words[3]));
        count++;
      } else {
        others.add(line);
      }
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
    var random = new SplittableRandom(20_260_101);
    var acknowledged = new Acknowledged();

    for (int kill = 0; kill < KILLS; kill++) {
      long before = acknowledged.count;
      Process writer = writer(List.of());
      try (var lines = output(writer)) {
        long enough = before + random.nextLong(1, 60);
        while (acknowledged.count < enough) {
          acknowledged.take(next(lines));
        }
        if (kill == 0) {
          assertInUse();
        }
        writer.toHandle().destroyForcibly(); // unlike the process, it leaves its output open
        lines.lines().forEach(acknowledged::take);
      }
      assertTrue(writer.waitFor(10, TimeUnit.SECONDS));

      assertAllIsThere(acknowledged, "after kill " + kill);
    }
  }

  @Test
  void diskThatIsFullLosesNothingAndSaysSo() throws Exception {
    var acknowledged = new Acknowledged();

    Process writer = writer(List.of("prlimit", "--fsize=" + (300 << 10)));
    try (var lines = output(writer)) {
      lines.lines().forEach(acknowledged::take);
    }

    assertTrue(writer.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, writer.exitValue());
    String said = String.join("\n", acknowledged.others);
    assertTrue(said.contains("unwritable embedded store, commit: " + directory), said);
    assertTrue(said.contains("store.mv: nothing"), said);
    assertTrue(said.contains("File too large"), said);
    assertTrue(said.contains("read at " + acknowledged.revision), said);
    assertTrue(acknowledged.count > 0);
    assertAllIsThere(acknowledged, "after the disk was full");
  }

  private void assertInUse() {
    var failure =
        assertThrows(StoreException.Unavailable.class, () -> EmbeddedStore.open(directory));
    assertEquals(
        directory.resolve("store.mv")
            + ": another process has it open, such as another fleetd on this machine",
        failure.getMessage());
  }

  private void assertAllIsThere(Acknowledged acknowledged, String when) throws Exception {
    var limits = WritingProcess.LIMITS;
    try (var store = EmbeddedStore.open(directory, new SystemEnvironment(), limits)) {
      Store.Range all = store.range("");
      assertTrue(
          all.revision() >= acknowledged.revision,
          () -> "%s: %d < %d".formatted(when, all.revision(), acknowledged.revision));
      acknowledged.numbers.replaceAll(
          (name, number) -> {
            long one = number(all, "one/" + name);
            assertEquals(one, number(all, "two/" + name), when + ": half a transaction");
            assertTrue(
                one == number || one == number + 1,
                () -> "%s: %s has %d, %d was acknowledged".formatted(when, name, one, number));
            for (long left = Math.max(1, one - WritingProcess.LEFT_BEHIND + 1);
                left <= one;
                left++) {
              assertTrue(all.entries().containsKey("left/" + name + "/" + left), when);
            }
            return one; // from which the next process goes on, acknowledged or not
          });
      long left = all.entries().keySet().stream().filter(key -> key.startsWith("left/")).count();
      assertTrue(
          left <= (long) WritingProcess.WRITERS * WritingProcess.LEFT_BEHIND,
          when + ": " + left + " left");
      // What it takes from here on must come after.
      assertEquals(
          new Store.Commit.Applied(all.revision() + 1),
          store.commit(List.of(), List.of(new Op.Put("checked", when, 0))));
      acknowledged.revision = all.revision() + 1;
    }
  }

  private static long number(Store.Range range, String key) {
    Store.Entry entry = range.entries().get(key);
    return entry == null ? 0 : Long.parseLong(entry.value());
  }

  private Process writer(List<String> wrapper) throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            WritingProcess.class.getName(),
            directory.toString()));
    var log = Files.createTempFile("writer", ".log");
    log.toFile().deleteOnExit();
    return new ProcessBuilder(command).redirectError(log.toFile()).start();
  }

  private static BufferedReader output(Process process) {
    return process.inputReader(StandardCharsets.UTF_8);
  }

  private static String next(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new AssertionError("the writer ended by itself");
    }
    return line;
  }
}
