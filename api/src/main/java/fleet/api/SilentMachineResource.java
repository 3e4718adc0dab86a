package fleet.api;

import java.util.List;

/// A machine that should run something, is not there, and is not evicted. Not in fleet v1.
///
/// @param units what is assigned to it, by name
public record SilentMachineResource(String machineId, List<String> units) {

  public SilentMachineResource {
    units = List.copyOf(units);
  }
}
