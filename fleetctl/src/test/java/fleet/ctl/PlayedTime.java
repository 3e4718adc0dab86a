package fleet.ctl;

import fleet.cluster.env.Environment;
import fleet.cluster.env.SystemEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Time that passes only while the command line sleeps, and in which the rest of the world acts as
/// the test has laid down. Threads are real ones: they speak to a real server. What one of them
/// sleeps passes for the others, too.
final class PlayedTime implements Environment {

  /// What waits longer than this waits for ever.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final SystemEnvironment real = new SystemEnvironment();
  private final TreeMap<Duration, ArrayDeque<Body>> script = new TreeMap<>();
  private final RandomGenerator chance = new Random(7);
  private Duration uptime = Duration.ZERO;
  private Duration limit = PATIENCE;

  /// Has `action` happen once `delay` has passed.
  synchronized void after(Duration delay, Body action) {
    script.computeIfAbsent(uptime.plus(delay), d -> new ArrayDeque<>()).add(action);
  }

  /// Forgets what has not happened yet, and grants new patience.
  synchronized void clear() {
    script.clear();
    limit = uptime.plus(PATIENCE);
  }

  @Override
  public synchronized Instant now() {
    return Instant.EPOCH.plus(uptime);
  }

  @Override
  public synchronized Duration uptime() {
    return uptime;
  }

  @Override
  public synchronized void sleep(Duration duration) throws InterruptedException {
    Duration end = uptime.plus(duration);
    while (!script.isEmpty() && script.firstKey().compareTo(end) <= 0) {
      var due = script.pollFirstEntry();
      uptime = due.getKey();
      for (Body action : due.getValue()) {
        action.run();
      }
    }
    uptime = end;
    if (uptime.compareTo(limit) > 0) {
      throw new AssertionError("expected an end of waiting within " + PATIENCE + ", found none");
    }
  }

  @Override
  public RandomGenerator random() {
    return chance;
  }

  @Override
  public Signal signal(String name) {
    return real.signal(name);
  }

  @Override
  public Task fork(String name, Body body) {
    return real.fork(name, body);
  }
}
