package fleet.cluster;

import fleet.unit.Requirements;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;

/// What a user asked for: one unit, and how far it should come.
///
/// @param requirements the meaning of the `[X-Fleet]` section of `file` under `name`
/// @param generation counts the restarts that users asked for; an agent restarts a unit when the
///     generation of its assignment is above the one it has applied
public record DesiredUnit(
    UnitName name, UnitFile file, Requirements requirements, TargetState target, long generation) {

  /// A unit with the requirements that its file states.
  public static DesiredUnit of(UnitName name, UnitFile file, TargetState target, long generation) {
    return new DesiredUnit(name, file, Requirements.of(name, file), target, generation);
  }
}
