package fleet.ctl.change;

import fleet.ctl.change.LocalUnitFiles.Found;
import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.console.Synopsis;
import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.nio.file.Path;
import java.util.List;

/// `fleetctl verify`, which fleet 1.0 had already given up. It warns of what is wrong with a file
/// that is there.
public final class Verify implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "verify",
        "DEPRECATED - No longer works",
        "UNIT",
        """
        DEPRECATED - No longer works.
        """,
        List.of());
  }

  @Override
  public int run(CommandCall call) {
    call.console()
        .complain("WARNING: The signed/verified units feature is DEPRECATED and cannot be used.");
    for (String argument : call.arguments()) {
      if (UnitName.ofArgument(argument) instanceof Parsed.Ok<UnitName>(var name)) {
        Path directory = call.console().directory();
        LocalUnitFiles.find(directory.resolve(argument).resolveSibling(name.text()), name)
            .ifPresent(found -> tell(name, found, call));
      }
    }
    return Exit.USAGE;
  }

  private static void tell(UnitName name, Found found, CommandCall call) {
    for (String warning : found.allWarnings()) {
      call.log().warn("Unit " + name + ": " + warning);
    }
  }
}
