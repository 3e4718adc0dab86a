package fleet.cluster.registry;

import fleet.cluster.Assignment;
import fleet.cluster.Explanation;
import fleet.cluster.FailedPlacements;
import fleet.cluster.MachineId;
import fleet.cluster.Pause;
import fleet.unit.UnitName;
import java.util.Optional;

/// One thing that only the leader writes.
public sealed interface Decision {
  record Assign(MachineId machine, Assignment assignment) implements Decision {}

  /// Tells a machine to be rid of an exclusive unit, and keeps in mind that it may not be.
  ///
  /// @param machineGone whether only because the machine is gone: refused if it has come back
  record Withhold(MachineId machine, Assignment assignment, boolean machineGone)
      implements Decision {}

  /// @param machineGone whether only because the machine is gone: refused if it has come back
  record Unassign(MachineId machine, UnitName.Placeable unit, boolean machineGone)
      implements Decision {}

  record Explain(UnitName unit, Explanation explanation) implements Decision {}

  /// Explains a unit by reasons that are shared, which are written already.
  record ExplainBy(UnitName unit, String summary, String reasons) implements Decision {}

  record Unexplain(UnitName unit) implements Decision {}

  /// Writes reasons that explanations can refer to.
  record Share(Reasons reasons) implements Decision {}

  /// Removes reasons that no explanation refers to any more.
  record Unshare(String reasons) implements Decision {}

  /// Evicts a machine that is silent, and has something that no other can take: refused if it
  /// has come back.
  record Evict(MachineId machine) implements Decision {}

  /// Forgets that a machine was evicted, which has nothing any more.
  record ForgetEviction(MachineId machine) implements Decision {}

  /// Remembers where a unit has failed too often; or, if empty, forgets it.
  record Failed(UnitName.Placeable unit, Optional<FailedPlacements> failures) implements Decision {}

  /// Says that evictions wait; or, if empty, that they do not.
  record Pausing(Optional<Pause> pause) implements Decision {}
}
