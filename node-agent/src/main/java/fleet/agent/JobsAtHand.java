package fleet.agent;

import fleet.agent.AgentAction.Reason;
import fleet.agent.systemd.LocalUnit;
import fleet.cluster.env.Environment.Task;
import fleet.unit.UnitName;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The jobs that systemd has been asked for and has not answered yet. For one thread at a time.
final class JobsAtHand {

  private final TreeMap<UnitName.Placeable, Task> starts = new TreeMap<>();
  private final TreeMap<UnitName.Placeable, Task> stops = new TreeMap<>();

  /// Units that were told to stop while they started: how their start ends is of no interest.
  private final TreeSet<UnitName.Placeable> overtaken = new TreeSet<>();

  private final TreeSet<UnitName.Placeable> stopped = new TreeSet<>();

  /// Whether there is none, and every unit that was stopped has been seen to rest.
  boolean isIdle() {
    return starts.isEmpty() && stops.isEmpty() && stopped.isEmpty();
  }

  /// Adds the units that have jobs, each with why it is to be left alone.
  void hold(SortedMap<UnitName.Placeable, Reason> held) {
    starts.keySet().forEach(unit -> held.put(unit, Reason.STARTING));
    stops.keySet().forEach(unit -> held.put(unit, Reason.JOB_RUNS));
  }

  /// Units have been looked at.
  ///
  /// @param foreign units of which something runs that fleet did not start
  void seen(
      SortedMap<UnitName.Placeable, LocalUnit> observed, SortedSet<UnitName.Placeable> foreign) {
    stopped.removeIf(
        unit -> {
          LocalUnit seen = observed.get(unit);
          return seen == null || seen.phase() == LocalUnit.Phase.RESTING || foreign.contains(unit);
        });
  }

  /// The unit is about to be stopped.
  void stopping(UnitName.Placeable unit) {
    if (starts.containsKey(unit)) {
      overtaken.add(unit);
    }
  }

  /// The unit has been stopped.
  void stopped(UnitName.Placeable unit) {
    stopped.add(unit);
  }

  /// Whether the unit has been stopped, and has not rested since. Says so once.
  boolean wasStoppedInVain(UnitName.Placeable unit) {
    return stopped.remove(unit);
  }

  void starts(UnitName.Placeable unit, Task job) {
    starts.put(unit, job);
    overtaken.remove(unit);
  }

  boolean isOvertaken(UnitName.Placeable unit) {
    return overtaken.contains(unit);
  }

  void startEnded(UnitName.Placeable unit) {
    starts.remove(unit);
    overtaken.remove(unit);
  }

  void stops(UnitName.Placeable unit, Task job) {
    stops.put(unit, job);
  }

  void stopEnded(UnitName.Placeable unit) {
    stops.remove(unit);
  }

  void interrupt() {
    starts.values().forEach(Task::interrupt);
    stops.values().forEach(Task::interrupt);
  }
}
