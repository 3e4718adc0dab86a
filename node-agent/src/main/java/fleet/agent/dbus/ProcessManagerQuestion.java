package fleet.agent.dbus;

import fleet.agent.dbus.ProcessManager.Free;
import fleet.agent.dbus.ProcessManager.Service;
import java.time.Duration;
import java.util.List;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/// Finds out in whose care a process is.
final class ProcessManagerQuestion {

  private ProcessManagerQuestion() {}

  /// Asks the systemd at the other end of `link`.
  ///
  /// @throws fleet.agent.systemd.SystemdException if it does not say
  static ProcessManager ask(Link link, long pid, Duration limit) throws InterruptedException {
    Request unit = Request.manager("GetUnitByPID", "u", new UInt32(String.valueOf(pid)));
    return switch (link.call(unit, limit)) {
      case Reply.Refusal _ -> new Free();
      case Reply.Answer(var values) -> ofUnit(link, values.getFirst().toString(), pid, limit);
    };
  }

  private static ProcessManager ofUnit(Link link, String path, long pid, Duration limit)
      throws InterruptedException {
    List<Reply> replies =
        link.callAll(
            List.of(
                Request.property(path, "Service", "MainPID"),
                Request.property(path, "Unit", "Id"),
                Request.property(path, "Unit", "Job")),
            limit);
    if (!(replies.getFirst() instanceof Reply.Answer(var main))
        || !value(main).toString().equals(String.valueOf(pid))) {
      return new Free();
    }
    // A structure of a number, 0 if there is no job, and a path.
    Object[] job = (Object[]) value(replies.get(2).orThrow());
    String id = value(replies.get(1).orThrow()).toString();
    return new Service(id, job[0].toString().equals("0") ? "" : jobType(link, job[1], limit));
  }

  private static String jobType(Link link, Object path, Duration limit)
      throws InterruptedException {
    Reply reply = link.call(Request.property(path.toString(), "Job", "JobType"), limit);
    return reply instanceof Reply.Answer(var type) ? value(type).toString() : "";
  }

  private static Object value(List<Object> values) {
    return ((Variant<?>) values.getFirst()).getValue();
  }
}
