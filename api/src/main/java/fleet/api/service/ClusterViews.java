package fleet.api.service;

import fleet.api.message.PageToken;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Spans;
import fleet.cluster.registry.ClusterMirror;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Hands out views of the cluster to any number of readers.
///
/// Most of the time nobody asks. So a task that follows the store is started by the first reader,
/// and ends when nobody has asked for a while. It alone touches the mirror: readers leave a ticket
/// that says what they need, and wait for it to be answered. All who wait at the same time get the
/// same view, so a thousand readers cost as much as one.
///
/// A reader sees every change that was acknowledged by this server before it asked. If the watch
/// does not bring that in time, everything is read anew.
final class ClusterViews implements AutoCloseable {

  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Duration WATCH_LAG = Duration.ofSeconds(1);

  /// How long after a page its successor is expected.
  private static final Duration SAME_LIST = Duration.ofSeconds(2);

  /// Longer than a large cluster takes to be read, and shorter than clients wait for an answer.
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private static final String CLOSED = "this server is shutting down";

  /// What one reader needs, and what it gets.
  private final class ReadTicket {
    final Signal answered = environment.signal("cluster view");
    final Duration asked = environment.uptime();
    final long revision;
    private @Nullable ClusterView view;
    private @Nullable StoreException failure;

    ReadTicket(long revision) {
      this.revision = revision;
    }

    synchronized void answer(ClusterView with) {
      view = with;
      answered.raise();
    }

    synchronized void fail(StoreException with) {
      failure = with;
      answered.raise();
    }

    ClusterView await() throws InterruptedException {
      Duration end = asked.plus(PATIENCE);
      while (environment.uptime().compareTo(end) < 0) {
        answered.await(end.minus(environment.uptime()));
        synchronized (this) {
          if (view != null) {
            return view;
          }
          if (failure != null) {
            throw failure;
          }
        }
      }
      throw new StoreException.Unavailable(
          "the store did not show the cluster within " + Spans.text(PATIENCE));
    }
  }

  private final Registry registry;
  private final Environment environment;
  private final Signal work;

  // Guarded by this:
  private final List<ReadTicket> waiting = new ArrayList<>();
  private Environment.@Nullable Task task;
  private long acknowledged;
  private Optional<Shown> last = Optional.empty();
  private boolean closed;

  /// What was last handed out.
  ///
  /// @param revision up to which the view is true, which may be above its own
  private record Shown(ClusterView view, long revision, Duration at) {}

  ClusterViews(Registry registry, Environment environment) {
    this.registry = registry;
    this.environment = environment;
    this.work = environment.signal("cluster views");
  }

  /// Notes that this server has acknowledged a change: whoever reads from now on must see it.
  synchronized void acknowledged(long revision) {
    acknowledged = Math.max(acknowledged, revision);
  }

  /// The cluster as it is now, or was a moment ago.
  ///
  /// @throws StoreException.Unavailable if the store does not answer
  ClusterView now() throws InterruptedException {
    ReadTicket ticket;
    synchronized (this) {
      if (closed) {
        throw new StoreException.Unavailable(CLOSED);
      }
      ticket = new ReadTicket(acknowledged);
      waiting.add(ticket);
      if (task == null) {
        task = environment.fork("cluster views", this::follow);
      }
    }
    work.raise();
    try {
      return ticket.await();
    } finally {
      synchronized (this) {
        waiting.remove(ticket);
      }
    }
  }

  /// The cluster as it was last handed out; empty if it never was.
  synchronized Optional<ClusterView> shown() {
    return last.map(Shown::view);
  }

  /// The cluster for a page of a list: as it is now for the first; as it was last shown, if that is
  /// not long ago, for a later one. So the pages of a list agree with each other, and cost little
  /// however much changes meanwhile.
  ///
  /// @throws StoreException.Unavailable if the store does not answer
  ClusterView of(PageToken page) throws InterruptedException {
    return page.continues() ? lately() : now();
  }

  private ClusterView lately() throws InterruptedException {
    synchronized (this) {
      if (last.isPresent()
          && last.get().revision() >= acknowledged
          && environment.uptime().minus(last.get().at()).compareTo(SAME_LIST) < 0) {
        return last.get().view();
      }
    }
    return now();
  }

  private void follow() throws InterruptedException {
    boolean retired = false;
    StoreException end = new StoreException.Unavailable(CLOSED);
    try {
      while (!retired) {
        List<ReadTicket> early = waiting();
        try (ClusterMirror mirror = registry.mirror(work)) {
          var view = new ClusterView(mirror.snapshot(), mirror.problems());
          answerAll(early, view);
          retired = serve(mirror, view);
        }
      }
    } catch (StoreException failure) {
      end = failure;
    } finally {
      if (!retired) {
        fail(end);
      }
    }
  }

  private synchronized List<ReadTicket> waiting() {
    return List.copyOf(waiting);
  }

  /// Answers those who asked before everything was read: nothing can be newer for them. If they
  /// expect it to be, the store has been put back to an older state, and counts from there on.
  private synchronized void answerAll(List<ReadTicket> early, ClusterView view) {
    for (ReadTicket ticket : early) {
      if (ticket.revision > view.revision()) {
        acknowledged = view.revision();
      }
      ticket.answer(view);
    }
    waiting.removeAll(early);
    last = Optional.of(new Shown(view, view.revision(), environment.uptime()));
  }

  /// Answers readers out of `mirror`.
  ///
  /// @return true once nobody has asked for a while; false if the mirror has fallen behind and
  ///     everything must be read anew
  private boolean serve(ClusterMirror mirror, ClusterView first) throws InterruptedException {
    ClusterView view = first;
    boolean stale = false;
    Duration lastAsked = environment.uptime();
    while (true) {
      work.await(waiting().isEmpty() ? IDLE : WATCH_LAG);
      List<ReadTicket> asking = waiting(); // before the refresh: what they want to see has happened
      stale |= mirror.refresh();
      Duration now = environment.uptime();
      if (!asking.isEmpty()) {
        lastAsked = now;
        if (stale) {
          view = new ClusterView(mirror.snapshot(), mirror.problems());
          stale = false;
        }
        if (!answer(asking, view, mirror.revision(), now)) {
          return false;
        }
      } else if (now.minus(lastAsked).compareTo(IDLE) >= 0 && retire()) {
        return true;
      }
    }
  }

  /// Ends this task, unless somebody has asked just now.
  private synchronized boolean retire() {
    if (!waiting.isEmpty()) {
      return false;
    }
    task = null;
    last = Optional.empty();
    return true;
  }

  private synchronized void fail(StoreException end) {
    task = null;
    last = Optional.empty();
    for (ReadTicket ticket : waiting) {
      ticket.fail(end);
    }
    waiting.clear();
  }

  /// Answers those for whom the view is new enough.
  ///
  /// @param revision up to which the view is true, which may be above its own
  /// @return whether the others can go on waiting
  private synchronized boolean answer(
      List<ReadTicket> asking, ClusterView view, long revision, Duration now) {
    boolean inTime = true;
    for (ReadTicket ticket : asking) {
      if (ticket.revision <= revision) {
        ticket.answer(view);
        waiting.remove(ticket);
        last = Optional.of(new Shown(view, revision, now));
      } else {
        inTime &= now.minus(ticket.asked).compareTo(WATCH_LAG) < 0;
      }
    }
    return inTime;
  }

  /// Turns away whoever asks from now on, and whoever waits.
  @Override
  public synchronized void close() {
    closed = true;
    if (task != null) {
      task.interrupt();
    }
  }
}
