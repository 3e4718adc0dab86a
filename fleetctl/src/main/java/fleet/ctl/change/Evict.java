package fleet.ctl.change;

import fleet.api.MachineResource;
import fleet.api.SilentMachineResource;
import fleet.api.client.ClientException;
import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.console.Console;
import fleet.ctl.console.Flag;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.Cluster;
import fleet.ctl.remote.ErrorText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `fleetctl evict`: evicts machines that are silent, while evictions are paused.
public final class Evict implements Command {

  private static final Flag ALL_SILENT =
      Flag.toggle("all-silent", "Evict every machine that is silent");

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "evict",
        "Evict silent machines, so that their units run elsewhere",
        "--all-silent|MACHINE...",
        """
        When more machines fall silent at once than evict_share allows, their units stay assigned
        to them: they may well run on there, unheard. Says that these machines are lost, by their
        IDs or how these begin: their units are placed elsewhere. What still runs on a machine that
        was only cut off runs twice until that machine is heard of again.

        A machine that is present is refused. That a machine was evicted is forgotten when it is
        back.
        """,
        List.of(ALL_SILENT));
  }

  @Override
  public int run(CommandCall call) {
    Console console = call.console();
    boolean all = call.options().on(ALL_SILENT);
    if (all == !call.arguments().isEmpty()) {
      console.complain(all ? "--all-silent and machines exclude each other" : "No machines given");
      return Exit.USAGE;
    }
    try {
      List<SilentMachineResource> silent = call.cluster().api().silentMachines();
      Optional<Set<SilentMachineResource>> chosen =
          all ? Optional.of(new LinkedHashSet<>(silent)) : choose(silent, call);
      if (chosen.isEmpty()) {
        return Exit.FAILED;
      }
      if (chosen.get().isEmpty()) {
        console.complain("No machine is silent");
      }
      for (SilentMachineResource machine : chosen.get()) {
        call.cluster().api().evict(machine.machineId());
        console.say(
            "Evicted "
                + Cluster.brief(machine.machineId())
                + ", which had "
                + String.join(" ", machine.units()));
      }
      return Exit.DONE;
    } catch (ClientException e) {
      ErrorText.print(console, "Error evicting machines: %", e);
      return Exit.FAILED;
    }
  }

  /// The machines that the arguments mean. If one of them means none or several, says so, and
  /// nothing is done to any.
  private static Optional<Set<SilentMachineResource>> choose(
      List<SilentMachineResource> silent, CommandCall call) {
    var chosen = new LinkedHashSet<SilentMachineResource>();
    boolean allWell = true;
    for (String argument : call.arguments()) {
      List<SilentMachineResource> meant =
          silent.stream().filter(machine -> machine.machineId().startsWith(argument)).toList();
      if (meant.size() == 1) {
        chosen.addAll(meant);
      } else {
        allWell = false;
        call.console()
            .complain(
                meant.isEmpty()
                    ? notSilent(argument, call)
                    : "Several silent machines have IDs that begin with " + argument);
      }
    }
    return allWell ? Optional.of(chosen) : Optional.empty();
  }

  private static String notSilent(String argument, CommandCall call) {
    for (MachineResource machine : call.cluster().api().machines()) {
      if (machine.id().startsWith(argument)) {
        return "Machine %s is present: only a silent one can be evicted"
            .formatted(call.cluster().legend(machine.id()));
      }
    }
    return "No silent machine has an ID that begins with " + argument;
  }
}
