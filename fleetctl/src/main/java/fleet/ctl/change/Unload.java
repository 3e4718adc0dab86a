package fleet.ctl.change;

import fleet.ctl.command.Command;
import fleet.ctl.command.Invocation;
import fleet.ctl.console.Synopsis;
import fleet.ctl.wait.Goal;

/// `fleetctl unload`.
public final class Unload implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "unload",
        "Stop units and take them off their machines",
        "[--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
        """
        Has units stopped and taken off their machines, and waits for that. The cluster still
        knows them. A unit that waits for a machine that can take it waits no longer.
        Global units are not waited for.
        """,
        WaitFlags.FLAGS);
  }

  @Override
  public int run(Invocation invocation) throws InterruptedException {
    return Deactivation.run(invocation, Goal.UNLOADED, "unload");
  }
}
