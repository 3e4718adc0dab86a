package fleet.agent;

import fleet.agent.AgentAction.Reason;
import fleet.agent.systemd.LocalUnit;
import fleet.cluster.Assignment;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that the [Reconciler] may depend on.
///
/// @param assigned what the machine should run
/// @param observed what is there; at least every unit that is assigned or applied
/// @param applied what this agent, or the one before it, has done
/// @param held units that must be left alone for now, and why
/// @param reloadOwed whether files have changed since systemd last read them
/// @param withheld what the machine must be rid of, and by which revision it was told
/// @param footing how far it may act
record LocalSnapshot(
    SortedMap<UnitName.Placeable, Assignment> assigned,
    SortedMap<UnitName.Placeable, LocalUnit> observed,
    SortedMap<UnitName.Placeable, Applied> applied,
    SortedMap<UnitName.Placeable, Reason> held,
    boolean reloadOwed,
    SortedMap<UnitName.Placeable, Long> withheld,
    Footing footing) {

  LocalSnapshot {
    assigned = Collections.unmodifiableSortedMap(new TreeMap<>(assigned));
    observed = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
    applied = Collections.unmodifiableSortedMap(new TreeMap<>(applied));
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    withheld = Collections.unmodifiableSortedMap(new TreeMap<>(withheld));
  }
}
