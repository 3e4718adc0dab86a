package fleet.ctl.change;

import fleet.ctl.command.Command;
import fleet.ctl.command.Invocation;
import fleet.ctl.console.Synopsis;
import fleet.ctl.wait.Goal;

/// `fleetctl load`.
public final class Load implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "load",
        "Put units on machines, without starting them",
        "[--replace] [--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
        """
        Submits units that the cluster does not know, as "fleetctl submit" does; then has each
        assigned to a machine and made known to its systemd, and waits for that.

        A unit that was started is stopped, and stays on its machine. A global unit is waited for
        on every machine that is to have it.
        """,
        Activation.flags());
  }

  @Override
  public int run(Invocation invocation) throws InterruptedException {
    return Activation.run(invocation, Goal.LOADED);
  }
}
