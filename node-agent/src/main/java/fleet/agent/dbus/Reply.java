package fleet.agent.dbus;

import fleet.agent.systemd.SystemdException;
import java.util.List;

/// What came back for a [Request]. That nothing came back is an exception.
sealed interface Reply {

  /// @param values as dbus-java reads them: a structure is an array of objects
  record Answer(List<Object> values) implements Reply {}

  /// @param name of the D-Bus error
  record Refusal(String name, String message) implements Reply {

    SystemdException.Refused exception() {
      return new SystemdException.Refused(message, name);
    }

    /// Whether systemd does not know the unit, or has nothing of it in memory.
    boolean noSuchUnit() {
      return name.equals("org.freedesktop.systemd1.NoSuchUnit");
    }

    /// Whether an invocation was asked for that is no more.
    boolean noSuchInvocation() {
      return name.equals("org.freedesktop.systemd1.NoUnitForInvocationID");
    }
  }

  /// The values of an answer.
  ///
  /// @throws SystemdException.Refused if it is none
  default List<Object> orThrow() {
    return switch (this) {
      case Answer(var values) -> values;
      case Refusal refusal -> throw refusal.exception();
    };
  }
}
