package fleet.simulation;

import java.time.Duration;

/// When nobody could reach the store for so long that every lease may have ended: whoever is absent
/// from it then has had no chance to report. Machines are given one time to live to do so.
final class Blackouts {

  private final Duration ttl;

  /// By then, the term of whoever decided something before is over.
  private final Duration longest;

  private Duration answered = Duration.ZERO;
  private Duration end = Duration.ZERO;

  /// @param ttl the time that machines live; leaders live no longer
  Blackouts(Duration ttl) {
    this.ttl = ttl;
    this.longest = ttl.plusSeconds(1);
  }

  /// The store has answered somebody.
  void answered(Duration now) {
    if (now.minus(answered).compareTo(longest) >= 0) {
      end = now;
    }
    answered = now;
  }

  /// Whether machines may yet report.
  boolean justOver(Duration now) {
    return now.minus(end).compareTo(ttl) < 0;
  }
}
