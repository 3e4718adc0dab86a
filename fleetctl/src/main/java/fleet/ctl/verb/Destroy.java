package fleet.ctl.verb;

import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.ctl.console.Caller;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.Trouble;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.unit.UnitName;
import java.util.LinkedHashMap;
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
    Caller caller = invocation.caller();
    if (invocation.arguments().isEmpty()) {
      caller.complain("No units given");
      return Exit.USAGE;
    }
    var awaited = new LinkedHashMap<String, Awaited>();
    boolean allWell = true;
    boolean anyFound = false;
    try {
      for (String argument : invocation.arguments()) {
        Optional<UnitName> name = Units.named(invocation, argument);
        if (name.isEmpty()) {
          allWell = false;
          continue;
        }
        String unit = name.get().text();
        try {
          if (!invocation.cluster().api().destroy(unit)) {
            continue;
          }
          anyFound = true;
          if (Waits.blocking(invocation)) {
            awaited.put(unit, new Awaited(unit, Goal.GONE, ""));
          } else {
            caller.say("Destroyed " + unit);
          }
        } catch (ApiException e) {
          if (Trouble.isOfAll(e)) {
            throw e;
          }
          caller.complain("Error destroying units: unit " + unit + ": " + Trouble.reason(e));
          allWell = false;
        }
      }
      if (!anyFound && allWell) {
        caller.complain("Units not found in registry");
      }
      var failures = Waits.run(invocation, List.copyOf(awaited.values()));
      return allWell && failures.isEmpty() ? Exit.DONE : Exit.FAILED;
    } catch (ClientException e) {
      Trouble.tell(caller, "Error destroying units: %", e);
      return Exit.FAILED;
    }
  }
}
