package fleet.ctl.change;

import fleet.ctl.command.Command;
import fleet.ctl.command.Invocation;
import fleet.ctl.console.Synopsis;
import fleet.ctl.wait.Goal;

/// `fleetctl stop`.
public final class Stop implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "stop",
        "Stop units, and leave them on their machines",
        "[--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
        """
        Has units stopped, whoever has started them, and waits until systemd has done so. They
        stay on their machines, for "fleetctl start" to start them there again. A global unit is
        waited for on every machine that has it.
        """,
        WaitFlags.FLAGS);
  }

  @Override
  public int run(Invocation invocation) throws InterruptedException {
    return Deactivation.run(invocation, Goal.STOPPED, "stop");
  }
}
