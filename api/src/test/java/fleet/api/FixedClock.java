package fleet.api;

import fleet.cluster.env.Environment;
import fleet.cluster.env.SystemEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// The real world, save that it is always the same time of day.
public final class FixedClock implements Environment {

  public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final Environment world = new SystemEnvironment();

  @Override
  public Instant now() {
    return NOW;
  }

  @Override
  public Duration uptime() {
    return world.uptime();
  }

  @Override
  public RandomGenerator random() {
    return world.random();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    world.sleep(duration);
  }

  @Override
  public Signal signal(String name) {
    return world.signal(name);
  }

  @Override
  public Task fork(String name, Body body) {
    return world.fork(name, body);
  }
}
