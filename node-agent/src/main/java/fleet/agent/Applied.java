package fleet.agent;

import fleet.cluster.TargetState;
import fleet.unit.UnitHash;

/// How far a unit has been brought here, and in which text.
///
/// @param hash of the file that systemd has read
/// @param target [TargetState#LOADED] once that has happened, or once the unit has been stopped
///     again; [TargetState#LAUNCHED] once its start has been carried out, also if it has ended
///     since
/// @param generation of the assignment that this followed
public record Applied(UnitHash hash, TargetState target, long generation) {

  Applied target(TargetState reached) {
    return new Applied(hash, reached, generation);
  }

  /// The same, but below any generation that can be assigned: should the unit be launched, it must
  /// be started again.
  Applied interrupted() {
    return new Applied(hash, target, -1);
  }
}
