package fleet.cluster.env;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// The real world: the system clock, and one virtual thread a task.
public final class SystemEnvironment implements Environment {

  private static final Path UPTIME = Path.of("/proc/uptime");

  public SystemEnvironment() {}

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Duration uptime() {
    return Duration.ofNanos(System.nanoTime());
  }

  /// proc_uptime(5), which counts what `CLOCK_BOOTTIME` does; where there is none, [#uptime()].
  @Override
  public Duration sinceBoot() {
    try {
      String seconds = Files.readString(UPTIME).split(" ", 2)[0];
      return Duration.ofMillis(new BigDecimal(seconds).movePointRight(3).longValue());
    } catch (IOException | NumberFormatException e) {
      return uptime();
    }
  }

  @Override
  public RandomGenerator random() {
    return java.util.concurrent.ThreadLocalRandom.current();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }

  @Override
  public Signal signal(String name) {
    var permits = new Semaphore(0);
    return new Signal() {
      @Override
      public void raise() {
        permits.release();
      }

      @Override
      @SuppressWarnings("ResultOfMethodCallIgnored")
      public boolean await(Duration limit) throws InterruptedException {
        boolean raised = permits.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
        return permits.drainPermits() > 0 || raised;
      }
    };
  }

  @Override
  public Task fork(String name, Body body) {
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .start(
                () -> {
                  try {
                    body.run();
                  } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                  }
                });
    return thread::interrupt;
  }
}
