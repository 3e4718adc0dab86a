package fleet.daemon;

import fleet.agent.dbus.ProcessManager;

/// What becomes of this machine's units when the daemon is told to end. Decided by why it is told.
///
/// `systemctl stop`, a shutdown, or somebody's Ctrl-C mean that fleet is to end on this machine.
/// `systemctl restart`, an upgrade, or a signal that systemd knows nothing of, after which it
/// starts the daemon again, mean the daemon alone. fleet v1 made no difference, and stopped all
/// units whenever it was restarted.
sealed interface ShutdownDecision {

  String reason();

  /// The machine leaves the cluster in order: its units stop, and run elsewhere.
  record Leave(String reason) implements ShutdownDecision {}

  /// Units run on, and the next daemon adopts them.
  record Stay(String reason) implements ShutdownDecision {}

  /// In doubt a running unit is left alone.
  static ShutdownDecision of(ProcessManager manager) {
    return switch (manager) {
      case ProcessManager.Free() -> new Leave("the daemon was run by hand, and told to end");
      case ProcessManager.Service(var unit, var job) ->
          switch (job) {
            case "stop" -> new Leave(unit + " is being stopped");
            case "" -> new Stay("a signal that systemd has not sent: it starts " + unit + " again");
            default -> new Stay(unit + " has a job of type " + job);
          };
      case ProcessManager.Unknown(var why) -> new Stay("systemd does not say why: " + why);
    };
  }
}
