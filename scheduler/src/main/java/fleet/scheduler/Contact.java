package fleet.scheduler;

import fleet.cluster.env.Environment;
import java.time.Duration;

/// Whether the store has answered us all along, so that a machine that is absent from it is gone.
///
/// A store that stops answering stops renewing leases, and time may go on in it: when it is back,
/// every machine seems gone. What we see then says nothing about machines until they have had one
/// time to live to report again. Nor does it when we have only just started, perhaps together with
/// everybody else, and perhaps while the store was away: that time begins with its first answer.
///
/// Where that time is short for them, since all are busy with coming back at once, it begins anew
/// with each machine that comes back in it: so nobody is given up who is only the slowest.
///
/// A machine renews its lease four times in its time to live, so it takes a silence of three
/// quarters of that to lose one. We call two thirds a silence, and must therefore ask more often.
///
/// For use from any thread.
final class Contact {

  /// For how many times to live machines that come back are followed by others at most.
  private static final int LONGEST = 5;

  private final Environment environment;
  private final Duration machineTtl;
  private final Duration silence;
  private final Duration period;
  private Duration steadyFrom;

  /// When it is steady at the latest.
  private Duration limit;

  private Duration answered;

  /// Whether it ever has.
  private boolean known;

  /// Begins unsteady.
  Contact(Environment environment, Duration machineTtl) {
    this.environment = environment;
    this.machineTtl = machineTtl;
    this.silence = machineTtl.multipliedBy(2).dividedBy(3);
    this.period = machineTtl.dividedBy(2);
    this.answered = environment.uptime();
    this.steadyFrom = answered.plus(machineTtl);
    this.limit = steadyFrom;
  }

  /// Takes note that the store has just answered.
  synchronized void answered() {
    Duration now = environment.uptime();
    if (!known || silentAt(now)) {
      steadyFrom = now.plus(machineTtl);
      limit = now.plus(machineTtl.multipliedBy(LONGEST));
    }
    known = true;
    answered = now;
  }

  /// Takes note that a machine has come back: others may be about to.
  synchronized void returned() {
    Duration now = environment.uptime();
    if (now.compareTo(steadyFrom) < 0) {
      Duration next = now.plus(machineTtl);
      steadyFrom = next.compareTo(limit) < 0 ? next : limit;
    }
  }

  /// Whether machines that are absent are gone.
  synchronized boolean steady() {
    Duration now = environment.uptime();
    return known && !silentAt(now) && now.compareTo(steadyFrom) >= 0;
  }

  private boolean silentAt(Duration now) {
    return now.minus(answered).compareTo(silence) >= 0;
  }

  /// How often the store must be asked something so that no silence is missed.
  Duration period() {
    return period;
  }
}
