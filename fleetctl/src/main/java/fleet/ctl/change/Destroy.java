package fleet.ctl.change;

import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.api.client.FleetClient;
import fleet.ctl.command.Command;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Invocation;
import fleet.ctl.command.Units;
import fleet.ctl.console.Caller;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.Lanes;
import fleet.ctl.remote.Leftovers;
import fleet.ctl.remote.Trouble;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

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
        Waits.FLAGS);
  }

  @Override
  public int run(Invocation invocation) throws InterruptedException {
    if (invocation.arguments().isEmpty()) {
      invocation.caller().complain("No units given");
      return Exit.USAGE;
    }
    var names = new LinkedHashSet<String>();
    boolean allWell = true;
    for (String argument : invocation.arguments()) {
      Optional<UnitName> name = Units.named(invocation, argument);
      allWell &= name.isPresent();
      if (name.isPresent()) {
        names.add(name.get().text());
      }
    }
    allWell &= destroy(List.copyOf(names), invocation);
    return allWell ? Exit.DONE : Exit.FAILED;
  }

  /// Has the cluster forget units, and waits for it.
  ///
  /// @return whether all that it knew are gone
  private static boolean destroy(List<String> names, Invocation invocation)
      throws InterruptedException {
    Caller caller = invocation.caller();
    var awaited = new ArrayList<Awaited>();
    boolean anyKnown = false;
    boolean allWell = true;
    try (var lanes =
        new Lanes<>(invocation.cluster(), invocation.time(), names, new Destroying())) {
      try {
        for (Optional<Destroyed> next = lanes.next(); next.isPresent(); next = lanes.next()) {
          Destroyed unit = next.get();
          anyKnown |= unit.found() || !unit.refusal().isEmpty();
          if (!unit.refusal().isEmpty()) {
            caller.complain("Error destroying units: unit " + unit.name() + ": " + unit.refusal());
            allWell = false;
          } else if (unit.found() && Waits.blocking(invocation)) {
            awaited.add(Awaited.going(unit.name(), Goal.GONE));
          } else if (unit.found()) {
            caller.say("Destroyed " + unit.name());
          }
        }
      } catch (ClientException e) {
        Trouble.tell(caller, "Error destroying units: %", e);
        Leftovers.tell(caller, Goal.GONE.done(), lanes.left());
        anyKnown = true;
        allWell = false;
      }
    }
    if (!anyKnown && !names.isEmpty()) {
      caller.complain("Units not found in registry");
    }
    return Waits.run(invocation, awaited).isEmpty() && allWell;
  }

  /// @param found whether there was such a unit
  /// @param refusal why the cluster still has it; empty if it has not
  private record Destroyed(String name, boolean found, String refusal) {}

  private static final class Destroying implements Lanes.Work<String, Destroyed> {
    @Override
    public Destroyed of(String name, FleetClient api) {
      try {
        return new Destroyed(name, api.destroy(name), "");
      } catch (ApiException e) {
        if (Trouble.isOfAll(e)) {
          throw e;
        }
        return new Destroyed(name, false, Trouble.reason(e));
      }
    }
  }
}
