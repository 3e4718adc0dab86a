package fleet.ctl.change;

import fleet.api.GivenOrderResource;
import fleet.api.UnitResource;
import fleet.api.client.ApiException;
import fleet.api.client.FleetClient;
import fleet.ctl.command.Units;
import fleet.ctl.console.Report;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.ParallelRequests;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.ctl.wait.Waiter.Failure;
import java.util.List;
import java.util.Optional;

/// Tells the cluster how far down one unit should come. On any thread.
///
/// What users want decides what there is to do, not how far the unit has come: fleet 1.0 looked at
/// the latter, so that a unit that had just been started, or that no machine could take, could not
/// be stopped or unloaded.
final class Lowering implements ParallelRequests.Work<String, Lowering.Outcome> {

  /// What came of one unit.
  ///
  /// @param report what to tell the user
  /// @param found whether the cluster knows the unit
  /// @param awaited what to wait for, if anything
  /// @param failure why it was not done, if it was not
  record Outcome(
      String name,
      Report report,
      boolean found,
      Optional<Awaited> awaited,
      Optional<Failure> failure) {}

  private final OrderSender orders;
  private final Goal goal;
  private final String verb;
  private final boolean blocking;
  private final boolean alone;

  /// @param verb as in `stop`
  /// @param blocking whether the units are waited for
  /// @param alone whether there is but one unit, so that it need not be named if it is unknown
  Lowering(OrderSender orders, Goal goal, String verb, boolean blocking, boolean alone) {
    this.orders = orders;
    this.goal = goal;
    this.verb = verb;
    this.blocking = blocking;
    this.alone = alone;
  }

  @Override
  public Outcome of(String name, FleetClient api) {
    try {
      Optional<UnitResource> unit = api.unit(name);
      return unit.isPresent() ? lower(unit.get(), api) : unknown(name);
    } catch (ApiException e) {
      if (ErrorText.isOfAll(e)) {
        throw e;
      }
      String reason = ErrorText.reason(e);
      return failed(name, "Error " + goal.activity() + " unit " + name + ": " + reason, reason);
    }
  }

  private Outcome unknown(String name) {
    var report = new Report();
    if (!alone) {
      report.complain("Unit " + name + " not found in registry");
    }
    return new Outcome(name, report, false, Optional.empty(), Optional.empty());
  }

  private Outcome lower(UnitResource unit, FleetClient api) {
    String name = unit.name();
    if (unit.desiredState().equals("inactive") && goal == Goal.STOPPED) {
      return failed(
          name,
          "Unable to stop unit " + name + " in state inactive",
          "unit " + name + " is inactive");
    }
    boolean global = Units.global(unit);
    var report = new Report();
    if (global || !blocking) {
      report.say("Triggered " + (global ? "global unit " : "unit ") + name + " " + verb);
    }
    Awaited awaited;
    if (goal == Goal.STOPPED) {
      GivenOrderResource order = orders.give(api, name, goal, List.of());
      awaited = Awaited.ordered(name, goal, order, global);
      if (!blocking) {
        report.complain(OrderSender.notice(name, goal, order));
      }
    } else {
      if (!unit.desiredState().equals(goal.desiredState())) {
        api.put(new UnitResource(name, goal.desiredState(), "", "", List.of()));
      }
      awaited = Awaited.going(name, goal);
    }
    boolean waits = blocking && (goal == Goal.STOPPED || !global);
    return new Outcome(
        name, report, true, waits ? Optional.of(awaited) : Optional.empty(), Optional.empty());
  }

  private static Outcome failed(String name, String complaint, String reason) {
    var report = new Report();
    report.complain(complaint);
    return new Outcome(name, report, true, Optional.empty(), Optional.of(new Failure(reason, "")));
  }
}
