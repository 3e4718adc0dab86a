package fleet.agent;

import fleet.cluster.env.Environment;
import java.time.Duration;

/// By which lease the machine is present, and until when it surely is, whatever the store may think
/// of it by now.
///
/// A lease lives for its time to live from when it was last renewed there, and that was not before
/// we asked. So it is certain to live until a time to live after the last *successful* renewal was
/// *asked* for. From then on the lease has *lapsed*: others may count the machine as gone. Time
/// that the machine has slept counts.
///
/// For use from any thread.
final class Lease {

  private final Environment environment;
  private final Duration ttl;
  private long id;
  private Duration sure;
  private long lapses;

  /// Nothing is known yet of the lease of an agent before this one; it may live for one time to
  /// live from now on.
  Lease(Environment environment, Duration ttl) {
    this.environment = environment;
    this.ttl = ttl;
    this.sure = environment.sinceBoot().plus(ttl);
  }

  /// The lease by which the machine is present; 0 if it is not.
  synchronized long id() {
    return id;
  }

  /// Another lease has been granted, and the machine announced under it.
  ///
  /// @param asked when it was asked for, by [Environment#sinceBoot]
  synchronized void granted(long lease, Duration asked) {
    id = lease;
    extend(asked);
  }

  /// The lease has been renewed.
  ///
  /// @param asked when that was asked for, by [Environment#sinceBoot]
  synchronized void renewed(long lease, Duration asked) {
    if (lease == id) {
      extend(asked);
    }
  }

  private void extend(Duration asked) {
    if (asked.compareTo(sure) >= 0) {
      lapses++;
    }
    Duration until = asked.plus(ttl);
    sure = until.compareTo(sure) > 0 ? until : sure;
  }

  /// The machine is present no longer.
  synchronized void ended() {
    if (id != 0) {
      id = 0;
      lapses++;
      sure = environment.sinceBoot();
    }
  }

  /// Whether others may count the machine as gone.
  synchronized boolean lapsed() {
    return environment.sinceBoot().compareTo(sure) >= 0;
  }

  /// How long until it lapses; not positive if it has.
  synchronized Duration untilLapse() {
    return sure.minus(environment.sinceBoot());
  }

  /// How often it has lapsed and been renewed or given up.
  synchronized long lapses() {
    return lapses;
  }
}
