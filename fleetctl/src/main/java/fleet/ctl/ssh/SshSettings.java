package fleet.ctl.ssh;

import java.time.Duration;

/// How the user wants machines to be reached by SSH, as yet unchecked.
///
/// @param username whom to log in as; empty if ssh's own configuration says
/// @param timeout how long to wait for a connection; zero for as long as ssh's own configuration
///     says
/// @param strict whether to refuse machines whose host key is not the one that we know
/// @param knownHosts the file of host keys that we know, perhaps beginning with `~` or `~user`
/// @param tunnel the machine through which all others are reached, the API too: `host` or
///     `host:port`; empty if they are reached directly
public record SshSettings(
    String username, Duration timeout, boolean strict, String knownHosts, String tunnel) {}
