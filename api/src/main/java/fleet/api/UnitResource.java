package fleet.api;

import fleet.unit.UnitOption;
import java.util.List;

/// A unit as the API shows it and takes it. An empty text stands for a field that is not there.
///
/// @param desiredState `inactive`, `loaded` or `launched`
/// @param currentState how far the unit has come, in the same words; only in answers, and for
///     global units not in all of them
/// @param machineId the machine that the unit is assigned to; only in answers, never of global
///     units
public record UnitResource(
    String name,
    String desiredState,
    String currentState,
    String machineId,
    List<UnitOption> options) {

  public UnitResource {
    options = List.copyOf(options);
  }
}
