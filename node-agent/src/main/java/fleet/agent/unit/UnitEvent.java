package fleet.agent.unit;

import fleet.agent.systemd.JobResult;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What happens to the units of a machine other than by the hand of the loop that owns their
/// records. Whoever learns of it tells that loop, and changes nothing itself.
public sealed interface UnitEvent {

  /// All that is assigned to the machine, in place of what was.
  ///
  /// @param illegible units that are assigned in words which nobody understands, each with why
  /// @param withheld what the machine must be rid of, by the assignments of which revisions
  /// @param lease under which this was read from the store; 0 if it was read from the disk
  record Assigned(
      SortedMap<UnitName.Placeable, Assignment> assignments,
      SortedMap<UnitName.Placeable, String> illegible,
      SortedMap<UnitName.Placeable, Long> withheld,
      long lease)
      implements UnitEvent {

    public Assigned {
      assignments = Collections.unmodifiableSortedMap(new TreeMap<>(assignments));
      illegible = Collections.unmodifiableSortedMap(new TreeMap<>(illegible));
      withheld = Collections.unmodifiableSortedMap(new TreeMap<>(withheld));
    }
  }

  /// The machine leaves the cluster: from now on nothing is assigned to it, whoever says so.
  record Leaving() implements UnitEvent {}

  /// The start of a unit has ended.
  ///
  /// @param at when, by the time that nobody can set
  record StartEnded(Assignment assignment, StartEnd end, Duration at) implements UnitEvent {}

  /// The restart of a unit has ended.
  ///
  /// @param was what had been done to the unit before
  /// @param at when, by the time that nobody can set
  record RestartEnded(Assignment assignment, Applied was, StartEnd end, Duration at)
      implements UnitEvent {}

  /// The stop of a unit has ended.
  ///
  /// @param order by which it was stopped; empty if by none
  /// @param at when, by the time that nobody can set
  record StopEnded(UnitName.Placeable unit, Optional<Order> order, StopEnd end, Duration at)
      implements UnitEvent {}

  /// How a start or restart has ended.
  sealed interface StartEnd {

    /// systemd has started the unit, or has it start.
    record Started() implements StartEnd {}

    /// systemd has tried to start the unit, in vain.
    ///
    /// @param lacking units that it needs and that have failed; empty if that is not the reason
    record NotStarted(JobResult result, String words, SortedSet<UnitName.Placeable> lacking)
        implements StartEnd {

      public NotStarted {
        lacking = Collections.unmodifiableSortedSet(new TreeSet<>(lacking));
      }
    }

    /// systemd has not even tried: all is as it was.
    record Refused(String words) implements StartEnd {}

    /// Nobody knows what systemd has done.
    record Unknown(String words) implements StartEnd {}
  }

  /// How a stop has ended.
  sealed interface StopEnd {

    /// The unit has stopped.
    record Stopped() implements StopEnd {}

    /// The unit goes on stopping, and is seen to for as long as that lasts.
    record Unfinished() implements StopEnd {}

    /// The unit has not stopped.
    record NotStopped(String words) implements StopEnd {}

    /// Nobody knows what systemd has done.
    record Unknown(String words) implements StopEnd {}
  }
}
