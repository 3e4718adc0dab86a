package fleet.agent.reconcile;

import fleet.agent.unit.UnitRecord;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is ready to be done, as soon as it is noted: an agent may be killed at any time, and the
/// next one must know. So it hands out its actions to nobody who has not been given the records
/// first (the `Ready` of [raft](https://pkg.go.dev/go.etcd.io/raft/v3#Ready)).
public final class Ready {

  /// Who keeps the records.
  public interface Notebook {

    /// What is known of each unit from now on.
    ///
    /// @param durably whether that must be on disk before anything is done
    void note(SortedMap<UnitName.Placeable, UnitRecord> records, boolean durably);
  }

  private final SortedMap<UnitName.Placeable, UnitRecord> records;
  private final boolean durably;
  private final List<AgentAction> actions;

  /// @param durably whether there is anything among the actions of which the next agent must know
  Ready(
      SortedMap<UnitName.Placeable, UnitRecord> records,
      boolean durably,
      List<AgentAction> actions) {
    this.records = Collections.unmodifiableSortedMap(new TreeMap<>(records));
    this.durably = durably;
    this.actions = List.copyOf(actions);
  }

  /// What to do, in order, now that it is noted.
  public List<AgentAction> noted(Notebook in) {
    in.note(records, durably);
    return actions;
  }
}
