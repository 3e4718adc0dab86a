package fleet.store.embedded;

import fleet.cluster.env.Environment;
import fleet.cluster.env.SystemEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// The real world, but for time, which the test lets pass.
final class ManualEnvironment implements Environment {

  private final Environment real = new SystemEnvironment();
  private Duration uptime = Duration.ofDays(1);

  synchronized void pass(Duration duration) {
    uptime = uptime.plus(duration);
  }

  @Override
  public synchronized Duration uptime() {
    return uptime;
  }

  @Override
  public Instant now() {
    return real.now();
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

  @Override
  public Task fork(String name, Body body) {
    return real.fork(name, body);
  }
}
