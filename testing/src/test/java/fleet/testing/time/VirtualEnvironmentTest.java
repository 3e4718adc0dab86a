package fleet.testing.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Environment.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtualEnvironmentTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualEnvironment world = new VirtualEnvironment(1);
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void end() {
    world.close();
  }

  private void tell(String what) {
    told.add(world.uptime().toSeconds() + " s: " + what);
  }

  @Test
  void tasksTakeTurnsInTheOrderOfTime() {
    world.fork("slow", () -> sleepAndTell(3, "slow"));
    world.fork("fast", () -> sleepAndTell(2, "fast"));

    world.run(Duration.ofSeconds(6));

    assertEquals(
        List.of("2 s: fast", "3 s: slow", "4 s: fast", "6 s: fast", "6 s: slow"),
        told.stream().sorted().toList());
  }

  private void sleepAndTell(int seconds, String name) throws InterruptedException {
    while (true) {
      world.sleep(Duration.ofSeconds(seconds));
      tell(name);
    }
  }

  @Test
  void aHistoryFollowsFromItsSeed() {
    assertEquals(history(7), history(7));
    assertNotEquals(history(7), history(8));
  }

  private static List<String> history(long seed) {
    var history = new ArrayList<String>();
    try (var other = new VirtualEnvironment(seed)) {
      Signal signal = other.signal("news");
      for (int i = 0; i < 20; i++) {
        String name = "task " + i;
        other.fork(
            name,
            () -> {
              while (true) {
                signal.await(Duration.ofMillis(other.random().nextInt(5)));
                history.add(name);
                signal.raise();
                other.sleep(Duration.ofMillis(1));
              }
            });
      }
      other.run(SECOND);
    }
    return history;
  }

  @Test
  void aSignalEndsTheWaitAndTheLimitDoesToo() {
    Signal signal = world.signal("news");
    world.fork(
        "waiting",
        () -> {
          signal.await(Duration.ofSeconds(10));
          tell("raised");
          signal.await(Duration.ofSeconds(10));
          tell("too long");
        });

    world.run(SECOND);
    signal.raise();
    world.run(Duration.ofSeconds(20));

    assertEquals(List.of("1 s: raised", "11 s: too long"), told);
  }

  @Test
  void whoIsInterruptedWhileItAwaitsASignalIsNotWokenByItLater() {
    Signal signal = world.signal("news");
    Task task =
        world.fork(
            "waiting",
            () -> {
              try {
                signal.await(Duration.ofSeconds(10));
              } catch (InterruptedException asked) {
                tell("asked to end");
              }
            });

    world.run(SECOND);
    task.interrupt();
    world.run(SECOND);
    signal.raise();
    long steps = world.steps();
    world.run(SECOND);

    assertEquals(List.of("1 s: asked to end"), told);
    assertEquals(steps, world.steps());
  }

  @Test
  void aTaskThatRestoresItsInterruptMayStillWait() {
    world.fork(
        "restoring",
        () -> {
          Thread.currentThread().interrupt();
          sleepAndTell(1, "on");
        });

    world.run(Duration.ofSeconds(2));

    assertEquals(List.of("1 s: on", "2 s: on"), told);
  }

  @Test
  void aTaskThatEndsItselfIsWokenNoMore() {
    var self = new ArrayList<Task>();
    self.add(world.fork("short", () -> self.getFirst().interrupt()));

    world.run(SECOND);

    assertEquals(1, world.steps());
  }

  @Test
  void aKilledProcessDoesNothingMore() {
    VirtualProcess process = world.process("daemon");
    process.fork("loop", () -> sleepAndTell(1, "alive"));

    world.run(Duration.ofSeconds(2));
    process.kill();
    world.run(Duration.ofSeconds(2));

    assertEquals(List.of("1 s: alive", "2 s: alive"), told);
  }

  @Test
  void aSuspendedProcessGoesOnLater() {
    VirtualProcess process = world.process("daemon");
    process.fork("loop", () -> sleepAndTell(1, "alive"));

    process.suspend(Duration.ofSeconds(3));
    world.run(Duration.ofSeconds(4));

    assertEquals(List.of("4 s: alive"), told);
  }

  @Test
  void whatATaskThrowsEndsTheRun() {
    world.fork(
        "broken",
        () -> {
          throw new IllegalStateException("broken");
        });

    var thrown = assertThrows(AssertionError.class, () -> world.run(SECOND));

    assertEquals("java.lang.IllegalStateException: broken", String.valueOf(thrown.getCause()));
  }

  @Test
  void whoClosesAWorldEndsItsTasks() {
    world.fork(
        "loop",
        () -> {
          try {
            sleepAndTell(5, "never");
          } finally {
            tell("ended");
          }
        });

    world.run(SECOND);
    world.close();

    assertEquals(List.of("1 s: ended"), told);
  }
}
