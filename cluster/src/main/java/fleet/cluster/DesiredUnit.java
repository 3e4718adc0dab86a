package fleet.cluster;

import fleet.unit.Requirements;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;

/// What a user asked for: one unit, and how far it should come.
///
/// @param requirements the meaning of the `[X-Fleet]` section of `file` under `name`
/// @param restarts how often users have asked that it be restarted
public record DesiredUnit(
    UnitName name,
    UnitFile file,
    Requirements requirements,
    TargetState target,
    Restarts restarts) {

  /// A unit with the requirements that its file states.
  public static DesiredUnit of(
      UnitName name, UnitFile file, TargetState target, Restarts restarts) {
    return new DesiredUnit(name, file, Requirements.of(name, file), target, restarts);
  }

  /// The same unit, brought another way.
  public DesiredUnit to(TargetState other) {
    return new DesiredUnit(name, file, requirements, other, restarts);
  }

  /// The same unit, restarted as often as that.
  public DesiredUnit restarted(Restarts as) {
    return new DesiredUnit(name, file, requirements, target, as);
  }
}
