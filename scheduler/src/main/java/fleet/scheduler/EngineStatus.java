package fleet.scheduler;

import java.time.Instant;
import java.util.Optional;

/// What an engine has done so far.
///
/// @param leadingSince when its present term began; empty while it does not lead
/// @param plans how often it has planned
/// @param assigned how many times it has put a unit on a machine
/// @param unassigned how many times it has taken one off
/// @param failures how many times it could not write what it had planned
public record EngineStatus(
    Optional<Instant> leadingSince, long plans, long assigned, long unassigned, long failures) {

  static final EngineStatus NEW = new EngineStatus(Optional.empty(), 0, 0, 0, 0);

  EngineStatus leading(Instant since) {
    return new EngineStatus(Optional.of(since), plans, assigned, unassigned, failures);
  }

  EngineStatus following() {
    return new EngineStatus(Optional.empty(), plans, assigned, unassigned, failures);
  }

  EngineStatus planned(long moreAssigned, long moreUnassigned) {
    return new EngineStatus(
        leadingSince, plans + 1, assigned + moreAssigned, unassigned + moreUnassigned, failures);
  }

  EngineStatus failed() {
    return new EngineStatus(leadingSince, plans, assigned, unassigned, failures + 1);
  }
}
