package fleet.ctl.command;

import fleet.ctl.console.Synopsis;

/// A verb of the command line. `fleet.ctl.verb.Verbs` knows them all.
public interface Command {

  /// What it is called, does and takes.
  Synopsis synopsis();

  /// Does it.
  ///
  /// @return the exit status, one of [Exit]
  int run(CommandCall call) throws InterruptedException;
}
