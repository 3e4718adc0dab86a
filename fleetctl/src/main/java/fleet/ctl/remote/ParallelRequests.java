package fleet.ctl.remote;

import fleet.api.client.ClientException;
import fleet.api.client.FleetClient;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends a request for each of many items, over a few connections at once, and hands over what came
/// of each in the order in which the items were given. A request takes most of its time to wait.
///
/// Once the API fails in a way that makes it vain to go on, no further request is begun.
/// [#unfinished] then says what is not done, or not known to be done.
///
/// @param <T> what a request is sent for
/// @param <R> what comes of it
public final class ParallelRequests<T, R> implements AutoCloseable {

  /// The work, which runs on several threads at once.
  public interface Work<T, R> {
    /// @throws ClientException if it is vain to go on with any other
    R of(T item, FleetClient api);
  }

  /// As many connections as are opened; a server has some more for others.
  private static final int MOST = 6;

  /// Fewer items go over the connection that is there: another would cost more than it saves.
  private static final int WORTH_IT = 12;

  /// Something that no result was handed over for.
  ///
  /// @param begun whether the API was asked for it, so that it may have been done
  public record Unfinished<T>(T item, boolean begun) {}

  private static final Duration CHECK = Duration.ofSeconds(1);

  /// What became of one item: just one of the three, or none while it is under way.
  private record Slot<R>(@Nullable R result, @Nullable ClientException failure, boolean broken) {}

  private final Cluster cluster;
  private final List<T> items;
  private final Work<T, R> work;
  private final Signal settled;
  private final List<@Nullable Slot<R>> slots;
  private final int connections;
  private int begun;
  private int running;
  private boolean stopped;
  private int next;
  private @Nullable ClientException failure;

  public ParallelRequests(Cluster cluster, Environment time, List<T> items, Work<T, R> work) {
    this.cluster = cluster;
    this.items = List.copyOf(items);
    this.work = work;
    this.settled = time.signal("requests");
    this.slots = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      slots.add(null);
    }
    this.connections = items.size() < WORTH_IT ? 0 : MOST;
    this.running = connections;
    for (int i = 0; i < connections; i++) {
      FleetClient api = cluster.connect();
      time.fork("request-" + i, () -> drive(api));
    }
  }

  /// What came of the next one; empty after the last.
  ///
  /// @throws ClientException after the last, if it was vain to go on
  public Optional<R> next() throws InterruptedException {
    while (next < items.size()) {
      Slot<R> slot = connections == 0 ? dealWithHere(next) : await(next);
      next++;
      if (slot == null) {
        break; // not begun, nor will be any after it
      }
      if (slot.result() != null) {
        return Optional.of(slot.result());
      }
      if (slot.broken()) {
        throw new IllegalStateException("the work on " + items.get(next - 1) + " broke off");
      }
      if (failure == null) {
        failure = slot.failure();
      }
      if (connections == 0) {
        break;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  /// What no result was handed over for: after the last, all that is not done, or not known to be.
  public synchronized List<Unfinished<T>> unfinished() {
    var unfinished = new ArrayList<Unfinished<T>>();
    for (int i = 0; i < items.size(); i++) {
      Slot<R> slot = slots.get(i);
      if (slot == null || slot.result() == null) {
        unfinished.add(new Unfinished<>(items.get(i), slot != null));
      }
    }
    return unfinished;
  }

  private @Nullable Slot<R> await(int index) throws InterruptedException {
    while (true) {
      synchronized (this) {
        Slot<R> slot = slots.get(index);
        if (slot != null || (running == 0 && index >= begun)) {
          return slot;
        }
      }
      settled.await(CHECK);
    }
  }

  private void drive(FleetClient api) {
    try (api) {
      for (int index = begin(); index >= 0; index = begin()) {
        var slot = new Slot<R>(null, null, true);
        try {
          slot = dealWith(index, api);
        } finally {
          settle(index, slot);
        }
      }
    } finally {
      end();
    }
  }

  private Slot<R> dealWithHere(int index) {
    Slot<R> slot = dealWith(index, cluster.api());
    settle(index, slot);
    return slot;
  }

  private Slot<R> dealWith(int index, FleetClient api) {
    try {
      return new Slot<>(work.of(items.get(index), api), null, false);
    } catch (ClientException e) {
      return new Slot<>(null, e, false);
    }
  }

  /// Takes the next item; below 0 if there is none to take.
  private synchronized int begin() {
    return stopped || begun == items.size() ? -1 : begun++;
  }

  private void settle(int index, Slot<R> slot) {
    synchronized (this) {
      slots.set(index, slot);
      stopped |= slot.result() == null;
    }
    settled.raise();
  }

  private void end() {
    synchronized (this) {
      running--;
    }
    settled.raise();
  }

  /// Lets what is under way come to its end, and begins nothing more.
  @Override
  public void close() {
    synchronized (this) {
      stopped = true;
    }
  }
}
