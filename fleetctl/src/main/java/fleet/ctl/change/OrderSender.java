package fleet.ctl.change;

import fleet.api.GivenOrderResource;
import fleet.api.OrderResource;
import fleet.api.client.FleetClient;
import fleet.ctl.command.CommandCall;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.unit.UnitOption;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Gives the orders of one command. Each has a name that no other ever had, which goes with it as
/// often as the order is sent: so it is given once, also if an answer was lost. On any thread.
final class OrderSender {

  private final String command;
  private final boolean blocking;
  private final AtomicInteger count = new AtomicInteger();

  OrderSender(CommandCall call) {
    this.command = "fleetctl-" + HexFormat.of().toHexDigits(call.time().random().nextLong());
    this.blocking = ChangeFlags.blocking(call);
  }

  /// Orders a unit to be brought to `goal`.
  ///
  /// @param machineId the one machine that is to do so; empty for all that have the unit
  /// @param options to create the unit with, or to replace its own; none to leave them
  GivenOrderResource give(
      FleetClient api, String unit, Goal goal, String machineId, List<UnitOption> options) {
    String id = command + "-" + count.incrementAndGet();
    return api.order(unit, new OrderResource(id, goal.verb(), machineId, options));
  }

  /// Notes that an order was given, so that its outcome is waited for. With `--no-block`, and for a
  /// global unit as a whole, it says that the order was given; with `--no-block` also the order's
  /// name, on the standard error.
  ///
  /// @param witnesses the machines whose word is waited for; empty for all that are to have the
  ///     unit
  void noteGiven(
      GivenOrderResource order,
      Goal goal,
      boolean global,
      List<String> witnesses,
      Change.Report report) {
    String unit = report.unit();
    if (!blocking || (global && goal != Goal.RESTARTED)) {
      report.say(triggered(unit, global, goal.verb()));
    }
    if (!blocking) {
      report.complain("Order " + order.id() + " is to " + goal.verb() + " " + unit);
    } else if (witnesses.isEmpty()) {
      report.addAwaited(Awaited.ordered(unit, goal, order, global));
    } else {
      for (String machine : witnesses) {
        report.addAwaited(Awaited.orderedOn(unit, goal, order, machine));
      }
    }
  }

  static String triggered(String unit, boolean global, String verb) {
    return "Triggered " + (global ? "global unit " : "unit ") + unit + " " + verb;
  }
}
