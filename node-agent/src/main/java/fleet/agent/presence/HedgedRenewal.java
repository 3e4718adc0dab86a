package fleet.agent.presence;

import fleet.cluster.env.Environment;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongConsumer;

/// Asks again for a renewal of the lease that is not answered, without waiting until that has
/// failed.
///
/// A request to the store may take a second before it is given up: of those, a lease of three
/// seconds has two. Where one message of twenty is lost a machine would count as gone once an hour.
/// So whoever renews says when it will ask next, and if it has no answer a moment after that,
/// another request is sent beside the first, and another, until one is answered.
///
/// The moment is a small part of the lease, but twice as long as the last answer took: a store that
/// is slow is asked twice as often, not ten times. A lease that has lapsed is not asked for here:
/// a store that is away is left to [Heartbeat]'s longer pauses.
final class HedgedRenewal {

  private static final Logger LOG = System.getLogger(HedgedRenewal.class.getName());

  /// So many requests follow each other quickly; then the store is rather away than losing some.
  private static final int QUICK = 8;

  /// How many may be unanswered at once.
  private static final int MOST = 16;

  private final Environment environment;
  private final Store store;
  private final Lease lease;
  private final LongConsumer renewed;
  private final LongConsumer expired;
  private final Duration period;
  private final Duration shortest;
  private final Duration longest;

  /// When a renewal is to be asked for.
  private Duration due = Duration.ZERO;

  /// How long after that a renewal should have been answered.
  private Duration patience;

  private int unanswered;

  /// @param ttl of the lease
  /// @param renewed is told of a lease that has been renewed
  /// @param expired is told of a lease that the store knows no longer
  HedgedRenewal(
      Environment environment,
      Store store,
      Lease lease,
      Duration ttl,
      LongConsumer renewed,
      LongConsumer expired) {
    this.environment = environment;
    this.store = store;
    this.lease = lease;
    this.renewed = renewed;
    this.expired = expired;
    this.period = ttl.dividedBy(4);
    this.shortest = ttl.dividedBy(48);
    this.longest = ttl.dividedBy(12);
    this.patience = shortest;
  }

  /// A renewal will be asked for when so much time has passed, by somebody else.
  synchronized void planned(Duration after) {
    Duration planned = environment.uptime().plus(after);
    due = planned.compareTo(due) < 0 ? planned : due;
  }

  /// A renewal that was asked for then has been answered. The next is due when its time has come,
  /// also if whoever should ask for it is still waiting for another answer.
  ///
  /// @param asked by [Environment#uptime]
  synchronized void answered(Duration asked) {
    due = asked.plus(period);
    Duration took = environment.uptime().minus(asked);
    Duration twice = took.plus(took);
    patience =
        twice.compareTo(shortest) < 0 ? shortest : twice.compareTo(longest) < 0 ? twice : longest;
  }

  /// Runs until interrupted.
  void run() throws InterruptedException {
    int asked = 0;
    while (true) {
      Duration wait = untilOverdue();
      if (wait.isPositive()) {
        asked = 0;
        environment.sleep(wait);
      } else {
        ask(lease.renewable());
        asked++;
        environment.sleep(asked < QUICK ? patience() : longest);
      }
    }
  }

  /// How long until a renewal is overdue; not positive if it is.
  private synchronized Duration untilOverdue() {
    if (lease.renewable() == 0) {
      return longest;
    }
    return due.plus(patience).minus(environment.uptime());
  }

  private synchronized Duration patience() {
    return patience;
  }

  private void ask(long held) {
    if (held != 0 && more(1)) {
      environment.fork(
          "agent: renewal",
          () -> {
            try {
              var _ = renew(held);
            } catch (StoreException e) {
              LOG.log(Level.DEBUG, () -> "asked once more, in vain: " + e.getMessage());
            } finally {
              more(-1);
            }
          });
    }
  }

  /// Takes note of requests that are sent, or have ended.
  ///
  /// @return whether there may be so many
  private synchronized boolean more(int count) {
    if (unanswered + count > MOST) {
      return false;
    }
    unanswered += count;
    return true;
  }

  /// Asks for a renewal, and tells of what comes of it.
  ///
  /// @return false if the lease is no more
  /// @throws StoreException if there is no answer
  boolean renew(long held) throws InterruptedException {
    Duration asked = environment.uptime();
    Duration askedSinceBoot = environment.sinceBoot();
    if (!store.keepAlive(held)) {
      expired.accept(held);
      return false;
    }
    lease.renewed(held, askedSinceBoot);
    answered(asked);
    renewed.accept(held);
    return true;
  }
}
