package fleet.scheduler.uncertainty;

import java.time.Duration;

/// Whether the store has answered us all along, so that a machine that is absent from it is gone. A
/// value: each answer makes the next one.
///
/// A store that stops answering stops renewing leases, and time may go on in it: when it is back,
/// every machine seems gone. What we see then says nothing about machines until they have had one
/// time to live to report again. Nor does it when we have only just started, perhaps together with
/// everybody else, and perhaps while the store was away: that time begins with its first answer.
///
/// Where that time is short for the machines, since all are busy with coming back at once, it
/// begins anew with each machine that comes back in it: so no machine is evicted that is only the
/// slowest.
///
/// A machine renews its lease four times in its time to live, so it takes a silence of three
/// quarters of that to lose one. We call two thirds a silence, and must therefore ask more often
/// than that.
///
/// All instants are spans since the process began, which nobody can set
/// ([fleet.cluster.env.Environment#uptime]).
///
/// @param machineTtl after which a machine that does not renew its lease is gone
/// @param answered when the store answered last; when we began if it never has
/// @param known whether it ever has
/// @param steadyFrom from when on an absent machine is gone, if the store goes on answering
/// @param limit when that is so at the latest, however many machines come back
public record StoreContact(
    Duration machineTtl, Duration answered, boolean known, Duration steadyFrom, Duration limit) {

  /// For how many times to live machines that come back are followed by others at most.
  private static final int LONGEST = 5;

  /// Of an engine that begins now, and knows nothing yet.
  public static StoreContact begun(Duration machineTtl, Duration now) {
    Duration steadyFrom = now.plus(machineTtl);
    return new StoreContact(machineTtl, now, false, steadyFrom, steadyFrom);
  }

  /// The store has answered.
  public StoreContact answered(Duration now) {
    return !known || isSilent(now)
        ? new StoreContact(
            machineTtl, now, true, now.plus(machineTtl), now.plus(machineTtl.multipliedBy(LONGEST)))
        : new StoreContact(machineTtl, now, true, steadyFrom, limit);
  }

  /// A machine has come back: others may be about to.
  public StoreContact returned(Duration now) {
    Duration next = now.plus(machineTtl);
    return now.compareTo(steadyFrom) < 0
        ? new StoreContact(
            machineTtl, answered, known, next.compareTo(limit) < 0 ? next : limit, limit)
        : this;
  }

  /// Whether machines that are absent are gone.
  public boolean isSteady(Duration now) {
    return known && !isSilent(now) && now.compareTo(steadyFrom) >= 0;
  }

  private boolean isSilent(Duration now) {
    return now.minus(answered).compareTo(machineTtl.multipliedBy(2).dividedBy(3)) >= 0;
  }

  /// How often the store must be asked something so that no silence is missed.
  public Duration period() {
    return machineTtl.dividedBy(2);
  }
}
