package fleet.agent.unit;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.cluster.UnitState.Trial;
import java.time.Duration;
import java.util.Optional;

/// How a unit does that has a limit of failures (`FailureLimit=`): how often in a row it has failed
/// on this machine, and when it may be started again.
///
/// What systemd's own `Restart=` does is no failure: a unit has failed when systemd has given it up
/// and calls it `failed`, or when it could not be started at all. It is started again here after a
/// pause that doubles, for as long as it is assigned; when it has failed too often, the leader
/// takes it elsewhere. Without a leader it is tried on.
///
/// Failures are forgotten when something new is assigned, a restart included, and when the unit has
/// proven itself: it has ended well, or been up for some time.
///
/// @param retry its failures in a row; empty if there are none
/// @param down what to say of a unit whose last failure is counted, and which has not been started
///     since; empty if that is not so
/// @param upSince since when it is up; empty if it is not
/// @param proven whether it has proven itself
public record FailureCounter(
    Optional<Retry> retry, String down, Optional<Duration> upSince, boolean proven) {

  /// The longest pause before a unit is started again.
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /// How long a unit must be up to count as well.
  private static final Duration PROOF = Duration.ofMinutes(5);

  /// Of a unit of which something new is assigned.
  public static final FailureCounter NEW =
      new FailureCounter(Optional.empty(), "", Optional.empty(), false);

  /// The unit is about to be started.
  public FailureCounter starting() {
    return new FailureCounter(retry, "", Optional.empty(), false);
  }

  /// Whether the unit, whose start has been carried out, has failed since, and that is not counted.
  public boolean hasFailed(LocalUnit observed) {
    return isFailed(observed) && down.isEmpty();
  }

  private static boolean isFailed(LocalUnit observed) {
    return observed.phase() == Phase.RESTING && observed.active().equals("failed");
  }

  /// The unit, whose start has been carried out, is like this, and has not failed anew.
  public FailureCounter seen(LocalUnit observed, Duration now) {
    if (isFailed(observed)) {
      return this;
    }
    if (observed.phase() == Phase.RESTING) {
      return proof();
    }
    if (!observed.active().equals("active")) {
      return new FailureCounter(retry, down, Optional.empty(), proven);
    }
    Duration since = upSince.orElse(now);
    var up = new FailureCounter(retry, "", Optional.of(since), proven);
    return now.minus(since).compareTo(PROOF) >= 0 ? up.proof() : up;
  }

  private FailureCounter proof() {
    return new FailureCounter(Optional.empty(), "", upSince, true);
  }

  /// How long to leave the unit alone if it fails once more.
  ///
  /// @param first the pause after the first failure
  public Duration pause(Duration first) {
    return Retry.pause(retry, first, LONGEST_PAUSE);
  }

  /// The unit has failed once more, or could not be started.
  ///
  /// @param until when it may be started again, by the time that nobody can set
  /// @param shown the same by the clock, for people to read
  public FailureCounter failed(String problem, boolean ofStart, Duration until, String shown) {
    Retry now = Retry.after(retry, until, problem, ofStart);
    int failures = now.failures();
    return new FailureCounter(
        Optional.of(now),
        "%s, %s in a row here; it is started again at %s"
            .formatted(problem, failures == 1 ? "once" : failures + " times", shown),
        Optional.empty(),
        false);
  }

  /// What the machine says of it.
  public Trial trial() {
    return new Trial(Retry.failures(retry), proven);
  }
}
