package fleet.scheduler;

import fleet.cluster.Pause;
import fleet.cluster.env.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What an engine has done so far.
///
/// @param leadingSince when its present term began; empty while it does not lead
/// @param planning how often it has planned, and how long that took
/// @param done what it has written
/// @param failures how many times it could not write what it had planned
/// @param failed what it could not write then, or does not know that it has
/// @param silent how many machines have something to run, are not there, and are not given up, as
///     of its last plan; 0 while it does not lead
/// @param pause that evictions wait, as of its last plan; empty while it does not lead
public record EngineStatus(
    Optional<Instant> leadingSince,
    Histogram planning,
    Tally done,
    long failures,
    Tally failed,
    int silent,
    Optional<Pause> pause) {

  /// How many decisions there were of each kind.
  ///
  /// @param assigned a unit was put on a machine
  /// @param unassigned a unit was taken off one
  /// @param lost it was taken off because its machine was gone
  /// @param unplaced a unit was found to be on no machine, or to be so for another reason
  public record Tally(long assigned, long unassigned, long lost, long unplaced) {

    static final Tally NOTHING = new Tally(0, 0, 0, 0);

    private Tally plus(Tally more) {
      return new Tally(
          assigned + more.assigned,
          unassigned + more.unassigned,
          lost + more.lost,
          unplaced + more.unplaced);
    }
  }

  /// Of an engine that has only just been made.
  public static final EngineStatus NEW =
      new EngineStatus(
          Optional.empty(), Histogram.EMPTY, Tally.NOTHING, 0, Tally.NOTHING, 0, Optional.empty());

  EngineStatus leading(Instant since) {
    return new EngineStatus(Optional.of(since), planning, done, failures, failed, silent, pause);
  }

  EngineStatus following() {
    return new EngineStatus(
        Optional.empty(), planning, done, failures, failed, 0, Optional.empty());
  }

  EngineStatus planned(Duration took) {
    return new EngineStatus(
        leadingSince, planning.plus(took), done, failures, failed, silent, pause);
  }

  EngineStatus wrote(Tally tally) {
    return new EngineStatus(
        leadingSince, planning, done.plus(tally), failures, failed, silent, pause);
  }

  EngineStatus failed(Tally tally) {
    return new EngineStatus(
        leadingSince, planning, done, failures + 1, failed.plus(tally), silent, pause);
  }

  EngineStatus seeing(int silentMachines, Optional<Pause> paused) {
    return new EngineStatus(leadingSince, planning, done, failures, failed, silentMachines, paused);
  }
}
