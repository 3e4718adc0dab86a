package fleet.ctl.change;

import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Units;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Synopsis;
import fleet.ctl.wait.Goal;
import java.util.List;

/// The verbs that bring units somewhere: `submit`, `load` and `start` up to their goal, `stop`,
/// `unload` and `destroy` down to it.
public enum UnitVerb implements Command {
  SUBMIT(
      Goal.SUBMITTED,
      "Make units known to the cluster, without putting them on a machine",
      "[--replace] UNIT...",
      ChangeFlags.SENDING,
      """
      Sends unit files to the cluster: "fleetctl submit dir/web" sends dir/web.service.
      The file of an instance such as web@1.service may be that of its template,
      web@.service, beside it or known to the cluster.

      A unit that the cluster knows is left as it is, unless --replace is given.
      """),
  LOAD(
      Goal.LOADED,
      "Put units on machines, without starting them",
      "[--replace] [--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
      ChangeFlags.SENDING_AND_WAITING,
      """
      Submits units that the cluster does not know, as "fleetctl submit" does; then has each
      assigned to a machine and made known to its systemd, and waits for that.

      A unit that was started is stopped, and stays on its machine. A global unit is waited for
      on every machine that is to have it.
      """),
  START(
      Goal.LAUNCHED,
      "Start units on machines of the cluster",
      "[--replace] [--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
      ChangeFlags.SENDING_AND_WAITING,
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
      """),
  STOP(
      Goal.STOPPED,
      "Stop units, and leave them on their machines",
      "[--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
      ChangeFlags.WAITING,
      """
      Has units stopped, whoever has started them, and waits until systemd has done so. They
      stay on their machines, for "fleetctl start" to start them there again. A global unit is
      waited for on every machine that has it.
      """),
  UNLOAD(
      Goal.UNLOADED,
      "Stop units and take them off their machines",
      "[--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
      ChangeFlags.WAITING,
      """
      Has units stopped and taken off their machines, and waits for that. The cluster still
      knows them. A unit that waits for a machine that can take it waits no longer.
      Global units are not waited for.
      """),
  DESTROY(
      Goal.GONE,
      "Stop units and make the cluster forget them",
      "[--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
      ChangeFlags.WAITING,
      """
      Removes units from the cluster, and waits until every machine that ran them has stopped
      them.
      """);

  private final Goal goal;

  @SuppressWarnings("ImmutableEnumChecker") // of texts and flags, in a list made by List.of
  private final Synopsis synopsis;

  UnitVerb(Goal goal, String summary, String usage, List<Flag> flags, String description) {
    this.goal = goal;
    this.synopsis = new Synopsis(goal.verb(), summary, usage, description, flags);
  }

  @Override
  public Synopsis synopsis() {
    return synopsis;
  }

  @Override
  public int run(CommandCall call) throws InterruptedException {
    if (!Units.anyGiven(call)) {
      return Exit.USAGE;
    }
    return Exit.of(
        switch (this) {
          case SUBMIT, LOAD, START -> Activation.run(call, goal);
          case STOP, UNLOAD, DESTROY -> Deactivation.run(call, goal);
        });
  }
}
