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
/// A machine renews its lease four times in its time to live, so it takes a silence of three
/// quarters of that to lose one. We call two thirds a silence, and must therefore ask more often.
///
/// For use from any thread.
final class Contact {

  private final Environment environment;
  private final Duration machineTtl;
  private final Duration silence;
  private final Duration period;
  private Duration steadyFrom;
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
  }

  /// Takes note that the store has just answered.
  synchronized void answered() {
    Duration now = environment.uptime();
    if (!known || silentAt(now)) {
      steadyFrom = now.plus(machineTtl);
    }
    known = true;
    answered = now;
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
