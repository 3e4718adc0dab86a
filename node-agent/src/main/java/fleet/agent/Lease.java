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
/// A machine that joins has a lease before it is present: that one is renewed as well, but nothing
/// is allowed by it until the machine has been announced.
///
/// For use from any thread.
final class Lease {

  private final Environment environment;
  private final Duration ttl;
  private long id;
  private Duration sure;
  private long lapses;
  private long joining;
  private Duration joiningSure = Duration.ZERO;

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

  /// The lease under which the machine is to be announced; 0 if it has none that surely lives.
  synchronized long joining() {
    return environment.sinceBoot().compareTo(joiningSure) < 0 ? joining : 0;
  }

  /// The lease to ask a renewal for; 0 if there is none, or if it may be no more.
  synchronized long renewable() {
    return id == 0 ? joining() : lapsed() ? 0 : id;
  }

  /// A lease has been granted, for the machine to be announced under it.
  ///
  /// @param asked when it was asked for, by [Environment#sinceBoot]
  synchronized void granted(long lease, Duration asked) {
    joining = lease;
    joiningSure = asked.plus(ttl);
  }

  /// The machine has been announced under the lease that was granted for it. That may have lapsed,
  /// if much time has passed since.
  ///
  /// @return false if the store knows that lease no longer
  synchronized boolean joined(long lease) {
    if (joining != lease) {
      return false;
    }
    id = lease;
    joining = 0;
    extend(joiningSure.minus(ttl));
    return true;
  }

  /// The machine does not join under that lease: the store knows it no longer, or nobody wants to.
  synchronized void refused(long lease) {
    joining = lease == joining ? 0 : joining;
  }

  /// The lease has been renewed.
  ///
  /// @param asked when that was asked for, by [Environment#sinceBoot]
  synchronized void renewed(long lease, Duration asked) {
    if (lease == id) {
      extend(asked);
    } else if (lease == joining) {
      joiningSure = later(asked.plus(ttl), joiningSure);
    }
  }

  private void extend(Duration asked) {
    if (asked.compareTo(sure) >= 0) {
      lapses++;
    }
    sure = later(asked.plus(ttl), sure);
  }

  private static Duration later(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /// The machine is present no longer, and does not join under the lease that was granted for that.
  synchronized void ended() {
    joining = 0;
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
