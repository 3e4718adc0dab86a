package fleet.cluster.env;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A simulated world: time jumps from event to event, and one task runs at a time.
///
/// Each task has a virtual thread of its own, so code under simulation is the code of production.
/// But a thread runs only while it holds the baton, and it hands the baton back whenever it sleeps
/// or awaits a signal. What runs next is the earliest event; among equals, a seeded coin decides.
/// So the whole history of the world follows from the seed.
///
/// Tasks can be gathered in a [VirtualProcess], which can be killed and suspended as a whole.
public final class VirtualEnvironment implements Environment {

  private record Event(long at, long tie, long number, Fiber fiber, long turn) {}

  private static final Comparator<Event> ORDER =
      Comparator.comparingLong(Event::at)
          .thenComparingLong(Event::tie)
          .thenComparingLong(Event::number);

  private final SplittableRandom random;
  private final PriorityQueue<Event> events = new PriorityQueue<>(ORDER);
  private final Semaphore returned = new Semaphore(0);
  private long nanos;
  private long number;
  private @Nullable Fiber running;
  private @Nullable Throwable failure;

  public VirtualEnvironment(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /// Runs the world for `span` of its own time.
  public void run(Duration span) {
    long end = nanos + span.toNanos();
    for (Event next; (next = events.peek()) != null && next.at <= end; ) {
      events.remove();
      if (next.turn != next.fiber.turn || next.fiber.done) {
        continue; // an older reason to wake a fiber that has since been woken
      }
      long suspended = next.fiber.process == null ? 0 : next.fiber.process.suspendedUntil();
      if (suspended > next.at) {
        events.add(new Event(suspended, next.tie, next.number, next.fiber, next.turn));
        continue;
      }
      nanos = next.at;
      resume(next.fiber);
      if (failure != null) {
        throw new AssertionError("at " + now() + " in " + next.fiber.name, failure);
      }
    }
    nanos = end;
  }

  /// The number of turns that tasks have taken.
  public long steps() {
    return number;
  }

  private void resume(Fiber fiber) {
    running = fiber;
    fiber.turn++;
    fiber.gate.release();
    returned.acquireUninterruptibly();
    running = null;
  }

  private void wake(Fiber fiber, long at) {
    events.add(new Event(at, random.nextLong(), number++, fiber, fiber.turn));
  }

  private Fiber current() {
    if (running == null) {
      throw new IllegalStateException("only a task of this environment may wait");
    }
    return running;
  }

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public Duration uptime() {
    return Duration.ofNanos(nanos);
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Fiber fiber = current();
    wake(fiber, nanos + duration.toNanos());
    fiber.handBack();
  }

  @Override
  public Signal signal(String name) {
    return new Signal() {
      private final Deque<Fiber> waiting = new ArrayDeque<>();
      private boolean raised;

      @Override
      public void raise() {
        raised = true;
        for (Fiber fiber; (fiber = waiting.poll()) != null; ) {
          wake(fiber, nanos);
        }
      }

      @Override
      public void await(Duration limit) throws InterruptedException {
        if (!raised) {
          Fiber fiber = current();
          waiting.add(fiber);
          wake(fiber, nanos + limit.toNanos());
          fiber.handBack();
          waiting.remove(fiber);
        }
        raised = false;
      }
    };
  }

  @Override
  public Task fork(String name, Body body) {
    return begin(new Fiber(name, body, null));
  }

  Task fork(VirtualProcess process, String name, Body body) {
    return begin(new Fiber(name, body, process));
  }

  private Task begin(Fiber fiber) {
    fiber.thread.start();
    wake(fiber, nanos);
    return () -> {
      fiber.interrupted = true;
      wake(fiber, nanos);
    };
  }

  /// A process of this world.
  public VirtualProcess process(String name) {
    return new VirtualProcess(this, name);
  }

  long nanos() {
    return nanos;
  }

  /// Lets every task of a process that has been killed find out.
  void bury(VirtualProcess process) {
    for (Fiber fiber : List.copyOf(process.fibers())) {
      wake(fiber, nanos);
    }
  }

  final class Fiber {
    final String name;
    final @Nullable VirtualProcess process;
    final Thread thread;
    final Semaphore gate = new Semaphore(0);
    long turn;
    boolean interrupted;
    boolean done;

    Fiber(String name, Body body, @Nullable VirtualProcess process) {
      this.name = name;
      this.process = process;
      if (process != null) {
        process.fibers().add(this);
      }
      this.thread =
          Thread.ofVirtual()
              .name(name)
              .unstarted(
                  () -> {
                    gate.acquireUninterruptibly();
                    try {
                      if (!interrupted) {
                        live();
                        body.run();
                      }
                    } catch (InterruptedException | VirtualProcess.Killed ended) {
                      // The task was asked to end, or its process is no more.
                    } catch (Throwable thrown) {
                      failure = thrown;
                    } finally {
                      done = true;
                      if (process != null) {
                        process.fibers().remove(this);
                      }
                      returned.release();
                    }
                  });
    }

    void handBack() throws InterruptedException {
      returned.release();
      gate.acquireUninterruptibly();
      live();
      if (interrupted) {
        throw new InterruptedException(name);
      }
    }

    private void live() {
      if (process != null) {
        process.checkAlive();
      }
    }
  }
}
