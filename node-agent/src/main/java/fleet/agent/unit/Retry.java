package fleet.agent.unit;

import java.time.Duration;
import java.util.Optional;

/// That an attempt at a unit has failed, how often in a row, and when it may be tried again.
///
/// @param failures in a row; 1 or more
/// @param until when the next attempt may be made, by the time that nobody can set
/// @param problem what has failed, for people to read
/// @param ofStart whether the attempt was a start that systemd has carried out, in vain
public record Retry(int failures, Duration until, String problem, boolean ofStart) {

  /// Pauses grow no more after so many doublings: every limit is below that.
  private static final int MOST_DOUBLINGS = 20;

  /// How often in a row a unit has failed; 0 if it has not.
  static int failures(Optional<Retry> before) {
    return before.map(Retry::failures).orElse(0);
  }

  /// The pause after one more failure: it doubles with each, up to the longest.
  static Duration pause(Optional<Retry> before, Duration first, Duration longest) {
    Duration pause = first.multipliedBy(1L << Math.min(failures(before), MOST_DOUBLINGS));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }

  /// The attempt has failed once more.
  static Retry after(Optional<Retry> before, Duration until, String problem, boolean ofStart) {
    return new Retry(failures(before) + 1, until, problem, ofStart);
  }

  /// The same, but that it may be tried again from now on: what was in the way may have gone.
  Retry atOnce(Duration now) {
    return until.compareTo(now) > 0 ? new Retry(failures, now, problem, ofStart) : this;
  }

  /// Whether it must not be tried again yet.
  public boolean isDeferred(Duration now) {
    return until.compareTo(now) > 0;
  }
}
