package fleet.store.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Which leases live, until when, and which keys live by them. For any thread.
///
/// Time passes here only while this process runs. If it was stopped for a while, or the whole
/// machine was, then nobody could keep a lease alive; so that time counts for almost nothing. As
/// when the store was closed and is opened again: nobody is declared dead because the store was
/// away.
final class Leases {

  private static final Duration LONGEST_STEP = Duration.ofMillis(500);

  private static final class Lease {
    final Duration ttl;
    final TreeSet<Bytes> keys = new TreeSet<>();
    Duration deadline;
    boolean ending;

    Lease(Duration ttl, Duration deadline) {
      this.ttl = ttl;
      this.deadline = deadline;
    }
  }

  private final Supplier<Duration> uptime;
  private final TreeMap<Long, Lease> leases = new TreeMap<>();
  private Duration lastSeen;
  private Duration awake = Duration.ZERO;

  Leases(Supplier<Duration> uptime) {
    this.uptime = uptime;
    this.lastSeen = uptime.get();
  }

  private Duration now() {
    Duration seen = uptime.get();
    Duration step = seen.minus(lastSeen);
    lastSeen = seen;
    awake = awake.plus(step.compareTo(LONGEST_STEP) < 0 ? step : LONGEST_STEP);
    return awake;
  }

  synchronized void add(long id, Duration ttl) {
    leases.put(id, new Lease(ttl, now().plus(ttl)));
  }

  /// Begins anew, with leases that have all of their time and no keys yet.
  ///
  /// @param ttls of the leases, in seconds
  synchronized void begin(SortedMap<Long, Long> ttls) {
    leases.clear();
    ttls.forEach((id, seconds) -> add(id, Duration.ofSeconds(seconds)));
  }

  synchronized boolean has(long id) {
    return leases.containsKey(id);
  }

  /// @return its time to live; empty if it has ended
  synchronized Optional<Duration> keepAlive(long id) {
    Lease lease = leases.get(id);
    if (lease == null || lease.ending) {
      return Optional.empty();
    }
    lease.deadline = now().plus(lease.ttl);
    return Optional.of(lease.ttl);
  }

  /// Takes those whose time is over, the longest dead first. They can no longer be kept alive, but
  /// stay until they are removed.
  synchronized List<Long> expire() {
    Duration now = now();
    List<Long> expired = new ArrayList<>();
    leases.forEach(
        (id, lease) -> {
          if (lease.deadline.compareTo(now) <= 0) {
            lease.ending = true;
            expired.add(id);
          }
        });
    expired.sort(Comparator.comparing(this::deadline));
    return expired;
  }

  private Duration deadline(long id) {
    Lease lease = leases.get(id);
    return lease == null ? Duration.ZERO : lease.deadline;
  }

  /// @return the keys that lived by it
  synchronized SortedSet<Bytes> remove(long id) {
    Lease lease = leases.remove(id);
    return lease == null ? new TreeSet<>() : lease.keys;
  }

  /// A key that lived by one lease, or none, from now on lives by another, or none.
  synchronized void move(Bytes key, long from, long to) {
    Lease old = leases.get(from);
    if (old != null) {
      old.keys.remove(key);
    }
    Lease next = leases.get(to);
    if (next != null) {
      next.keys.add(key);
    }
  }

  synchronized SortedSet<Long> ids() {
    return new TreeSet<>(leases.keySet());
  }

  /// How it stands with a lease.
  synchronized Optional<Ledger.Life> life(long id) {
    Lease lease = leases.get(id);
    return lease == null
        ? Optional.empty()
        : Optional.of(new Ledger.Life(lease.ttl, lease.deadline.minus(now()), lease.keys));
  }
}
