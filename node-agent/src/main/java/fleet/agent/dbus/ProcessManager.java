package fleet.agent.dbus;

/// In whose care a process is, as far as systemd knows. From its job the process can tell why it is
/// being ended.
public sealed interface ProcessManager {

  /// It is the main process of no service: somebody runs it by hand, or in a container of its own.
  record Free() implements ProcessManager {}

  /// It is the main process of a service.
  ///
  /// @param unit such as `fleet.service`
  /// @param job that systemd has for that unit (org.freedesktop.systemd1(5), `JobType`), such as
  ///     `stop` or `restart`; empty if it has none
  record Service(String unit, String job) implements ProcessManager {}

  /// Nobody knows.
  record Unknown(String reason) implements ProcessManager {}
}
