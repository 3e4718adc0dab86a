/// Other machines, by the system's OpenSSH: it knows the user's agent, keys and configuration, and
/// whoever keeps the system safe keeps it safe too.
///
/// [OpenSsh] says how it is called, and is a function of its input; [Remote] and [Tunnel] call it,
/// through [LocalMachine].
@org.jspecify.annotations.NullMarked
package fleet.ctl.ssh;
