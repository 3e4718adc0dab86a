package fleet.ctl.wait;

import fleet.api.GivenOrderResource;

/// A unit that is waited for.
///
/// @param order the number of the order whose outcome is waited for; 0 if what is waited for is
///     none
/// @param everywhere whether every machine that is to have the unit is to carry out the order, as
///     of a global unit; else it is the one that the unit is assigned to, whichever that is
/// @param machineId the one machine that the order is for; empty if it is for all that have it
/// @param generation of the restart that the order leads to, by which an agent of an earlier fleet
///     tells that it has carried it out; 0 if it is no restart
public record Awaited(
    String name, Goal goal, long order, boolean everywhere, String machineId, long generation) {

  /// A unit that is to go, which is no order.
  public static Awaited going(String name, Goal goal) {
    return new Awaited(name, goal, 0, false, "", 0);
  }

  /// An order for all machines that are to have the unit.
  public static Awaited ordered(String name, Goal goal, GivenOrderResource order, boolean global) {
    return new Awaited(name, goal, order.number(), global, "", order.generation());
  }

  /// An order that one machine has got, of several that may have the unit.
  public static Awaited orderedOn(
      String name, Goal goal, GivenOrderResource order, String machineId) {
    return new Awaited(name, goal, order.number(), false, machineId, order.generation());
  }
}
