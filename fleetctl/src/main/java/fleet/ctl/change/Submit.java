package fleet.ctl.change;

import fleet.ctl.command.Command;
import fleet.ctl.command.Invocation;
import fleet.ctl.console.Synopsis;
import fleet.ctl.wait.Goal;

/// `fleetctl submit`.
public final class Submit implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "submit",
        "Make units known to the cluster, without putting them on a machine",
        "[--replace] UNIT...",
        """
        Sends unit files to the cluster: "fleetctl submit dir/web" sends dir/web.service.
        The file of an instance such as web@1.service may be that of its template,
        web@.service, beside it or known to the cluster.

        A unit that the cluster knows is left as it is, unless --replace is given.
        """,
        Activation.flagsWithoutWaiting());
  }

  @Override
  public int run(Invocation invocation) throws InterruptedException {
    return Activation.run(invocation, Goal.SUBMITTED);
  }
}
