package fleet.testing.systemd;

import fleet.agent.systemd.LocalUnit;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// What a [SimulatedSystemd] has last said of its units: the same again, as long as nothing has
/// changed. A simulated year has a million looks.
final class LastLook {

  private boolean valid;
  private SortedSet<UnitName.Placeable> asked = Collections.emptySortedSet();
  private SortedMap<UnitName.Placeable, LocalUnit> answer = Collections.emptySortedMap();

  /// Something may have changed of what there is to see.
  void changed() {
    valid = false;
  }

  /// @param also what is asked for beside what has a file
  /// @param look at all names that are asked for or have a file
  SortedMap<UnitName.Placeable, LocalUnit> again(
      SortedSet<UnitName.Placeable> also,
      SortedSet<UnitName.Placeable> files,
      Function<UnitName.Placeable, LocalUnit> look) {
    if (!valid || !also.equals(asked)) {
      asked = Collections.unmodifiableSortedSet(new TreeSet<>(also));
      var names = new TreeSet<>(also);
      names.addAll(files);
      var found = new TreeMap<UnitName.Placeable, LocalUnit>();
      names.forEach(name -> found.put(name, look.apply(name)));
      answer = Collections.unmodifiableSortedMap(found);
      valid = true;
    }
    return answer;
  }
}
