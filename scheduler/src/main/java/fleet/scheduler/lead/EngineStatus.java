package fleet.scheduler.lead;

import fleet.cluster.Pause;
import fleet.cluster.env.Histogram;
import fleet.scheduler.commit.WriteCount;
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
/// @param silent how many machines have something to run, are not there, and are not evicted, as
///     of its last plan; 0 while it does not lead
/// @param pause that evictions wait, as of its last plan; empty while it does not lead
public record EngineStatus(
    Optional<Instant> leadingSince,
    Histogram planning,
    WriteCount done,
    long failures,
    WriteCount failed,
    int silent,
    Optional<Pause> pause) {

  /// Of an engine that has only just been made.
  public static final EngineStatus NEW =
      new EngineStatus(
          Optional.empty(),
          Histogram.EMPTY,
          WriteCount.NOTHING,
          0,
          WriteCount.NOTHING,
          0,
          Optional.empty());

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

  EngineStatus wrote(WriteCount tally) {
    return new EngineStatus(
        leadingSince, planning, done.plus(tally), failures, failed, silent, pause);
  }

  EngineStatus failed(WriteCount tally) {
    return new EngineStatus(
        leadingSince, planning, done, failures + 1, failed.plus(tally), silent, pause);
  }

  EngineStatus seeing(int silentMachines, Optional<Pause> paused) {
    return new EngineStatus(leadingSince, planning, done, failures, failed, silentMachines, paused);
  }
}
