package fleet.ctl.change;

import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Units;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Synopsis;
import java.util.List;

/// `fleetctl restart`.
public final class Restart implements Command {

  static final Flag ALL_AT_ONCE =
      Flag.toggle("all-at-once", "Do not wait for one unit before the next");

  static final Flag MACHINE =
      Flag.text("machine", "", "Restart units on this machine only: its ID, or how that begins");

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "restart",
        "Restart units where they are",
        "[--all-at-once] [--machine=ID] [--no-block|--block-attempts=N] [--timeout=SPAN] UNIT...",
        """
        Has systemd stop units and start them again, on the machines that they are on: one after
        the other, in the order given, a global unit machine by machine. Each must be active, or
        finished well, before the next one's turn; the first that fails ends it, so that what is
        left goes on to run. What systemd would not start again is not stopped. A unit that is
        only loaded is started.
        """,
        List.of(
            ALL_AT_ONCE,
            MACHINE,
            ChangeFlags.NO_BLOCK,
            ChangeFlags.BLOCK_ATTEMPTS,
            ChangeFlags.TIMEOUT));
  }

  @Override
  public int run(CommandCall call) throws InterruptedException {
    return Units.anyGiven(call) ? new RollingRestart(call).run() : Exit.USAGE;
  }
}
