package fleet.scheduler.plan;

import fleet.cluster.MachineId;
import fleet.unit.UnitName;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Copies of exclusive units that may still run on machines that are gone. As long as one is in
/// here, no other copy may be started.
///
/// @param until when the dead man's switch of each will have stopped it for certain. The instant is
///     for people to read: what decides is whether there is one
public record UnfencedCopies(SortedMap<MachineId, SortedMap<UnitName.Placeable, Instant>> until) {

  /// Nothing runs on a machine that is gone.
  public static final UnfencedCopies NONE = new UnfencedCopies(new TreeMap<>());

  public UnfencedCopies {
    var copy = new TreeMap<MachineId, SortedMap<UnitName.Placeable, Instant>>();
    until.forEach(
        (machine, units) ->
            copy.put(machine, Collections.unmodifiableSortedMap(new TreeMap<>(units))));
    until = Collections.unmodifiableSortedMap(copy);
  }

  /// When the unit will have stopped there for certain; empty if it has.
  public Optional<Instant> until(MachineId machine, UnitName.Placeable unit) {
    return Optional.ofNullable(until.get(machine)).map(units -> units.get(unit));
  }
}
