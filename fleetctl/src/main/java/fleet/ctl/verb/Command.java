package fleet.ctl.verb;

import fleet.ctl.console.Synopsis;

/// A verb of the command line.
public sealed interface Command
    permits Cat,
        Destroy,
        Evict,
        FdForward,
        Help,
        Journal,
        ListMachines,
        ListUnitFiles,
        ListUnits,
        Load,
        Restart,
        Ssh,
        Start,
        Status,
        Stop,
        Submit,
        Unload,
        Verify,
        Version {

  /// What it is called, does and takes.
  Synopsis synopsis();

  /// Does it.
  ///
  /// @return the exit status, one of [Exit]
  int run(Invocation invocation) throws InterruptedException;
}
