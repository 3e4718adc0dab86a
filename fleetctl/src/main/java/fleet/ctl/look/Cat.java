package fleet.ctl.look;

import fleet.api.UnitResource;
import fleet.api.client.ClientException;
import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Units;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.ErrorText;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Optional;

/// `fleetctl cat`: the file of a unit as it is stored, and as it lies on its machine.
public final class Cat implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "cat",
        "Print the file of a unit as the cluster has it",
        "UNIT",
        """
        Comments and blank lines of the file that was submitted are not kept.
        """,
        List.of());
  }

  @Override
  public int run(CommandCall call) {
    var console = call.console();
    if (call.arguments().size() != 1) {
      console.complain("One unit file must be provided");
      return Exit.USAGE;
    }
    Optional<UnitName> name = Units.named(call, call.arguments().getFirst());
    if (name.isEmpty()) {
      return Exit.FAILED;
    }
    Optional<UnitResource> unit;
    try {
      unit = call.cluster().api().unit(name.get().text());
    } catch (ClientException e) {
      ErrorText.print(console, "Error retrieving Unit " + name.get() + ": %", e);
      return Exit.FAILED;
    }
    if (unit.isEmpty()) {
      console.complain("Unit " + name.get() + " not found");
      return Exit.FAILED;
    }
    console.out().print(new UnitFile(unit.get().options()).text());
    return Exit.DONE;
  }
}
