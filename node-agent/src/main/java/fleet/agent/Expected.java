package fleet.agent;

import fleet.agent.AgentAction.Reason;
import fleet.cluster.Assignment;
import fleet.unit.UnitName;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/// What should be, and what has been done about it, as of one moment.
///
/// @param held units to be left alone for now, and why
/// @param names all units that somebody must look at, wherever their files are
/// @param withheld what the machine must be rid of, by which revisions
/// @param readUnder the lease under which it was read what is assigned
record Expected(
    SortedMap<UnitName.Placeable, Assignment> assigned,
    SortedMap<UnitName.Placeable, Applied> applied,
    SortedMap<UnitName.Placeable, Reason> held,
    SortedSet<UnitName.Placeable> names,
    SortedMap<UnitName.Placeable, Long> withheld,
    long readUnder) {

  /// Units that have jobs which systemd has not answered yet.
  SortedSet<UnitName.Placeable> atWork() {
    var atWork = new TreeSet<UnitName.Placeable>();
    held.forEach(
        (unit, reason) -> {
          if (reason == Reason.STARTING || reason == Reason.JOB_RUNS) {
            atWork.add(unit);
          }
        });
    return atWork;
  }
}
