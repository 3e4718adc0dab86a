package fleet.cluster;

import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.requirements.Requirements;

/// What a user asked for: one unit, and how far it should come.
///
/// @param requirements the meaning of the `[X-Fleet]` section of `file` under `name`
/// @param restarts how often users have asked that it be restarted
/// @param orders what they have asked for, one by one
public record DesiredUnit(
    UnitName name,
    UnitFile file,
    Requirements requirements,
    TargetState target,
    Restarts restarts,
    Orders orders) {

  /// A unit with the requirements that its file states, of which nobody ordered anything.
  public static DesiredUnit of(
      UnitName name, UnitFile file, TargetState target, Restarts restarts) {
    return of(name, file, target, restarts, Orders.NONE);
  }

  /// A unit with the requirements that its file states.
  public static DesiredUnit of(
      UnitName name, UnitFile file, TargetState target, Restarts restarts, Orders orders) {
    return new DesiredUnit(name, file, Requirements.of(name, file), target, restarts, orders);
  }

  /// The same unit, brought another way.
  public DesiredUnit to(TargetState other) {
    return new DesiredUnit(name, file, requirements, other, restarts, orders);
  }

  /// The same unit, restarted as often as that.
  public DesiredUnit restarted(Restarts as) {
    return new DesiredUnit(name, file, requirements, target, as, orders);
  }

  /// The same unit, of which that was ordered.
  public DesiredUnit ordered(Orders as) {
    return new DesiredUnit(name, file, requirements, target, restarts, as);
  }
}
