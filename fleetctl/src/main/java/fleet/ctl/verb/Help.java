package fleet.ctl.verb;

import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.console.CommandLine;
import fleet.ctl.console.HelpText;
import fleet.ctl.console.Synopsis;
import java.util.List;

/// `fleetctl help`, and what `--help` shows.
public final class Help implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "help", "Show all commands, or tell more about one", "[COMMAND]", "", List.of());
  }

  @Override
  public int run(CommandCall call) {
    if (call.arguments().isEmpty()) {
      call.console().out().print(of(""));
      return Exit.DONE;
    }
    String topic = call.arguments().getFirst();
    List<String> meant = CommandLine.complete(topic, new Verbs().names());
    if (meant.size() != 1) {
      call.console().out().print(of(""));
      call.console().complain("Unknown help topic [`" + topic + "`].");
      return Exit.USAGE;
    }
    call.console().out().print(of(meant.getFirst()));
    return Exit.DONE;
  }

  /// The help for the verb of that full name, or for the whole program if it is empty.
  public static String of(String verb) {
    return verb.isEmpty()
        ? HelpText.of(GlobalFlags.PROGRAM, ShowVersion.text(), new Verbs())
        : HelpText.of(
            GlobalFlags.PROGRAM.name(), Verbs.named(verb).synopsis(), GlobalFlags.PROGRAM.flags());
  }
}
