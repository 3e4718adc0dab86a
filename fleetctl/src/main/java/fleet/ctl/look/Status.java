package fleet.ctl.look;

import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Synopsis;
import java.util.List;

/// `fleetctl status`: what the systemd of a unit's machine has to say of it.
public final class Status implements Command {

  /// Scripts give it; there is nothing to wait for.
  private static final Flag NO_BLOCK = Flag.toggle("no-block", "");

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "status",
        "Show what systemd says of units, on their machines",
        "[--machine=ID] [--ssh-port=N] UNIT...",
        """
        Runs "systemctl status -l" for each unit on its machine: by SSH, unless that is this
        machine. A global unit is asked for on every machine that has it, one after another.

        The exit status is 0 if it was so each time, else the first that was not.
        """,
        List.of(OnMachines.MACHINE, OnMachines.SSH_PORT, NO_BLOCK));
  }

  @Override
  public int run(CommandCall call) throws InterruptedException {
    Console console = call.console();
    if (!Units.anyGiven(call)) {
      return Exit.USAGE;
    }
    int status = Exit.DONE;
    for (int i = 0; i < call.arguments().size(); i++) {
      if (i > 0) {
        console.say("");
      }
      int each =
          OnMachines.visit(
              call,
              call.arguments().get(i),
              "loaded",
              (machines, unit) -> machines.run(List.of("systemctl", "status", "-l", unit), false));
      status = status == Exit.DONE ? each : status;
    }
    return status;
  }
}
