package fleet.ctl.change;

import fleet.api.UnitResource;
import fleet.api.client.FleetClient;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import java.util.List;
import java.util.Optional;

/// Tells the cluster how far down a unit should come, for `stop`, `unload` and `destroy`.
///
/// What users want decides what there is to do, not how far the unit has come: fleet 1.0 looked at
/// the latter, so that a unit that had just been started, or that no machine could take, could not
/// be stopped or unloaded.
final class Deactivation implements Change.Request<String> {

  private final Goal goal;
  private final OrderSender orders;
  private final boolean blocking;
  private final boolean alone;

  private Deactivation(CommandCall call, Goal goal) {
    this.goal = goal;
    this.orders = new OrderSender(call);
    this.blocking = ChangeFlags.blocking(call);
    this.alone = call.arguments().size() == 1;
  }

  /// Brings the units that the arguments mean to `goal`: [Goal#STOPPED], [Goal#UNLOADED] or
  /// [Goal#GONE].
  ///
  /// @return whether all has come to a good end
  static boolean run(CommandCall call, Goal goal) throws InterruptedException {
    Units.Named units = Units.named(call);
    var change = new Change<>(call, goal, words(goal), new Deactivation(call, goal));
    boolean well = change.carryOut(List.of(units.names()));
    if (change.answered() && goal == Goal.GONE) {
      concludeDestruction(change, units, call.console());
    } else if (change.answered()) {
      conclude(change, goal, units, call.console());
    }
    return well && units.all();
  }

  private static Change.Words words(Goal goal) {
    return goal == Goal.GONE
        ? new Change.Words("Error destroying units: unit UNIT: %", "Error destroying units: %")
        : new Change.Words(
            "Error " + goal.activity() + " unit UNIT: %",
            "Failed to " + goal.verb() + " units UNITS. err: %");
  }

  private static void concludeDestruction(
      Change<String> change, Units.Named units, Console console) {
    if (!change.known() && !units.names().isEmpty()) {
      console.complain("Units not found in registry");
    }
  }

  /// Says how it went, in fleet 1.0's words.
  private static void conclude(
      Change<String> change, Goal goal, Units.Named units, Console console) {
    if (!change.failures().isEmpty()) {
      String failed = Units.brackets(List.copyOf(change.failures().keySet()));
      String reason = change.failures().values().iterator().next();
      console.complain("Failed to " + goal.verb() + " units " + failed + ". err: " + reason);
    } else if (!change.known() && units.all()) {
      console.complain("Units not found in registry");
    } else {
      List<String> done =
          change.awaited().stream().filter(unit -> !unit.everywhere()).map(Awaited::name).toList();
      if (!done.isEmpty()) {
        console.complain("Successfully " + goal.done() + " units " + Units.brackets(done) + ".");
      }
    }
  }

  @Override
  public String unit(String name) {
    return name;
  }

  @Override
  public void send(String name, FleetClient api, Change.Report report) {
    if (goal == Goal.GONE) {
      destroy(name, api, report);
      return;
    }
    Optional<UnitResource> unit = api.unit(name);
    if (unit.isEmpty()) {
      report.unknown();
      if (!alone) {
        report.complain("Unit " + name + " not found in registry");
      }
    } else if (goal == Goal.STOPPED) {
      stop(unit.get(), api, report);
    } else {
      unload(unit.get(), api, report);
    }
  }

  private void destroy(String name, FleetClient api, Change.Report report) {
    if (!api.destroy(name)) {
      report.unknown();
    } else if (blocking) {
      report.addAwaited(Awaited.going(name, goal));
    } else {
      report.say("Destroyed " + name);
    }
  }

  private void stop(UnitResource unit, FleetClient api, Change.Report report) {
    String name = unit.name();
    if (unit.desiredState().equals("inactive")) {
      report.fail(
          "Unable to stop unit " + name + " in state inactive", "unit " + name + " is inactive");
    } else {
      var order = orders.give(api, name, goal, "", List.of());
      orders.noteGiven(order, goal, Units.global(unit), List.of(), report);
    }
  }

  private void unload(UnitResource unit, FleetClient api, Change.Report report) {
    String name = unit.name();
    boolean global = Units.global(unit);
    if (!unit.desiredState().equals(goal.desiredState())) {
      api.put(new UnitResource(name, goal.desiredState(), "", "", List.of()));
    }
    if (global || !blocking) {
      report.say(OrderSender.triggered(name, global, goal.verb()));
    } else {
      report.addAwaited(Awaited.going(name, goal));
    }
  }
}
