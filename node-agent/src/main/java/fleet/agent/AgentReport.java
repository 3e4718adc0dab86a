package fleet.agent;

import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an agent knows of its units at one moment, for people to look at.
///
/// @param targets how far each unit that is assigned should come
/// @param states what the machine says of each of its units
/// @param pending that of it which the store does not say yet
public record AgentReport(
    SortedMap<UnitName.Placeable, TargetState> targets,
    SortedMap<UnitName.Placeable, UnitState> states,
    SortedMap<UnitName.Placeable, UnitState> pending) {

  public AgentReport {
    targets = Collections.unmodifiableSortedMap(new TreeMap<>(targets));
    states = Collections.unmodifiableSortedMap(new TreeMap<>(states));
    pending = Collections.unmodifiableSortedMap(new TreeMap<>(pending));
  }
}
