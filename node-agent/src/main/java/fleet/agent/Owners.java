package fleet.agent;

import fleet.agent.systemd.LocalUnit;
import fleet.unit.UnitName;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is known of whose everything is that runs: of units that fleet has an eye on, and of those
/// that run though fleet did not start them. For one thread at a time.
final class Owners {

  private final TreeMap<UnitName.Placeable, Ownership> known = new TreeMap<>();

  /// What an earlier agent knew.
  void remember(SortedMap<UnitName.Placeable, Ownership> units) {
    known.putAll(units);
  }

  /// What was known when units were last looked at.
  SortedMap<UnitName.Placeable, Ownership> known() {
    return new TreeMap<>(known);
  }

  /// fleet has written the file of a unit, and linked it.
  void installed(UnitName.Placeable unit) {
    known.putIfAbsent(unit, Ownership.WATCHED);
  }

  /// Takes note of what has been seen.
  ///
  /// @param applied units that fleet has installed
  /// @return the units of which something runs that fleet did not start
  SortedSet<UnitName.Placeable> seen(
      SortedMap<UnitName.Placeable, LocalUnit> observed, SortedSet<UnitName.Placeable> applied) {
    var foreign = new TreeSet<UnitName.Placeable>();
    observed.forEach(
        (unit, seen) -> {
          boolean installed = applied.contains(unit);
          var now = Ownership.of(seen, Optional.ofNullable(known.get(unit)), installed);
          if (now.foreign()) {
            foreign.add(unit);
          }
          if (now.foreign() || Ownership.concerns(seen, installed)) {
            known.put(unit, now);
          } else {
            known.remove(unit);
          }
        });
    known.keySet().retainAll(observed.keySet());
    return foreign;
  }
}
