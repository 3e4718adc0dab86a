package fleet.cluster.env;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// Time, chance and concurrency: the only door through which a daemon reaches them.
///
/// [SystemEnvironment] opens it on the real world, the module `testing` on a simulated one.
public interface Environment {

  /// The time of day. Stored and shown, never used to measure a duration.
  Instant now();

  /// Time that has passed since some fixed instant, whatever is done to the clock: for measuring
  /// durations.
  Duration uptime();

  /// Time that has passed since the machine has booted, also while it slept: for what others count
  /// on by clocks of their own. Coarser and dearer than [#uptime()].
  default Duration sinceBoot() {
    return uptime();
  }

  /// Chance, for jitter and tie-breaking.
  RandomGenerator random();

  /// Lets `duration` pass.
  void sleep(Duration duration) throws InterruptedException;

  /// Creates a signal on which the tasks of this environment can wait.
  Signal signal(String name);

  /// Starts `body` on a thread of its own.
  Task fork(String name, Body body);

  /// Starts `body`, without which the process is of no use: it runs until its task is interrupted.
  ///
  /// If it ends before, by returning, by throwing, or interrupted by anybody else, that is a broken
  /// assumption, and ends the process: nobody would notice the lack of one part in a process that
  /// lives on, and whoever supervises it starts it anew.
  default Task forkForGood(String name, Body body) {
    var toldToEnd = new AtomicBoolean();
    Task task =
        fork(
            name,
            () -> {
              try {
                body.run();
              } catch (InterruptedException interrupted) {
                if (toldToEnd.get()) {
                  throw interrupted;
                }
              }
              if (!toldToEnd.get()) {
                throw new IllegalStateException("task has ended by itself name=\"" + name + "\"");
              }
            });
    return () -> {
      toldToEnd.set(true);
      task.interrupt();
    };
  }

  /// What a task runs. It ends by returning or by being interrupted.
  @FunctionalInterface
  interface Body {
    void run() throws InterruptedException;
  }

  /// A running body.
  interface Task {
    /// Interrupts the body; does not wait for it.
    void interrupt();
  }

  /// A level, not a queue: many raises before one await wake it once.
  interface Signal {
    void raise();

    /// Waits until raised, at most `limit`, and lowers the signal.
    ///
    /// @return whether it was raised
    boolean await(Duration limit) throws InterruptedException;
  }
}
