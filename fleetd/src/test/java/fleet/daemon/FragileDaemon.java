package fleet.daemon;

import fleet.cluster.env.Environment;
import fleet.cluster.env.SystemEnvironment;
import fleet.daemon.config.Configuration;
import fleet.unit.Parsed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/// A daemon that is real but for one of its tasks, which ends when the daemon is told so. It prints
/// the name of each task without which it is of no use.
final class FragileDaemon implements Environment {

  private final Environment real = new SystemEnvironment();
  private final CountDownLatch told = new CountDownLatch(1);
  private final String victim;
  private final String how;

  private FragileDaemon(String victim, String how) {
    this.victim = victim;
    this.how = how;
  }

  /// @param arguments the configuration, and which task ends, and how: `returns`, `throws`, or
  ///     `interrupted`
  public static void main(String[] arguments) throws InterruptedException {
    Logging.configure(false);
    var fragile = new FragileDaemon(arguments[1], arguments[2]);
    var file = new ConfigurationFile(Optional.of(Path.of(arguments[0])));
    if (!(file.read() instanceof Parsed.Ok<Configuration>(var configuration))) {
      throw new IllegalArgumentException(arguments[0]);
    }
    Thread.ofPlatform().daemon().start(fragile::listen);
    System.exit(Daemon.run(file, configuration, fragile));
  }

  /// Ends the task at the first byte.
  private void listen() {
    try {
      if (System.in.read() >= 0) {
        told.countDown();
      }
    } catch (java.io.IOException gone) {
      throw new java.io.UncheckedIOException(gone);
    }
  }

  @Override
  public Task forkForGood(String name, Body body) {
    System.out.println("task " + name);
    if (!name.equals(victim)) {
      return Environment.super.forkForGood(name, body);
    }
    if (how.equals("interrupted")) {
      return Environment.super.forkForGood(name, () -> interrupted(body));
    }
    return Environment.super.forkForGood(
        name,
        () -> {
          // What it does is done by another meanwhile, so that the daemon has all its parts.
          var _ = real.fork(name, body);
          told.await();
          if (how.equals("throws")) {
            throw new IllegalStateException("killed by a test name=\"" + name + "\"");
          }
        });
  }

  /// Runs a body whose thread somebody interrupts who has no business to.
  private void interrupted(Body body) throws InterruptedException {
    Thread running = Thread.currentThread();
    Task stranger =
        real.fork(
            "stranger",
            () -> {
              told.await();
              running.interrupt();
            });
    try {
      body.run();
    } finally {
      stranger.interrupt();
    }
  }

  @Override
  public Task fork(String name, Body body) {
    return real.fork(name, body);
  }

  @Override
  public Instant now() {
    return real.now();
  }

  @Override
  public Duration uptime() {
    return real.uptime();
  }

  @Override
  public Duration sinceBoot() {
    return real.sinceBoot();
  }

  @Override
  public RandomGenerator random() {
    return real.random();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    real.sleep(duration);
  }

  @Override
  public Signal signal(String name) {
    return real.signal(name);
  }
}
