package fleet.testing.time;

import fleet.cluster.env.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A process of a simulated world: tasks that live and die together, with a clock of their own.
public final class VirtualProcess implements Environment {

  /// Ends a task of a process that is no more. Nobody may catch it.
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed(String process) {
      super(process, null, false, false);
    }
  }

  private final VirtualEnvironment world;
  private final String name;
  private final Set<VirtualEnvironment.Fiber> fibers = new LinkedHashSet<>();
  private Duration clockError = Duration.ZERO;
  private long suspendedUntil;
  private boolean dead;

  VirtualProcess(VirtualEnvironment world, String name) {
    this.world = world;
    this.name = name;
  }

  /// Ends all tasks where they stand, as SIGKILL does. Whoever holds a port for the process calls
  /// [#checkAlive()] before anything is done through it: what is still unwound must have no effect.
  public void kill() {
    if (!dead) {
      dead = true;
      suspendedUntil = 0;
      world.bury(this);
    }
  }

  /// Whether it has not been killed.
  public boolean isAlive() {
    return !dead;
  }

  /// @throws Killed if the process is no more
  public void checkAlive() {
    if (dead) {
      throw new Killed(name);
    }
  }

  /// Lets no task run for as long as that, as SIGSTOP does, or a host that gives it no time. Time
  /// goes on meanwhile.
  public void suspend(Duration length) {
    suspendedUntil = Math.max(suspendedUntil, world.nanos() + length.toNanos());
  }

  /// Sets the time of day forward, or back.
  public void moveClock(Duration by) {
    clockError = clockError.plus(by);
  }

  long suspendedUntil() {
    return suspendedUntil;
  }

  Set<VirtualEnvironment.Fiber> fibers() {
    return fibers;
  }

  @Override
  public Instant now() {
    return world.now().plus(clockError);
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
  public Signal signal(String signal) {
    return world.signal(signal);
  }

  @Override
  public Task fork(String task, Body body) {
    return world.fork(this, name + ": " + task, body);
  }

  @Override
  public String toString() {
    return name;
  }
}
