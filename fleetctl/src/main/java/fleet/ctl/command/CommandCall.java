package fleet.ctl.command;

import fleet.cluster.env.Environment;
import fleet.ctl.console.Console;
import fleet.ctl.console.Log;
import fleet.ctl.console.Options;
import fleet.ctl.remote.Cluster;
import fleet.ctl.ssh.Remote;
import java.util.List;

/// One run of a verb: what it was asked, by whom, and about which cluster.
///
/// @param arguments what is left of the command line without the verb and the flags
public record CommandCall(
    List<String> arguments,
    Options options,
    Console console,
    Log log,
    Cluster cluster,
    Remote remote,
    Environment time) {}
