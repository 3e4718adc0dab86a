package fleet.testing.store;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Requests;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The reference implementation of [Store]: the contract, executable.
///
/// It never waits, so it serves tests and simulations alike. A lease ends when the environment's
/// time says so: each call first ends what has expired, so nobody reads by a dead lease, and one
/// task sleeps until the next deadline, so that watchers learn of it.
public final class MemoryStore implements Store {

  private static final int REVISIONS_KEPT = 10_000;
  private static final int BATCH = 1_000;

  private static final String CLOSED = "memory store: it has been closed";

  private static final Duration LONGEST_SLEEP = Duration.ofDays(1);

  private static final class Lease {
    final Duration ttl;
    Duration deadline;

    Lease(Duration ttl, Duration deadline) {
      this.ttl = ttl;
      this.deadline = deadline;
    }
  }

  private final Environment environment;
  private final Signal granted;
  private final Environment.Task expiry;
  private final History history = new History();
  private final TreeMap<Long, Lease> leases = new TreeMap<>();
  private final List<Cursor> watches = new ArrayList<>();
  private long nextLease = 1;

  /// Before this, no lease expires.
  private Duration nextExpiry = Duration.ZERO;

  private boolean closed;

  public MemoryStore(Environment environment) {
    this.environment = environment;
    this.granted = environment.signal("store: lease granted");
    this.expiry = environment.fork("store: lease expiry", this::expireForever);
  }

  @Override
  public synchronized Range range(String prefix) {
    enter();
    return history.range(prefix, history.revision());
  }

  @Override
  public synchronized Range range(String prefix, long revision) {
    enter();
    if (revision > history.revision()) {
      throw new StoreException.Unavailable(
          "memory store: revision " + revision + " is yet to come, after " + history.revision());
    }
    if (revision < history.oldest()) {
      throw new StoreException.Compacted(revision, history.oldest());
    }
    return history.range(prefix, revision);
  }

  @Override
  public synchronized Optional<Entry> read(String key) {
    enter();
    Requests.checkKey(key);
    return history.now(key);
  }

  @Override
  public synchronized Commit commit(List<Compare> when, List<Op> then) {
    if (closed) {
      return new Commit.Unknown(CLOSED);
    }
    expire();
    Requests.checkTransaction(when, then);
    if (!when.stream().allMatch(this::holds)) {
      return new Commit.Refused(history.revision());
    }
    then.forEach(this::checkLease);
    apply(then);
    return new Commit.Applied(history.revision());
  }

  private boolean holds(Compare compare) {
    Optional<Entry> entry = history.now(compare.key());
    return switch (compare) {
      case Compare.Absent _ -> entry.isEmpty();
      case Compare.CreatedAt(_, var at) -> entry.filter(e -> e.createRevision() == at).isPresent();
      case Compare.UnchangedSince(_, var at) ->
          entry.filter(e -> e.modRevision() == at).isPresent();
    };
  }

  private void checkLease(Op op) {
    if (op instanceof Op.Put(var key, _, var lease) && lease != 0 && !leases.containsKey(lease)) {
      throw new StoreException.Denied(
          "memory store: put of " + key + " under lease " + lease + ", which has ended");
    }
  }

  private void apply(List<Op> ops) {
    long revision = history.revision() + 1;
    List<Change> changes = new ArrayList<>();
    for (Op op : ops) {
      Optional<Entry> old = history.now(op.key());
      switch (op) {
        case Op.Put(var key, var value, var lease) -> {
          long created = old.map(Entry::createRevision).orElse(revision);
          changes.add(new Change.Put(key, new Entry(value, created, revision, lease)));
        }
        case Op.Delete(var key) -> {
          if (old.isPresent()) {
            changes.add(new Change.Delete(key, revision));
          }
        }
      }
    }
    if (!changes.isEmpty()) {
      history.append(changes);
      history.forget(history.revision() - REVISIONS_KEPT);
      watches.stream().filter(watch -> watch.concerns(changes)).forEach(Cursor::wake);
    }
  }

  @Override
  public synchronized long grant(Duration ttl) {
    enter();
    Requests.checkTtl(ttl);
    long lease = nextLease++;
    Duration deadline = environment.uptime().plus(ttl);
    leases.put(lease, new Lease(ttl, deadline));
    if (deadline.compareTo(nextExpiry) < 0) {
      nextExpiry = deadline;
      granted.raise();
    }
    return lease;
  }

  @Override
  public synchronized boolean keepAlive(long lease) {
    enter();
    Lease alive = leases.get(lease);
    if (alive == null) {
      return false;
    }
    alive.deadline = environment.uptime().plus(alive.ttl);
    return true;
  }

  @Override
  public synchronized Optional<Life> life(long lease) {
    enter();
    return Optional.ofNullable(leases.get(lease))
        .map(alive -> new Life(alive.ttl, alive.deadline.minus(environment.uptime())));
  }

  /// When a lease ends unless it is kept alive, by the environment's uptime; empty if it has.
  public synchronized Optional<Duration> end(long lease) {
    expire();
    return Optional.ofNullable(leases.get(lease)).map(alive -> alive.deadline);
  }

  @Override
  public synchronized void revoke(long lease) {
    enter();
    if (leases.remove(lease) != null) {
      deleteKeysOf(lease);
    }
  }

  /// One revision a lease, however many its keys.
  private void deleteKeysOf(long lease) {
    List<Op> deletes = new ArrayList<>();
    history
        .range("", history.revision())
        .entries()
        .forEach(
            (key, entry) -> {
              if (entry.lease() == lease) {
                deletes.add(new Op.Delete(key));
              }
            });
    apply(deletes);
  }

  @Override
  public synchronized Watch watch(String prefix, long fromRevision, Signal signal) {
    enter();
    Requests.checkPrefix(prefix);
    var watch = new Cursor(prefix, fromRevision, signal);
    watches.add(watch);
    watch.wake();
    return watch;
  }

  /// A place in the history, from which a watch reads on.
  private final class Cursor implements Watch {
    private final String prefix;
    private final Signal signal;
    private long next;
    private boolean over;

    Cursor(String prefix, long next, Signal signal) {
      this.prefix = prefix;
      this.next = next;
      this.signal = signal;
    }

    boolean concerns(List<Change> changes) {
      return changes.stream().anyMatch(change -> change.key().startsWith(prefix));
    }

    void wake() {
      signal.raise();
    }

    @Override
    public Batch poll() {
      synchronized (MemoryStore.this) {
        if (over || closed) {
          return new Batch.Changes(next - 1, List.of());
        }
        expire();
        if (next <= history.oldest() && history.oldest() > 1) {
          return new Batch.Compacted(history.oldest());
        }
        return next > history.revision() ? new Batch.Changes(next - 1, List.of()) : read();
      }
    }

    private Batch read() {
      List<Change> found = new ArrayList<>();
      for (; next <= history.revision() && found.size() < BATCH; next++) {
        history.changes(next).stream()
            .filter(change -> change.key().startsWith(prefix))
            .forEach(found::add);
      }
      if (next <= history.revision()) {
        signal.raise();
      }
      return new Batch.Changes(next - 1, found);
    }

    @Override
    public void close() {
      synchronized (MemoryStore.this) {
        over = true;
        watches.remove(this);
      }
    }
  }

  /// Forgets what was before `revision`, as every store does in time: whoever asks for it, or
  /// watches from it, is told that it has been compacted.
  public synchronized void compact(long revision) {
    enter();
    history.forget(Math.min(revision, history.revision()));
    watches.forEach(Cursor::wake);
  }

  private void enter() {
    if (closed) {
      throw new StoreException.Unavailable(CLOSED);
    }
    expire();
  }

  /// Ends what has expired by now, in order of expiry.
  private void expire() {
    Duration now = environment.uptime();
    if (now.compareTo(nextExpiry) < 0) {
      return;
    }
    Duration next = now.plus(LONGEST_SLEEP);
    var over = new ArrayList<Map.Entry<Duration, Long>>();
    for (var lease : leases.entrySet()) {
      Duration deadline = lease.getValue().deadline;
      if (deadline.compareTo(now) <= 0) {
        over.add(Map.entry(deadline, lease.getKey()));
      } else if (deadline.compareTo(next) < 0) {
        next = deadline;
      }
    }
    nextExpiry = next;
    over.sort(Map.Entry.comparingByKey());
    over.forEach(lease -> leases.remove(lease.getValue()));
    over.forEach(lease -> deleteKeysOf(lease.getValue()));
  }

  private void expireForever() throws InterruptedException {
    while (true) {
      granted.await(untilNextExpiry());
    }
  }

  private synchronized Duration untilNextExpiry() {
    expire();
    return nextExpiry.minus(environment.uptime());
  }

  @Override
  public synchronized void close() {
    closed = true;
    expiry.interrupt();
  }
}
