package fleet.ctl.change;

import fleet.ctl.command.Command;
import fleet.ctl.command.Invocation;
import fleet.ctl.console.Synopsis;
import fleet.ctl.wait.Goal;

/// `fleetctl start`.
public final class Start implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "start",
        "Start units on machines of the cluster",
        "[--replace] [--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
        """
        Submits units that the cluster does not know, as "fleetctl submit" does; then has each
        assigned to a machine and started there, unless it runs, and waits until systemd finds it
        active, or finished well if it is one that finishes. A global unit is waited for on every
        machine that is to have it.

        Says so at once, and exits with 1, where a unit fails, is not started or refused, or no
        machine can take it, and why. Such a unit stays wanted: it is started when a machine can
        take it, until it is stopped, unloaded or destroyed. With --replace, what runs is left
        running if systemd would not start the new text.

        With --no-block, the name of the order is told instead. The API tells what became of it.
        """,
        Activation.flags());
  }

  @Override
  public int run(Invocation invocation) throws InterruptedException {
    return Activation.run(invocation, Goal.LAUNCHED);
  }
}
