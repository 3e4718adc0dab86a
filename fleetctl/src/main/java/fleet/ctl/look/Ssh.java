package fleet.ctl.look;

import fleet.api.MachineResource;
import fleet.api.UnitResource;
import fleet.api.client.ClientException;
import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Options;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.Cluster;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.ssh.SshFailed;
import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Optional;

/// `fleetctl ssh`: a shell, or a command, on a machine of the cluster.
public final class Ssh implements Command {

  private static final Flag MACHINE =
      Flag.text("machine", "", "The machine whose ID is this, or begins with it");

  private static final Flag UNIT = Flag.text("unit", "", "The machine that has this unit");

  private static final Flag FORWARD_AGENT =
      Flag.toggle("forward-agent", "Let programs on the machine use your ssh-agent").or("A");

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "ssh",
        "Open a shell, or run a command, on a machine",
        "[-A|--forward-agent] [--ssh-port=N] {MACHINE|UNIT|--machine=ID|--unit=UNIT} [COMMAND...]",
        """
        The machine is named by its ID, or as much of its beginning as no other has, or by a unit
        that is on it. Flags of the command come after "--": fleetctl ssh web -- ls -l

        Runs the ssh of this system, with its agent, keys and configuration. The exit status is
        that of the command; 255 if the machine is not reached.
        """,
        List.of(MACHINE, UNIT, FORWARD_AGENT, OnMachines.SSH_PORT));
  }

  /// Somebody asked for a machine that there is not, or not alone.
  private static final class Unfit extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    Unfit(int status, String reason) {
      super(reason);
      this.status = status;
    }
  }

  @Override
  public int run(CommandCall call) throws InterruptedException {
    Console console = call.console();
    Options options = call.options();
    if (given(options, MACHINE) && given(options, UNIT)) {
      console.complain("Both machine and unit flags provided, please specify only one.");
      return Exit.USAGE;
    }
    try {
      MachineResource machine = machine(call);
      if (machine.primaryIp().isEmpty()) {
        console.complain("Could not determine address of machine.");
        return Exit.FAILED;
      }
      return call.remote()
          .enter(machine, OnMachines.port(options), options.on(FORWARD_AGENT), command(call));
    } catch (Unfit e) {
      console.complain("Unable to proceed: " + e.getMessage());
      return e.status;
    } catch (ClientException e) {
      ErrorText.print(console, "Unable to proceed: %", e);
      return Exit.FAILED;
    } catch (SshFailed e) {
      console.complain("Failed building SSH client: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  private static boolean given(Options options, Flag flag) {
    return !options.text(flag).isEmpty();
  }

  /// What is left of the arguments, in one line, unquoted: the shell over there takes it apart. As
  /// in fleet 1.0, what stands before a `--` that is an argument itself is dropped.
  private static String command(CommandCall call) {
    Options options = call.options();
    List<String> words = call.arguments();
    if (!given(options, MACHINE) && !given(options, UNIT)) {
      words = words.subList(1, words.size());
    }
    return String.join(" ", words.subList(words.indexOf("--") + 1, words.size()));
  }

  private static MachineResource machine(CommandCall call) throws Unfit {
    Options options = call.options();
    List<MachineResource> machines = call.cluster().api().machines();
    if (given(options, MACHINE)) {
      return one(Cluster.beginningWith(options.text(MACHINE), machines));
    }
    if (given(options, UNIT)) {
      return ofUnit(call, options.text(UNIT), machines);
    }
    if (call.arguments().isEmpty()) {
      throw new Unfit(Exit.USAGE, "one machine or unit must be provided");
    }
    return either(call, call.arguments().getFirst(), machines);
  }

  private static MachineResource either(
      CommandCall call, String word, List<MachineResource> machines) throws Unfit {
    List<MachineResource> named = Cluster.beginningWith(word, machines);
    Optional<UnitResource> unit = unit(call, word);
    boolean placed = unit.isPresent() && !unit.get().machineId().isEmpty();
    if (placed && named.size() == 1) {
      throw new Unfit(
          Exit.FAILED,
          "ambiguous argument, both machine and unit found for `"
              + word
              + "`.\nPlease use flag `--machine` or `--unit` to refine the search");
    }
    if (placed || (unit.isPresent() && named.isEmpty())) {
      return ofUnit(call, word, machines);
    }
    if (named.isEmpty()) {
      throw new Unfit(Exit.FAILED, "could not find matching unit or machine");
    }
    return one(named);
  }

  private static MachineResource one(List<MachineResource> found) throws Unfit {
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new Unfit(
        Exit.FAILED, found.isEmpty() ? "machine does not exist" : "found more than one machine");
  }

  private static MachineResource ofUnit(
      CommandCall call, String argument, List<MachineResource> machines) throws Unfit {
    Optional<UnitResource> unit = unit(call, argument);
    if (unit.isEmpty()) {
      throw new Unfit(Exit.FAILED, "unit does not exist");
    }
    if (Units.global(unit.get())) {
      throw new Unfit(Exit.FAILED, "global units unsupported");
    }
    for (MachineResource machine : machines) {
      if (machine.id().equals(unit.get().machineId())) {
        return machine;
      }
    }
    throw new Unfit(Exit.FAILED, "unit " + unit.get().name() + " is on no machine");
  }

  private static Optional<UnitResource> unit(CommandCall call, String argument) {
    return UnitName.ofArgument(argument) instanceof Parsed.Ok<UnitName>(var name)
        ? call.cluster().api().unit(name.text())
        : Optional.empty();
  }
}
