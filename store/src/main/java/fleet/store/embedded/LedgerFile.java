package fleet.store.embedded;

import fleet.cluster.store.StoreException;
import fleet.store.embedded.Formats.Revision;
import fleet.store.embedded.Formats.Version;
import fleet.store.embedded.Formats.VersionKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.jspecify.annotations.Nullable;

/// Every version of every key that is still kept, in a file.
///
/// Two maps carry it. `versions` holds what each key came to be at each revision that changed it,
/// ordered by key and then by revision: so the state at any revision is, for each key, the last
/// version up to it. `log` holds, for each revision, which keys it changed. What is older than the
/// oldest revision in the log goes, except for the versions that were in force then.
///
/// One thread writes; others may read meanwhile, at revisions that have been committed. A thread
/// that calls in here must never be interrupted, since that would close the file under everybody.
final class LedgerFile implements AutoCloseable {

  private static final int VERSIONS_KEPT_FOR_RECOVERY = 5;
  private static final int TARGET_FILL_PERCENT = 50;
  private static final int TIDY_BYTES = 1 << 20;

  private final Path path;
  private final MVStore file;
  private final MVMap<VersionKey, Version> versions;
  private final MVMap<Long, Revision> log;
  private final MVMap<Long, Long> leases;
  private final MVMap<String, String> about;

  private long head;
  private long logBytes;
  private volatile long oldest;

  /// @throws StoreException.Denied if it is of another format
  LedgerFile(Path path, MVStore file) {
    this.path = path;
    this.file = file;
    file.setRetentionTime(0); // each commit is synced, so what it replaced may be overwritten
    file.setVersionsToKeep(VERSIONS_KEPT_FOR_RECOVERY);
    this.about = file.openMap("about");
    String format = about.get("format");
    if (format == null) {
      about.put("format", Formats.VERSION);
    } else if (!format.equals(Formats.VERSION)) {
      throw new StoreException.Denied(
          "%s: expected format %s, found %s: it was written by another release of fleet"
              .formatted(path, Formats.VERSION, format));
    }
    this.versions =
        file.openMap(
            "versions",
            new MVMap.Builder<VersionKey, Version>()
                .keyType(new Formats.VersionKeyType())
                .valueType(new Formats.VersionType()));
    this.log =
        file.openMap(
            "log",
            new MVMap.Builder<Long, Revision>()
                .keyType(LongDataType.INSTANCE)
                .valueType(new Formats.RevisionType()));
    this.leases =
        file.openMap(
            "leases",
            new MVMap.Builder<Long, Long>()
                .keyType(LongDataType.INSTANCE)
                .valueType(LongDataType.INSTANCE));
    if (log.isEmpty()) {
      log.put(1L, new Revision(List.of(), 0));
    }
    this.oldest = present(log.firstKey());
    this.head = present(log.lastKey());
    log.cursor(null).forEachRemaining(at -> logBytes += present(log.get(at)).bytes());
    commit();
  }

  Path path() {
    return path;
  }

  /// Whether it can no longer be asked, as after a write that failed.
  boolean isClosed() {
    return file.isClosed();
  }

  // Reading, at a revision.

  /// The last revision, committed or not.
  long head() {
    return head;
  }

  /// The oldest revision that can be read. Whoever reads at a revision looks at this afterwards: if
  /// it has passed the revision meanwhile, what was read is not to be trusted.
  long oldest() {
    return oldest;
  }

  Optional<Item> find(Bytes key, long at) {
    return guarded(() -> findUnguarded(key, at));
  }

  private Optional<Item> findUnguarded(Bytes key, long at) {
    VersionKey last = versions.floorKey(new VersionKey(key, at));
    return last != null && last.key().equals(key)
        ? item(last, versions.get(last))
        : Optional.empty();
  }

  private static Optional<Item> item(VersionKey at, @Nullable Version version) {
    return version instanceof Version.Bound(var value, var created, var count, var lease)
        ? Optional.of(new Item(at.key(), value, created, at.revision(), count, lease))
        : Optional.empty();
  }

  /// How much of a range to read.
  ///
  /// @param items how many to return, though all are counted; 0 means all
  /// @param bytes how many they may have; if they have more, it is refused
  record Bounds(long items, long bytes) {
    static final Bounds NONE = new Bounds(0, Long.MAX_VALUE);
  }

  Slice range(KeyRange range, long at, Bounds bounds) {
    return guarded(
        () -> {
          if (range.isOneKey()) {
            List<Item> items = findUnguarded(range.from(), at).stream().toList();
            return new Slice(at, items, items.size());
          }
          return scan(range, at, bounds);
        });
  }

  private Slice scan(KeyRange range, long at, Bounds bounds) {
    var found = new Found(bounds);
    Optional<Item> last = Optional.empty();
    var cursor = versions.cursor(new VersionKey(range.from(), 0));
    while (cursor.hasNext()) {
      VersionKey next = cursor.next();
      if (!range.contains(next.key())) {
        break;
      }
      if (last.isPresent() && !last.get().key().equals(next.key())) {
        found.add(last.get());
        last = Optional.empty();
      }
      if (next.revision() <= at) {
        last = item(next, cursor.getValue());
      }
    }
    last.ifPresent(found::add);
    return new Slice(at, found.items, found.count);
  }

  private static final class Found {
    final List<Item> items = new ArrayList<>();
    final Bounds bounds;
    long count;
    long bytes;

    Found(Bounds bounds) {
      this.bounds = bounds;
    }

    void add(Item item) {
      count++;
      if (bounds.items == 0 || items.size() < bounds.items) {
        items.add(item);
        bytes += item.key().length() + item.value().length();
      }
      if (bytes > bounds.bytes) {
        throw new LedgerException.TooMuch(bounds.bytes);
      }
    }
  }

  /// The keys that a revision changed, in the order in which it did.
  List<Bytes> changed(long revision) {
    Revision made = log.get(revision);
    return made == null ? List.of() : made.keys();
  }

  /// What a revision did to the keys of a range.
  List<Event> events(long revision, KeyRange range, boolean withPrevious) {
    return guarded(
        () -> {
          List<Event> events = new ArrayList<>();
          for (Bytes key : changed(revision)) {
            if (range.contains(key)) {
              events.add(event(key, revision, withPrevious));
            }
          }
          return events;
        });
  }

  private Event event(Bytes key, long revision, boolean withPrevious) {
    Optional<Item> previous =
        withPrevious && revision > oldest ? findUnguarded(key, revision - 1) : Optional.empty();
    var at = new VersionKey(key, revision);
    return item(at, versions.get(at))
        .<Event>map(item -> new Event.Put(item, previous))
        .orElseGet(() -> new Event.Delete(key, revision, previous));
  }

  /// Keeps the parts of the file that the reader may come upon from being overwritten.
  private <T> T guarded(Supplier<T> read) {
    var usage = file.registerVersionUsage();
    try {
      return read.get();
    } finally {
      file.deregisterVersionUsage(usage);
    }
  }

  // Writing.

  /// What becomes of a key in the revision that is being made; empty means that it is deleted.
  record Change(Bytes key, Optional<Item> item) {}

  /// Makes the next revision. It is there after a crash once [#commit()] has returned.
  void append(List<Change> changes) {
    head++;
    long bytes = 0;
    List<Bytes> keys = new ArrayList<>();
    for (Change change : changes) {
      Version version =
          change
              .item()
              .<Version>map(
                  i -> new Version.Bound(i.value(), i.createRevision(), i.version(), i.lease()))
              .orElseGet(Version.Gone::new);
      versions.put(new VersionKey(change.key(), head), version);
      keys.add(change.key());
      bytes += change.key().length() + change.item().map(item -> item.value().length()).orElse(0);
    }
    log.put(head, new Revision(keys, bytes));
    logBytes += bytes;
  }

  /// Forgets the revisions before `revision`.
  void forget(long revision) {
    long from = oldest;
    oldest = Math.max(from, revision);
    for (long at = from; at < revision; at++) {
      Revision forgotten = log.remove(at);
      if (forgotten != null) {
        logBytes -= forgotten.bytes();
        forgotten.keys().forEach(this::forgetVersions);
      }
    }
  }

  private void forgetVersions(Bytes key) {
    VersionKey inForce = versions.floorKey(new VersionKey(key, oldest));
    if (inForce == null || !inForce.key().equals(key)) {
      return;
    }
    for (VersionKey older;
        (older = versions.lowerKey(inForce)) != null && older.key().equals(key); ) {
      versions.remove(older);
    }
    // A deletion at the oldest revision itself still has to be told to who watches from there.
    if (inForce.revision() < oldest && versions.get(inForce) instanceof Version.Gone) {
      versions.remove(inForce);
    }
  }

  /// How much has changed since the oldest revision, in bytes.
  long logBytes() {
    return logBytes;
  }

  long bytesOf(long revision) {
    Revision changed = log.get(revision);
    return changed == null ? 0 : changed.bytes();
  }

  /// Leases and their times to live, in seconds.
  SortedMap<Long, Long> leases() {
    var all = new TreeMap<Long, Long>();
    for (Map.Entry<Long, Long> lease : leases.entrySet()) {
      all.put(lease.getKey(), lease.getValue());
    }
    return all;
  }

  void addLease(long lease, long ttlSeconds) {
    leases.put(lease, ttlSeconds);
  }

  void removeLease(long lease) {
    leases.remove(lease);
  }

  /// Whether there is anything that a commit would make durable.
  boolean isChanged() {
    return file.hasUnsavedChanges();
  }

  /// Makes all that was written durable, at once or not at all.
  void commit() {
    if (isChanged()) {
      file.commit();
      file.sync();
    }
  }

  /// Rewrites a little of what is mostly garbage, so that the file does not grow without bound.
  void tidy() {
    if (file.compact(TARGET_FILL_PERCENT, TIDY_BYTES)) {
      file.sync();
    }
  }

  /// How large the file is.
  long bytes() {
    return file.getFileStore().size();
  }

  /// How much of it is free to be written without its becoming larger.
  long freeBytes() {
    return bytes() / 100 * (100 - file.getFileStore().getFillRate());
  }

  /// The number by which this ledger differs from any other, chosen when it is new.
  long id(LongSupplier chosen) {
    OptionalLong id = id();
    if (id.isPresent()) {
      return id.getAsLong();
    }
    long fresh = chosen.getAsLong();
    about.put("id", Long.toHexString(fresh));
    commit();
    return fresh;
  }

  /// That number, unless none has been chosen yet.
  OptionalLong id() {
    String id = about.get("id");
    return id == null ? OptionalLong.empty() : OptionalLong.of(Long.parseUnsignedLong(id, 16));
  }

  @Override
  public void close() {
    file.close();
  }

  /// Closes it as it is, after a failure.
  void abandon() {
    file.closeImmediately();
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a revision is missing from the log");
    }
    return value;
  }
}
