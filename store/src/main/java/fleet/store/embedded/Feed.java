package fleet.store.embedded;

import java.util.ArrayList;
import java.util.List;

/// A place in the history of a ledger, from which somebody follows what becomes of a range.
///
/// It holds no events. It knows up to where everything has been told, and which revision is the
/// last that concerns it; so while nothing does, it keeps up by itself, and no compaction can
/// overtake it.
public final class Feed implements AutoCloseable {

  private static final int EVENTS_AT_ONCE = 1_000;
  private static final int BYTES_AT_ONCE = 1 << 20;

  private final Ledger ledger;
  private final Feeds feeds;
  private final KeyRange range;
  private final boolean withPrevious;
  private final Runnable wake;

  // Guarded by the feeds.
  private long next;
  private long lastOfConcern;
  private boolean closed;

  Feed(Ledger ledger, Feeds feeds, KeyRange range, long from, boolean withPrevious, Runnable wake) {
    this.ledger = ledger;
    this.feeds = feeds;
    this.range = range;
    this.next = from;
    this.withPrevious = withPrevious;
    this.wake = wake;
  }

  KeyRange range() {
    return range;
  }

  /// What it has to tell.
  public sealed interface Told {
    /// What has become of the range.
    ///
    /// @param revision up to which everything is now told
    /// @param events in order; all of one revision, or none
    record Events(long revision, List<Event> events) implements Told {
      public Events {
        events = List.copyOf(events);
      }
    }

    /// What it would have told is no longer kept.
    record Compacted(long oldest) implements Told {}
  }

  /// Whatever has happened up to `revision` may concern it.
  void begin(long revision) {
    lastOfConcern = revision;
    if (next <= revision) {
      wake();
    }
  }

  void wake() {
    wake.run();
  }

  /// @return whether that concerns it
  boolean hear(Bytes key, long revision) {
    if (revision < next || !range.contains(key)) {
      return false;
    }
    if (lastOfConcern < next) {
      next = revision; // all before it is told, since it was of no concern
    }
    lastOfConcern = revision;
    return true;
  }

  /// Takes what there is, in order. For one thread at a time.
  public Told poll() {
    long from;
    long to;
    synchronized (feeds) {
      from = next;
      to = lastOfConcern;
      if (closed || to < from) {
        return nothing();
      }
    }
    Told told = ledger.readNow(file -> read(file, from, to));
    synchronized (feeds) {
      if (!(told instanceof Told.Events(var revision, var events))) {
        return told == null ? new Told.Events(next - 1, List.of()) : told;
      }
      next = revision + 1;
      if (lastOfConcern >= next) {
        wake();
        return told;
      }
      return new Told.Events(Math.max(feeds.told(), revision), events);
    }
  }

  private Told nothing() {
    return new Told.Events(Math.max(feeds.told(), next - 1), List.of());
  }

  private Told read(LedgerFile file, long from, long to) {
    List<Event> events = new ArrayList<>();
    long bytes = 0;
    long at = from;
    for (; at <= to && events.size() < EVENTS_AT_ONCE && bytes < BYTES_AT_ONCE; at++) {
      for (Event event : file.events(at, range, withPrevious)) {
        events.add(event);
        bytes += event instanceof Event.Put(var item, _) ? item.value().length() : 0;
      }
    }
    return from < file.oldest()
        ? new Told.Compacted(file.oldest())
        : new Told.Events(at - 1, events);
  }

  @Override
  public void close() {
    synchronized (feeds) {
      closed = true;
      feeds.remove(this);
    }
  }
}
