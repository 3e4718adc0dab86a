package fleet.ctl.change;

import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.api.client.FleetClient;
import fleet.ctl.command.Command;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Invocation;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.ParallelRequests;
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
        WaitFlags.FLAGS);
  }

  @Override
  public int run(Invocation invocation) throws InterruptedException {
    if (invocation.arguments().isEmpty()) {
      invocation.console().complain("No units given");
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
    Console console = invocation.console();
    var awaited = new ArrayList<Awaited>();
    boolean anyKnown = false;
    boolean allWell = true;
    try (var requests =
        new ParallelRequests<>(invocation.cluster(), invocation.time(), names, new Destroying())) {
      try {
        for (Optional<Destroyed> next = requests.next(); next.isPresent(); next = requests.next()) {
          Destroyed unit = next.get();
          anyKnown |= unit.found() || !unit.refusal().isEmpty();
          if (!unit.refusal().isEmpty()) {
            console.complain("Error destroying units: unit " + unit.name() + ": " + unit.refusal());
            allWell = false;
          } else if (unit.found() && WaitFlags.blocking(invocation)) {
            awaited.add(Awaited.going(unit.name(), Goal.GONE));
          } else if (unit.found()) {
            console.say("Destroyed " + unit.name());
          }
        }
      } catch (ClientException e) {
        ErrorText.print(console, "Error destroying units: %", e);
        ErrorText.printUnfinished(console, Goal.GONE.done(), requests.unfinished());
        anyKnown = true;
        allWell = false;
      }
    }
    if (!anyKnown && !names.isEmpty()) {
      console.complain("Units not found in registry");
    }
    return WaitFlags.run(invocation, awaited).isEmpty() && allWell;
  }

  /// @param found whether there was such a unit
  /// @param refusal why the cluster still has it; empty if it has not
  private record Destroyed(String name, boolean found, String refusal) {}

  private static final class Destroying implements ParallelRequests.Work<String, Destroyed> {
    @Override
    public Destroyed of(String name, FleetClient api) {
      try {
        return new Destroyed(name, api.destroy(name), "");
      } catch (ApiException e) {
        if (ErrorText.isOfAll(e)) {
          throw e;
        }
        return new Destroyed(name, false, ErrorText.reason(e));
      }
    }
  }
}
