package fleet.scheduler;

import fleet.cluster.MachineId;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Copies of exclusive units that may still run on machines that are gone.
///
/// @param until when the dead man's switch of each will have stopped it for certain, for people to
///     read
record Remains(SortedMap<MachineId, SortedMap<UnitName.Placeable, String>> until) {

  /// Nothing runs where nobody is.
  static final Remains NONE = new Remains(new TreeMap<>());

  Remains {
    var copy = new TreeMap<MachineId, SortedMap<UnitName.Placeable, String>>();
    until.forEach(
        (machine, units) ->
            copy.put(machine, Collections.unmodifiableSortedMap(new TreeMap<>(units))));
    until = Collections.unmodifiableSortedMap(copy);
  }

  /// When the unit will have stopped there for certain; empty if it has.
  Optional<String> until(MachineId machine, UnitName.Placeable unit) {
    return Optional.ofNullable(until.get(machine)).map(units -> units.get(unit));
  }
}
