package fleet.ctl.change;

import fleet.api.client.ApiException;
import fleet.api.client.FleetClient;
import fleet.ctl.command.Command;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Invocation;
import fleet.ctl.command.Units;
import fleet.ctl.console.Synopsis;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import java.util.List;

/// `fleetctl destroy`.
public final class Destroy implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "destroy",
        "Stop units and make the cluster forget them",
        "[--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
        """
        Removes units from the cluster, and waits until every machine that ran them has stopped
        them.
        """,
        WaitFlags.FLAGS);
  }

  @Override
  public int run(Invocation invocation) throws InterruptedException {
    if (!Units.anyGiven(invocation)) {
      return Exit.USAGE;
    }
    Units.Named units = Units.named(invocation);
    var words =
        new Change.Words("Error destroying units: unit UNIT: %", "Error destroying units: %");
    var removal = new Removal(WaitFlags.blocking(invocation));
    var change = new Change<>(invocation, Goal.GONE, words, removal);
    boolean well = change.carryOut(List.of(units.names()));
    if (change.answered() && !change.known() && !units.names().isEmpty()) {
      invocation.console().complain("Units not found in registry");
    }
    return Exit.of(well && units.all());
  }

  /// Has the cluster forget a unit.
  private record Removal(boolean blocking) implements Change.Request<String> {

    @Override
    public String name(String unit) {
      return unit;
    }

    @Override
    public Change.Outcome of(String name, FleetClient api) {
      var outcome = new Change.Outcome(name);
      try {
        if (!api.destroy(name)) {
          outcome.unknown();
        } else if (blocking) {
          outcome.await(Awaited.going(name, Goal.GONE));
        } else {
          outcome.say("Destroyed " + name);
        }
      } catch (ApiException e) {
        outcome.refuse(e);
      }
      return outcome;
    }
  }
}
