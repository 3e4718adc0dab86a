package fleet.scheduler.plan;

import fleet.unit.UnitName;
import fleet.unit.requirements.Glob;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/// All that [Placements#veto] asks of a unit that is not on a machine: of two units with equal
/// demands, each machine can take both or neither, and for the same reason. So one of them is asked
/// about for all ([FeasibleMachines]).
///
/// All that a veto looks at must be a part of this, also if it concerns one unit only. Otherwise
/// units share a veto that is not theirs.
///
/// @param machineId what its `MachineID` names
/// @param metadata what its `MachineMetadata` asks for
/// @param machineOf the peers that it must be with
/// @param circle the circle into which these lead, if they do
/// @param conflicts its own `Conflicts`
/// @param matchedBy those `Conflicts` of others that match its name
/// @param replacers the units that push it off their machine
/// @param own its name, if some machine has that for itself
record Demand(
    Optional<String> machineId,
    SortedMap<String, SortedSet<String>> metadata,
    SortedSet<String> machineOf,
    List<UnitName.Placeable> circle,
    SortedSet<Glob> conflicts,
    SortedSet<Glob> matchedBy,
    List<PlannedUnit> replacers,
    Optional<UnitName.Placeable> own) {

  /// To be called when [DependencyOrder] has found the circles.
  ///
  /// @param taken names that some machine has for itself
  static Demand of(PlannedUnit unit, Set<UnitName.Placeable> taken) {
    var requirements = unit.requirements();
    return new Demand(
        requirements.machineId(),
        requirements.metadata(),
        requirements.machineOf(),
        unit.circle(),
        requirements.conflicts(),
        unit.matchedBy(),
        unit.replacers(),
        Optional.of(unit.name()).filter(taken::contains));
  }
}
