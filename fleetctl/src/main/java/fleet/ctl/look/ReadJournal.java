package fleet.ctl.look;

import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Options;
import fleet.ctl.console.Synopsis;
import java.util.ArrayList;
import java.util.List;

/// `fleetctl journal`: what a unit has logged on its machine.
public final class ReadJournal implements Command {

  private static final Flag LINES = Flag.wholeNumber("lines", 10, "How many lines to show");

  private static final Flag FOLLOW =
      Flag.toggle("follow", "Show what is logged from now on too, until interrupted").or("f");

  private static final Flag OUTPUT =
      Flag.text("output", "short", "The format, as \"journalctl --output\" takes it");

  private static final Flag SUDO =
      Flag.toggle("sudo", "Run journalctl with sudo, for a user who may not read the journal");

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "journal",
        "Print the journal of a unit, from its machine",
        "[--lines=N] [-f|--follow] [--output=FORMAT] [--sudo] [--machine=ID] [--ssh-port=N] UNIT",
        """
        Runs "journalctl --unit" on the machine of the unit: by SSH, unless that is this machine.
        A global unit is asked for on every machine that has it, one after another.
        """,
        List.of(LINES, FOLLOW, OUTPUT, SUDO, OnMachines.MACHINE, OnMachines.SSH_PORT));
  }

  @Override
  public int run(CommandCall call) throws InterruptedException {
    if (call.arguments().size() != 1) {
      call.console().complain("One unit file must be provided.");
      return Exit.USAGE;
    }
    return OnMachines.visit(
        call,
        call.arguments().getFirst(),
        "running",
        (machines, unit) -> read(call, machines, unit));
  }

  private static int read(CommandCall call, OnMachines machines, String unit)
      throws InterruptedException {
    Options options = call.options();
    if (options.on(FOLLOW) && machines.several()) {
      call.console()
          .complain(
              "Unable to follow unit " + unit + " on several machines: choose one with --machine.");
      return Exit.USAGE;
    }
    return machines.run(command(options, unit), options.on(FOLLOW) || options.on(SUDO));
  }

  private static List<String> command(Options options, String unit) {
    var command = new ArrayList<String>();
    if (options.on(SUDO)) {
      command.add("sudo");
    }
    command.addAll(List.of("journalctl", "--unit", unit, "--no-pager"));
    command.addAll(List.of("-n", options.text(LINES), "--output", options.text(OUTPUT)));
    if (options.on(FOLLOW)) {
      command.add("-f");
    }
    return command;
  }
}
