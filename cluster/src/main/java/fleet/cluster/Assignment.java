package fleet.cluster;

import fleet.unit.UnitFile;
import fleet.unit.UnitName;

/// What the leader wants of one machine: to have this unit, in this text, brought this far.
///
/// It carries all that the machine's agent needs, so that the agent reads nobody else's keys.
///
/// @param target [TargetState#LOADED] or [TargetState#LAUNCHED]; an inactive unit has no assignment
/// @param generation how often this machine was asked to restart it ([Restarts#on])
public record Assignment(
    UnitName.Placeable unit, UnitFile file, TargetState target, long generation) {}
