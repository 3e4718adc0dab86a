package fleet.ctl.look;

import fleet.api.MachineResource;
import fleet.api.UnitResource;
import fleet.api.client.ClientException;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Options;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.ssh.LocalMachine.NoSuchProgram;
import fleet.ctl.ssh.SshFailed;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The machines that have a unit, and what verbs run there.
///
/// Only what the API knows of this one unit is asked for, however many there are.
final class OnMachines {

  static final Flag MACHINE =
      Flag.text("machine", "", "Only on the machine whose ID is this, or begins with it");

  static final Flag SSH_PORT = Flag.wholeNumber("ssh-port", 22, "Port that sshd listens on there");

  private static final String INACTIVE = "inactive";

  private final CommandCall call;
  private final List<String> ids;

  private OnMachines(CommandCall call, List<String> ids) {
    this.call = call;
    this.ids = ids;
  }

  /// What a verb does on the machines that have a unit.
  interface Visit {
    int at(OnMachines machines, String unit) throws InterruptedException;
  }

  /// Finds the machines that have a unit, or those of them that the user wants, and goes there;
  /// complains if there is no such unit, or no such machine.
  ///
  /// @param state in which the unit is where a machine has it: `loaded`, `running`
  static int visit(CommandCall call, String argument, String state, Visit visit)
      throws InterruptedException {
    Console console = call.console();
    Optional<UnitName> name = Units.named(call, argument);
    if (name.isEmpty()) {
      return Exit.FAILED;
    }
    String unit = name.get().text();
    try {
      Optional<UnitResource> known = call.cluster().api().unit(unit);
      call.cluster().warn(console);
      if (known.isEmpty()) {
        console.complain("Unit " + unit + " does not exist.");
        return Exit.FAILED;
      }
      OnMachines machines = of(call, known.get());
      if (machines.ids.isEmpty()) {
        console.complain(
            "Unit " + unit + " does not appear to be " + state + machines.where() + ".");
        return Exit.FAILED;
      }
      return visit.at(machines, unit);
    } catch (ClientException e) {
      ErrorText.print(console, "Error retrieving unit " + unit + ": %", e);
      return Exit.FAILED;
    }
  }

  private static OnMachines of(CommandCall call, UnitResource unit) {
    String wanted = call.options().text(MACHINE);
    List<String> ids = new ArrayList<>();
    if (Units.global(unit)) {
      ids.addAll(call.cluster().machinesWith(unit.name()));
    } else if (!unit.currentState().equals(INACTIVE) && !unit.machineId().isEmpty()) {
      ids.add(unit.machineId());
    }
    ids.removeIf(id -> !id.startsWith(wanted));
    return new OnMachines(call, ids);
  }

  /// `on machine …` if the user wants only that one, with a blank before it.
  private String where() {
    String wanted = call.options().text(MACHINE);
    return wanted.isEmpty() ? "" : " on machine " + wanted;
  }

  boolean several() {
    return ids.size() > 1;
  }

  /// The port that the user gave; 0 if ssh's configuration says.
  static int port(Options options) {
    return options.given(SSH_PORT) ? options.number(SSH_PORT) : 0;
  }

  /// Runs a program on each, one after another.
  ///
  /// @param typing whether the user may have to type: a password, or Control-C
  /// @return 0 if that was its exit status on each, else the first other
  int run(List<String> words, boolean typing) throws InterruptedException {
    Console console = call.console();
    Map<String, MachineResource> present = new TreeMap<>();
    for (MachineResource machine : call.cluster().api().machines()) {
      present.put(machine.id(), machine);
    }
    int status = Exit.DONE;
    for (int i = 0; i < ids.size(); i++) {
      MachineResource machine = present.get(ids.get(i));
      if (several()) {
        String heading = "==> " + call.cluster().legend(ids.get(i)) + " <==";
        console.say((i > 0 ? "\n" : "") + heading);
      }
      int each;
      if (machine == null) {
        console.complain("Error getting machine IP: machine " + ids.get(i) + " is gone");
        each = Exit.UNREACHED;
      } else {
        each = run(machine, words, typing);
      }
      status = status == Exit.DONE ? each : status;
    }
    return status;
  }

  private int run(MachineResource machine, List<String> words, boolean typing)
      throws InterruptedException {
    Console console = call.console();
    try {
      return call.remote().run(machine, port(call.options()), words, typing);
    } catch (SshFailed e) {
      console.complain("Unable to SSH to remote host: " + e.getMessage());
    } catch (NoSuchProgram e) {
      console.complain("Error running local command: " + e.getMessage());
    }
    return Exit.UNREACHED;
  }
}
