package fleet.store.etcd;

import fleet.cluster.store.Store.Change;
import fleet.store.wire.Event;
import fleet.store.wire.KeyValue;
import java.util.ArrayList;
import java.util.List;

/// What a watch has heard and not yet told: whole revisions only. Guarded by its watch.
final class Backlog {

  private static final int ENOUGH_BYTES = 4 << 20;

  private List<Change> whole = new ArrayList<>();
  private long bytes;

  /// Of the latest revision, of which more may come.
  private final List<Change> part = new ArrayList<>();

  /// All up to this revision has been heard.
  private long heard;

  /// The latest revision of which we know that the store has come so far.
  private long witnessed;

  Backlog(long heard) {
    this.heard = heard;
  }

  long heard() {
    return heard;
  }

  long witnessed() {
    return witnessed;
  }

  boolean isEmpty() {
    return whole.isEmpty();
  }

  /// Whether no more should be asked for before this has been told.
  boolean isFull() {
    return bytes >= ENOUGH_BYTES;
  }

  /// All that can be told now.
  List<Change> take() {
    List<Change> taken = whole;
    whole = new ArrayList<>();
    bytes = 0;
    return taken;
  }

  /// Hears events in order of revision, again those that it has heard before.
  ///
  /// @param moreToCome whether the last revision among them may not be whole yet
  void hear(List<Event> events, boolean moreToCome) {
    events.forEach(this::hear);
    if (!moreToCome) {
      completePart();
    }
  }

  private void hear(Event event) {
    KeyValue bound = event.getKv();
    long revision = bound.getModRevision();
    if (revision <= heard) {
      return;
    }
    if (!part.isEmpty() && part.getLast().revision() != revision) {
      completePart();
    }
    part.add(change(event.getType(), bound));
    bytes += event.getSerializedSize();
  }

  private static Change change(Event.EventType type, KeyValue bound) {
    String key = bound.getKey().toStringUtf8();
    return switch (type) {
      case PUT -> new Change.Put(key, EtcdStore.entry(bound));
      case DELETE, UNRECOGNIZED -> new Change.Delete(key, bound.getModRevision());
    };
  }

  private void completePart() {
    if (!part.isEmpty()) {
      whole.addAll(part);
      hearUpTo(part.getLast().revision());
      part.clear();
    }
  }

  /// Notes that there is nothing else up to `revision`.
  void hearUpTo(long revision) {
    heard = Math.max(heard, revision);
    witnessed = Math.max(witnessed, revision);
  }

  /// The rest of the latest revision will not come: it will be heard again, whole.
  void forgetPart() {
    part.clear();
  }
}
