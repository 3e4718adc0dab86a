package fleet.ctl.verb;

import fleet.ctl.change.Destroy;
import fleet.ctl.change.Evict;
import fleet.ctl.change.Load;
import fleet.ctl.change.Restart;
import fleet.ctl.change.Start;
import fleet.ctl.change.Stop;
import fleet.ctl.change.Submit;
import fleet.ctl.change.Unload;
import fleet.ctl.change.Verify;
import fleet.ctl.command.Command;
import fleet.ctl.console.CommandLine;
import fleet.ctl.console.Synopsis;
import fleet.ctl.look.Cat;
import fleet.ctl.look.FdForward;
import fleet.ctl.look.Journal;
import fleet.ctl.look.ListMachines;
import fleet.ctl.look.ListUnitFiles;
import fleet.ctl.look.ListUnits;
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
      case "destroy" -> new Destroy();
      case "evict" -> new Evict();
      case "fd-forward" -> new FdForward();
      case "help" -> new Help();
      case "journal" -> new Journal();
      case "list-machines" -> new ListMachines();
      case "list-unit-files" -> new ListUnitFiles();
      case "list-units" -> new ListUnits();
      case "load" -> new Load();
      case "restart" -> new Restart();
      case "ssh" -> new Ssh();
      case "start" -> new Start();
      case "status" -> new Status();
      case "stop" -> new Stop();
      case "submit" -> new Submit();
      case "unload" -> new Unload();
      case "verify" -> new Verify();
      case "version" -> new Version();
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
