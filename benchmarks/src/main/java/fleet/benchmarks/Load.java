package fleet.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// How busy this host is, as a thread feels that sleeps 10 ms again and again: by how much it wakes
/// too late. What is measured beside it can be read in that light.
final class Load {

  private static final Duration NAP = Duration.ofMillis(10);

  private final AtomicLong greatest = new AtomicLong();

  Load() {
    Thread.ofPlatform().daemon().start(this::doze);
  }

  private void doze() {
    try {
      while (true) {
        long due = System.nanoTime() + NAP.toNanos();
        Thread.sleep(NAP);
        long late = System.nanoTime() - due;
        greatest.accumulateAndGet(late, Math::max);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The greatest lateness since the last call, in nanoseconds.
  long reset() {
    return greatest.getAndSet(0);
  }

  /// The host's load averages over 1, 5 and 15 minutes.
  static String average() {
    try {
      String[] words = Files.readString(Path.of("/proc/loadavg")).split(" ");
      return words[0] + " " + words[1] + " " + words[2];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
