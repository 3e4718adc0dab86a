package fleet.testing.time;

import fleet.cluster.env.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A simulated world: time jumps from event to event, and one task runs at a time.
///
/// Each task is a [Strand] with a stack of its own, so code under simulation is the code of
/// production. It runs only in its turn, which ends when it sleeps or awaits a signal. The next
/// turn is that of the first in the [Agenda], the earliest; among equals, a seeded coin decides.
/// So the whole history of the world follows from the seed.
///
/// Tasks can be gathered in a [VirtualProcess], which can be killed and suspended as a whole.
///
/// A world that is no longer needed is to be closed, or its tasks wait forever.
public final class VirtualEnvironment implements Environment, AutoCloseable {

  private final SplittableRandom random;
  private final Agenda agenda = new Agenda();
  private final Set<Fiber> fibers = new LinkedHashSet<>();
  private long nanos;
  private long steps;
  private boolean closed;
  private @Nullable Fiber running;
  private @Nullable Throwable failure;

  public VirtualEnvironment(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /// Runs the world for `span` of its own time.
  public void run(Duration span) {
    long end = nanos + span.toNanos();
    for (Fiber next; (next = agenda.first()) != null && next.at <= end; ) {
      agenda.removeFirst();
      if (next.done) {
        continue; // it was woken in its last turn
      }
      long suspended = next.process == null ? 0 : next.process.suspendedUntil();
      if (suspended > next.at) {
        agenda.put(next, suspended, next.tie);
        continue;
      }
      nanos = next.at;
      resume(next);
      if (failure != null) {
        throw new AssertionError("at " + now() + " in " + next.name, failure);
      }
    }
    nanos = end;
  }

  /// The number of turns that tasks have taken.
  public long steps() {
    return steps;
  }

  /// Ends all tasks where they stand.
  @Override
  public void close() {
    closed = true;
    while (!fibers.isEmpty()) {
      List.copyOf(fibers).forEach(this::resume);
    }
  }

  private void resume(Fiber fiber) {
    running = fiber;
    steps++;
    fiber.strand.run();
    running = null;
    Thread.interrupted(); // a task may have interrupted itself, which is nobody else's concern
  }

  private void wake(Fiber fiber, long at) {
    if (!fiber.done) {
      agenda.put(fiber, at, random.nextLong());
    }
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
      public boolean await(Duration limit) throws InterruptedException {
        if (!raised) {
          Fiber fiber = current();
          waiting.add(fiber);
          wake(fiber, nanos + limit.toNanos());
          try {
            fiber.handBack();
          } finally {
            waiting.remove(fiber);
          }
        }
        boolean was = raised;
        raised = false;
        return was;
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
    private final Strand strand;
    private boolean interrupted;
    private boolean done;

    // Of the agenda: when it goes on, and its place there; -1 if it has none.
    long at;
    long tie;
    int place = -1;

    Fiber(String name, Body body, @Nullable VirtualProcess process) {
      this.name = name;
      this.process = process;
      this.strand = new Strand(() -> live(body));
      fibers.add(this);
      if (process != null) {
        process.fibers().add(this);
      }
    }

    boolean isBefore(Fiber other) {
      return at < other.at || (at == other.at && tie < other.tie);
    }

    private void live(Body body) {
      try {
        if (!interrupted) {
          checkAlive();
          body.run();
        }
      } catch (InterruptedException | VirtualProcess.Killed ended) {
        // The task was asked to end, or its process is no more.
      } catch (Throwable thrown) {
        failure = thrown;
      } finally {
        done = true;
        fibers.remove(this);
        if (process != null) {
          process.fibers().remove(this);
        }
      }
    }

    private void handBack() throws InterruptedException {
      Strand.park();
      checkAlive();
      if (interrupted) {
        throw new InterruptedException(name);
      }
    }

    private void checkAlive() {
      if (closed) {
        throw new VirtualProcess.Killed(name);
      }
      if (process != null) {
        process.checkAlive();
      }
    }
  }
}
