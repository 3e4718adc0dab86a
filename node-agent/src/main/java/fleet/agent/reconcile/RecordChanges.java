package fleet.agent.reconcile;

import fleet.agent.order.OrderHistory;
import fleet.agent.unit.UnitRecord;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// Records of units while they change. What nothing is known of has none.
public final class RecordChanges {

  private final TreeMap<UnitName.Placeable, UnitRecord> records;

  public RecordChanges(SortedMap<UnitName.Placeable, UnitRecord> before) {
    records = new TreeMap<>(before);
  }

  UnitRecord of(UnitName.Placeable unit) {
    return records.getOrDefault(unit, UnitRecord.EMPTY);
  }

  void update(UnitName.Placeable unit, UnaryOperator<UnitRecord> change) {
    UnitRecord before = of(unit);
    UnitRecord next = change.apply(before);
    if (next.equals(UnitRecord.EMPTY)) {
      records.remove(unit);
    } else if (!next.equals(before)) {
      records.put(unit, next);
    }
  }

  void order(UnitName.Placeable unit, UnaryOperator<OrderHistory> change) {
    update(unit, record -> record.ordered(change));
  }

  /// Those of which anything is known, and those.
  SortedSet<UnitName.Placeable> and(Set<UnitName.Placeable> others) {
    var names = new TreeSet<>(records.keySet());
    names.addAll(others);
    return names;
  }

  SortedMap<UnitName.Placeable, UnitRecord> all() {
    return Collections.unmodifiableSortedMap(records);
  }
}
