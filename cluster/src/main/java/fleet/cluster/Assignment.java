package fleet.cluster;

import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.requirements.Requirements;
import java.util.Optional;

/// What the leader wants of one machine: to have this unit, in this text, brought this far.
///
/// It carries all that the machine's agent needs, so that the agent reads nobody else's keys.
///
/// @param target [TargetState#LOADED] or [TargetState#LAUNCHED]; [TargetState#INACTIVE] if an
///     exclusive unit is *withheld*: the machine must be rid of it, and nobody else may have it
///     before that is certain. Other inactive units have no assignment
/// @param generation how often this machine was asked to restart it ([Restarts#on])
/// @param order the newest that users gave which concerns this machine ([Orders#on]); empty if none
///     was given, or if the leader knows no orders
public record Assignment(
    UnitName.Placeable unit,
    UnitFile file,
    TargetState target,
    long generation,
    Optional<Order> order) {

  /// Of a unit of which nobody ordered anything.
  public Assignment(UnitName.Placeable unit, UnitFile file, TargetState target, long generation) {
    this(unit, file, target, generation, Optional.empty());
  }

  /// The same, by that order.
  public Assignment by(Optional<Order> as) {
    return new Assignment(unit, file, target, generation, as);
  }

  /// Whether the machine must be rid of the unit, and say so.
  public boolean withheld() {
    return target == TargetState.INACTIVE;
  }

  /// Whether the unit is to run, and its file limits how often it may fail.
  public boolean limitsFailures() {
    return target == TargetState.LAUNCHED && Requirements.of(unit, file).failureLimit().isPresent();
  }

  /// The same, withheld.
  public Assignment withhold() {
    return new Assignment(unit, file, TargetState.INACTIVE, generation, order);
  }
}
