package fleet.ctl.verb;

import fleet.ctl.change.Evict;
import fleet.ctl.change.Restart;
import fleet.ctl.change.UnitVerb;
import fleet.ctl.change.Verify;
import fleet.ctl.command.Command;
import fleet.ctl.console.CommandLine;
import fleet.ctl.console.Synopsis;
import fleet.ctl.look.Cat;
import fleet.ctl.look.FdForward;
import fleet.ctl.look.ListMachines;
import fleet.ctl.look.ListUnitFiles;
import fleet.ctl.look.ListUnits;
import fleet.ctl.look.ReadJournal;
import fleet.ctl.look.Ssh;
import fleet.ctl.look.Status;
import java.util.List;

/// All verbs, by name. Only the verb that is asked for is loaded: classes cost time at every start.
public final class Verbs implements CommandLine.Commands {

  private static final List<String> NAMES =
      List.of(
          "cat",
          "destroy",
          "evict",
          "fd-forward",
          "help",
          "journal",
          "list-machines",
          "list-unit-files",
          "list-units",
          "load",
          "restart",
          "ssh",
          "start",
          "status",
          "stop",
          "submit",
          "unload",
          "verify",
          "version");

  public Verbs() {}

  /// The verb of that full name.
  public static Command named(String name) {
    return switch (name) {
      case "cat" -> new Cat();
      case "destroy" -> UnitVerb.DESTROY;
      case "evict" -> new Evict();
      case "fd-forward" -> new FdForward();
      case "help" -> new Help();
      case "journal" -> new ReadJournal();
      case "list-machines" -> new ListMachines();
      case "list-unit-files" -> new ListUnitFiles();
      case "list-units" -> new ListUnits();
      case "load" -> UnitVerb.LOAD;
      case "restart" -> new Restart();
      case "ssh" -> new Ssh();
      case "start" -> UnitVerb.START;
      case "status" -> new Status();
      case "stop" -> UnitVerb.STOP;
      case "submit" -> UnitVerb.SUBMIT;
      case "unload" -> UnitVerb.UNLOAD;
      case "verify" -> new Verify();
      case "version" -> new ShowVersion();
      default -> throw new IllegalArgumentException("no verb is named \"" + name + "\"");
    };
  }

  @Override
  public List<String> names() {
    return NAMES;
  }

  @Override
  public Synopsis synopsis(String name) {
    return named(name).synopsis();
  }
}
