package fleet.agent.presence;

import fleet.cluster.env.Environment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

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
/// For use from any task: all that is known is one value, and is replaced as one.
public final class Lease {

  private final Environment environment;
  private final Duration ttl;
  private final AtomicReference<Known> known;

  /// What is known of the machine's leases. All times are by [Environment#sinceBoot].
  ///
  /// @param id of the lease by which the machine is present; 0 if it is not
  /// @param sure until when it surely lives
  /// @param lapses how often it has lapsed and been renewed, or been given up
  /// @param joining the lease under which the machine is to be announced; 0 if there is none
  /// @param joiningSure until when that one surely lives
  private record Known(long id, Duration sure, long lapses, long joining, Duration joiningSure) {

    Known granted(long lease, Duration until) {
      return new Known(id, sure, lapses, lease, until);
    }

    Known joined(Duration ttl) {
      return new Known(joining, sure, lapses, 0, joiningSure).extended(joiningSure.minus(ttl), ttl);
    }

    Known refused(long lease) {
      return new Known(id, sure, lapses, lease == joining ? 0 : joining, joiningSure);
    }

    Known renewed(long lease, Duration asked, Duration ttl) {
      if (lease == id) {
        return extended(asked, ttl);
      }
      return lease == joining
          ? new Known(id, sure, lapses, joining, later(asked.plus(ttl), joiningSure))
          : this;
    }

    private Known extended(Duration asked, Duration ttl) {
      long failed = asked.compareTo(sure) >= 0 ? lapses + 1 : lapses;
      return new Known(id, later(asked.plus(ttl), sure), failed, joining, joiningSure);
    }

    Known ended(Duration now) {
      return id == 0
          ? new Known(id, sure, lapses, 0, joiningSure)
          : new Known(0, now, lapses + 1, 0, joiningSure);
    }

    long joining(Duration now) {
      return now.compareTo(joiningSure) < 0 ? joining : 0;
    }

    boolean lapsed(Duration now) {
      return now.compareTo(sure) >= 0;
    }

    private static Duration later(Duration one, Duration other) {
      return one.compareTo(other) > 0 ? one : other;
    }
  }

  /// Nothing is known yet of the lease of an agent before this one; it may live for one time to
  /// live from now on.
  public Lease(Environment environment, Duration ttl) {
    this.environment = environment;
    this.ttl = ttl;
    Duration sure = environment.sinceBoot().plus(ttl);
    this.known = new AtomicReference<>(new Known(0, sure, 0, 0, Duration.ZERO));
  }

  private Known known() {
    return known.get();
  }

  /// The lease by which the machine is present; 0 if it is not.
  public long id() {
    return known().id();
  }

  /// The lease under which the machine is to be announced; 0 if it has none that surely lives.
  public long joining() {
    return known().joining(environment.sinceBoot());
  }

  /// The lease to ask a renewal for; 0 if there is none, or if it may be no more.
  public long renewable() {
    Known now = known();
    Duration time = environment.sinceBoot();
    if (now.id() == 0) {
      return now.joining(time);
    }
    return now.lapsed(time) ? 0 : now.id();
  }

  /// A lease has been granted, for the machine to be announced under it.
  ///
  /// @param asked when it was asked for, by [Environment#sinceBoot]
  public void granted(long lease, Duration asked) {
    known.updateAndGet(now -> now.granted(lease, asked.plus(ttl)));
  }

  /// The machine has been announced under the lease that was granted for it. That may have lapsed,
  /// if much time has passed since.
  ///
  /// @return false if the store knows that lease no longer
  public boolean joined(long lease) {
    Known before = known.getAndUpdate(now -> now.joining() == lease ? now.joined(ttl) : now);
    return before.joining() == lease;
  }

  /// The machine does not join under that lease: the store knows it no longer, or nobody wants to.
  public void refused(long lease) {
    known.updateAndGet(now -> now.refused(lease));
  }

  /// The lease has been renewed.
  ///
  /// @param asked when that was asked for, by [Environment#sinceBoot]
  public void renewed(long lease, Duration asked) {
    known.updateAndGet(now -> now.renewed(lease, asked, ttl));
  }

  /// The machine is present no longer, and does not join under the lease that was granted for that.
  public void ended() {
    Duration time = environment.sinceBoot();
    known.updateAndGet(now -> now.ended(time));
  }

  /// Whether others may count the machine as gone.
  public boolean lapsed() {
    return known().lapsed(environment.sinceBoot());
  }

  /// How long until it lapses; not positive if it has.
  public Duration untilLapse() {
    return known().sure().minus(environment.sinceBoot());
  }

  /// How often it has lapsed and been renewed or given up.
  public long lapses() {
    return known().lapses();
  }
}
