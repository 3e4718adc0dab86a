package fleet.agent.dbus;

import fleet.agent.dbus.SwitchFiles.Side;
import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.SystemdException;
import fleet.unit.UnitName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.freedesktop.dbus.types.Variant;

/// Arms and disarms dead man's switches. What is armed it asks systemd each time: an agent before
/// this one may have armed it.
final class SwitchUnits {

  /// Longer than systemd takes to start or end a program that does nothing.
  private static final Duration JOB_LIMIT = Duration.ofSeconds(10);

  private final SwitchFiles files;
  private final JobRunner jobs;
  private final Duration callLimit;
  private final Duration slow;

  /// One that is armed.
  ///
  /// @param since when, in microseconds of systemd's
  private record Armed(Side side, long since) {}

  SwitchUnits(SwitchFiles files, JobRunner jobs, Duration callLimit, Duration slow) {
    this.files = files;
    this.jobs = jobs;
    this.callLimit = callLimit;
    this.slow = slow;
  }

  SortedMap<UnitName.Placeable, String> arm(
      Link link, SortedMap<UnitName.Placeable, Duration> after) throws InterruptedException {
    var problems = new TreeMap<UnitName.Placeable, String>();
    boolean news = false;
    for (var unit : after.entrySet()) {
      try {
        news |= files.write(unit.getKey(), unit.getValue());
      } catch (IOException e) {
        problems.put(unit.getKey(), "Failed to write its switch: " + UnitDirectory.problem(e));
      }
    }
    if (news) {
      var _ = link.call(Request.manager("Reload", ""), slow).orThrow();
    }
    for (UnitName.Placeable unit : after.keySet()) {
      if (!problems.containsKey(unit) && isFiring(link, unit)) {
        problems.put(unit, "its switch is killing it");
      }
      if (!problems.containsKey(unit)) {
        try {
          Side side = next(armed(link, unit));
          UnitName.Placeable next = SwitchFiles.name(unit, side);
          stop(link, unit, side);
          JobResult result = jobs.start(link, next, JOB_LIMIT);
          if (result != JobResult.DONE) {
            problems.put(unit, "the start of " + next + " ended with \"" + result.text() + "\"");
          }
        } catch (SystemdException.Refused e) {
          problems.put(unit, String.valueOf(e.getMessage()));
        }
      }
    }
    return problems;
  }

  /// What it does must not hit the unit when that is started again.
  private boolean isFiring(Link link, UnitName.Placeable unit) throws InterruptedException {
    String path = UnitPath.of(SwitchFiles.fire(unit).text());
    Request state = Request.property(path, "Unit", "ActiveState");
    return value(link.call(state, callLimit)).endsWith("activating");
  }

  /// The one that is not armed; if both are, the younger.
  private static Side next(List<Armed> armed) {
    if (armed.size() == 2) {
      return armed.get(1).side();
    }
    return !armed.isEmpty() && armed.getFirst().side() == Side.A ? Side.B : Side.A;
  }

  void confirm(Link link, SortedSet<UnitName.Placeable> units) throws InterruptedException {
    for (UnitName.Placeable unit : units) {
      List<Armed> armed = armed(link, unit);
      if (!armed.isEmpty()) {
        var _ = jobs.start(link, SwitchFiles.sure(unit, armed.getLast().side()), JOB_LIMIT);
      }
      if (armed.size() == 2) {
        stop(link, unit, armed.getFirst().side());
      }
    }
  }

  void disarm(Link link, SortedSet<UnitName.Placeable> units) throws InterruptedException {
    for (UnitName.Placeable unit : units) {
      for (Armed armed : armed(link, unit)) {
        stop(link, unit, armed.side());
      }
    }
  }

  private void stop(Link link, UnitName.Placeable unit, Side side) throws InterruptedException {
    var _ = jobs.stop(link, SwitchFiles.sure(unit, side), "", JOB_LIMIT);
    var _ = jobs.stop(link, SwitchFiles.name(unit, side), "", JOB_LIMIT);
  }

  /// The switches of a unit that are armed, the older first.
  private List<Armed> armed(Link link, UnitName.Placeable unit) throws InterruptedException {
    var armed = new ArrayList<Armed>();
    for (Side side : Side.values()) {
      String path = UnitPath.of(SwitchFiles.name(unit, side).text());
      List<Reply> replies =
          link.callAll(
              List.of(
                  Request.property(path, "Unit", "ActiveState"),
                  Request.property(path, "Unit", "ActiveEnterTimestampMonotonic")),
              callLimit);
      if (value(replies.getFirst()).equals("active")) {
        armed.add(new Armed(side, Long.parseLong(value(replies.getLast()))));
      }
    }
    armed.sort(Comparator.comparingLong(Armed::since));
    return armed;
  }

  /// In doubt nothing is armed anew: the older switch might be taken for the younger.
  private static String value(Reply reply) {
    return ((Variant<?>) reply.orThrow().getFirst()).getValue().toString();
  }
}
