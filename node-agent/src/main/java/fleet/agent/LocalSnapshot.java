package fleet.agent;

import fleet.agent.systemd.LocalUnit;
import fleet.cluster.Assignment;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// All that the [Reconciler] may depend on.
///
/// @param assigned what the machine should run
/// @param observed what is there; at least every unit that is assigned or applied
/// @param applied what this agent, or the one before it, has done
/// @param busy units for which the agent has a job under way
/// @param deferred units whose last attempt has failed, and whose next one is not yet due
/// @param reloadOwed whether files have changed since systemd last read them
public record LocalSnapshot(
    SortedMap<UnitName.Placeable, Assignment> assigned,
    SortedMap<UnitName.Placeable, LocalUnit> observed,
    SortedMap<UnitName.Placeable, Applied> applied,
    SortedSet<UnitName.Placeable> busy,
    SortedSet<UnitName.Placeable> deferred,
    boolean reloadOwed) {

  public LocalSnapshot {
    assigned = Collections.unmodifiableSortedMap(new TreeMap<>(assigned));
    observed = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
    applied = Collections.unmodifiableSortedMap(new TreeMap<>(applied));
    busy = Collections.unmodifiableSortedSet(new TreeSet<>(busy));
    deferred = Collections.unmodifiableSortedSet(new TreeSet<>(deferred));
  }
}
