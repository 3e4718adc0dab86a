package fleet.agent;

import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.unit.Ownership;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The names of units that were assigned to this machine though they are taken here, each with what
/// is wrong with it ([Ownership#taken]). The machine tells them with its record, so that the leader
/// assigns none of them again, until the name is free: also after it has taken them away, when
/// there is no state any more that could say so.
///
/// Of more than it keeps the oldest are forgotten: such a unit may be tried here once more, and be
/// told anew. For the loop that owns the records of units; any task may ask what is told.
final class OwnUnits {

  /// More units than anybody gives names that a machine has. A machine's record may be so long.
  private static final int MOST = 256;

  private static final Logger LOG = System.getLogger(OwnUnits.class.getName());

  private final Deque<UnitName.Placeable> oldestFirst = new ArrayDeque<>();

  /// What was said of units that are assigned, or installed.
  private SortedMap<UnitName.Placeable, String> said = new TreeMap<>();

  private volatile SortedMap<UnitName.Placeable, String> told = Collections.emptySortedMap();

  /// Takes note of what has been seen, and says what is new of it.
  ///
  /// @param taken names of which fleet must leave everything to the machine, of all that were
  ///     looked at, [#names()] among them
  void seen(LocalSnapshot local, SortedMap<UnitName.Placeable, String> taken) {
    say(local, taken);
    oldestFirst.removeIf(unit -> !taken.containsKey(unit));
    for (UnitName.Placeable unit : taken.keySet()) {
      if (local.assigned().containsKey(unit) && !oldestFirst.contains(unit)) {
        oldestFirst.add(unit);
      }
    }
    while (oldestFirst.size() > MOST) {
      oldestFirst.remove();
    }
    var now = new TreeMap<>(taken);
    now.keySet().retainAll(oldestFirst);
    if (!now.equals(told)) {
      told = Collections.unmodifiableSortedMap(now);
    }
  }

  private void say(LocalSnapshot local, SortedMap<UnitName.Placeable, String> taken) {
    var now = new TreeMap<>(taken);
    now.keySet()
        .removeIf(
            unit -> !local.assigned().containsKey(unit) && !local.applied().containsKey(unit));
    now.forEach(
        (unit, why) -> {
          if (!why.equals(said.get(unit))) {
            LOG.log(
                Level.WARNING,
                "left to the machine unit=" + unit + " reason=\"this machine " + why + "\"");
          }
        });
    said = now;
  }

  /// What the machine should tell.
  SortedMap<UnitName.Placeable, String> told() {
    return told;
  }

  /// The names that must be looked at, also if they are assigned no longer.
  SortedSet<UnitName.Placeable> names() {
    return new TreeSet<>(told.keySet());
  }
}
