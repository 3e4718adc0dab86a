package fleet.daemon;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Task;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/// The tasks of the daemon, which end before what they use is closed: so a leader can still give up
/// its lease.
final class Tasks {

  private static final Logger LOG = System.getLogger(Tasks.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Environment environment;
  private final List<Running> running = new ArrayList<>();

  Tasks(Environment environment) {
    this.environment = environment;
  }

  /// A task that has been started.
  final class Running {
    private final String name;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Task task;

    private Running(
        String name, Environment.Body body, BiFunction<String, Environment.Body, Task> fork) {
      this.name = name;
      this.task =
          fork.apply(
              name,
              () -> {
                try {
                  body.run();
                } finally {
                  ended.countDown();
                }
              });
    }

    /// Waits until it has ended.
    ///
    /// @return false if the limit came first
    boolean await(Duration limit) throws InterruptedException {
      return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Has it end, and waits a while until it has.
    void end() throws InterruptedException {
      task.interrupt();
      if (!await(PATIENCE)) {
        LOG.log(Level.WARNING, "a task does not end name={0}", name);
      }
      running.remove(this);
    }
  }

  /// Starts a task that may end by itself.
  Running fork(String name, Environment.Body body) {
    return started(new Running(name, body, environment::fork));
  }

  /// Starts a task that ends the process if it ends by itself.
  Running forkForGood(String name, Environment.Body body) {
    return started(new Running(name, body, environment::forkForGood));
  }

  private Running started(Running task) {
    running.add(task);
    return task;
  }

  /// Has all of them end.
  void end() throws InterruptedException {
    running.forEach(each -> each.task.interrupt());
    for (Running each : List.copyOf(running)) {
      each.end();
    }
  }
}
