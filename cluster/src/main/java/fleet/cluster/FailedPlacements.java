package fleet.cluster;

import fleet.unit.UnitHash;
import java.util.List;

/// Where a unit has failed as often as its `FailureLimit=` allows, and was taken off for that.
///
/// @param text of the unit that failed: of another nothing is known
/// @param restarts how often users had asked for restarts by then: one more begins anew
/// @param machines where it failed, the one where it did longest ago first
/// @param moves how often it was taken off a machine for that
public record FailedPlacements(UnitHash text, long restarts, List<MachineId> machines, int moves) {

  public FailedPlacements {
    machines = List.copyOf(machines);
  }
}
