package fleet.ctl.change;

import fleet.api.UnitResource;
import fleet.api.client.ApiException;
import fleet.api.client.FleetClient;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Invocation;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import java.util.List;
import java.util.Optional;

/// Tells the cluster how far down a unit should come, for `stop` and `unload`.
///
/// What users want decides what there is to do, not how far the unit has come: fleet 1.0 looked at
/// the latter, so that a unit that had just been started, or that no machine could take, could not
/// be stopped or unloaded.
final class Deactivation implements Change.Request<String> {

  private final Goal goal;
  private final String verb;
  private final OrderSender orders;
  private final boolean blocking;
  private final boolean alone;

  private Deactivation(Invocation invocation, Goal goal, String verb) {
    this.goal = goal;
    this.verb = verb;
    this.orders = new OrderSender(invocation);
    this.blocking = WaitFlags.blocking(invocation);
    this.alone = invocation.arguments().size() == 1;
  }

  /// Brings the units that the arguments mean to `goal`: [Goal#STOPPED] or [Goal#UNLOADED].
  ///
  /// @param verb as in `stop`
  static int run(Invocation invocation, Goal goal, String verb) throws InterruptedException {
    if (!Units.anyGiven(invocation)) {
      return Exit.USAGE;
    }
    Units.Named units = Units.named(invocation);
    var words =
        new Change.Words(
            "Error " + goal.activity() + " unit UNIT: %",
            "Failed to " + verb + " units UNITS. err: %");
    var change = new Change<>(invocation, goal, words, new Deactivation(invocation, goal, verb));
    boolean well = change.carryOut(List.of(units.names()));
    if (change.answered()) {
      conclude(change, goal, verb, units.all(), invocation.console());
    }
    return Exit.of(well && units.all());
  }

  /// Says how it went, in fleet 1.0's words.
  private static void conclude(
      Change<String> change, Goal goal, String verb, boolean allNamed, Console console) {
    if (!change.failures().isEmpty()) {
      String units = Units.brackets(List.copyOf(change.failures().keySet()));
      String reason = change.failures().values().iterator().next();
      console.complain("Failed to " + verb + " units " + units + ". err: " + reason);
    } else if (!change.known() && allNamed) {
      console.complain("Units not found in registry");
    } else {
      List<String> units =
          change.awaited().stream().filter(unit -> !unit.everywhere()).map(Awaited::name).toList();
      if (!units.isEmpty()) {
        console.complain("Successfully " + goal.done() + " units " + Units.brackets(units) + ".");
      }
    }
  }

  @Override
  public String name(String unit) {
    return unit;
  }

  @Override
  public Change.Outcome of(String name, FleetClient api) {
    var outcome = new Change.Outcome(name);
    try {
      Optional<UnitResource> unit = api.unit(name);
      if (unit.isPresent()) {
        deactivate(unit.get(), api, outcome);
      } else {
        outcome.unknown();
        if (!alone) {
          outcome.complain("Unit " + name + " not found in registry");
        }
      }
    } catch (ApiException e) {
      outcome.refuse(e);
    }
    return outcome;
  }

  private void deactivate(UnitResource unit, FleetClient api, Change.Outcome outcome) {
    String name = unit.name();
    boolean global = Units.global(unit);
    if (goal == Goal.STOPPED) {
      if (unit.desiredState().equals("inactive")) {
        outcome.fail(
            "Unable to stop unit " + name + " in state inactive", "unit " + name + " is inactive");
      } else {
        var order = orders.give(api, name, goal, "", List.of());
        orders.await(order, goal, global, List.of(), outcome);
      }
      return;
    }
    if (!unit.desiredState().equals(goal.desiredState())) {
      api.put(new UnitResource(name, goal.desiredState(), "", "", List.of()));
    }
    if (global || !blocking) {
      outcome.say(OrderSender.triggered(name, global, verb));
    } else {
      outcome.await(Awaited.going(name, goal));
    }
  }
}
