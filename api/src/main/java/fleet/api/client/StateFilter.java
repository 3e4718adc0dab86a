package fleet.api.client;

/// Which states to list. An empty text filters nothing.
///
/// @param unitName the full name of a unit
/// @param machineId the full ID of a machine
public record StateFilter(String unitName, String machineId) {

  /// The states of all units on all machines.
  public static final StateFilter ALL = new StateFilter("", "");

  /// The states of one unit on all machines.
  public static StateFilter ofUnit(String unitName) {
    return new StateFilter(unitName, "");
  }
}
