package fleet.ctl.change;

import fleet.api.GivenOrderResource;
import fleet.api.OrderResource;
import fleet.api.client.FleetClient;
import fleet.cluster.env.Environment;
import fleet.ctl.wait.Goal;
import fleet.unit.UnitOption;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Gives the orders of one command. Each has a name that no other ever had, which goes with it as
/// often as the order is sent: so it is given once, also if an answer was lost. On any thread.
final class OrderSender {

  private final String command;
  private final AtomicInteger count = new AtomicInteger();

  OrderSender(Environment environment) {
    this.command = "fleetctl-" + HexFormat.of().toHexDigits(environment.random().nextLong());
  }

  /// Orders a unit to be brought to `goal`, on all machines that have it.
  ///
  /// @param options to create the unit with, or to replace its own; none to leave them
  GivenOrderResource give(FleetClient api, String unit, Goal goal, List<UnitOption> options) {
    return give(api, unit, goal, "", options);
  }

  /// Orders a unit to be brought to `goal` on one machine; on all that have it if that is empty.
  GivenOrderResource giveOn(FleetClient api, String unit, Goal goal, String machineId) {
    return give(api, unit, goal, machineId, List.of());
  }

  private GivenOrderResource give(
      FleetClient api, String unit, Goal goal, String machineId, List<UnitOption> options) {
    String id = command + "-" + count.incrementAndGet();
    return api.order(unit, new OrderResource(id, goal.order(), machineId, options));
  }

  /// Says under which name an order was given that nobody waits for, beside the results.
  static String notice(String unit, Goal goal, GivenOrderResource order) {
    return "Order " + order.id() + " is to " + goal.order() + " " + unit;
  }
}
