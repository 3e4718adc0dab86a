package fleet.cluster;

import fleet.unit.UnitName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// A machine that holds its lease, as it describes itself.
///
/// @param address where other machines reach it; empty if it has not found out
/// @param metadata what its configuration says it carries, or in a [ClusterSnapshot] that overlaid
///     by what users set through the API
/// @param version of its `fleetd`
/// @param bootId which boot of the machine wrote this (random(4), `boot_id`)
/// @param own units that it cannot take, as it has their names for itself, each with why, said of
///     the machine: `has a mine.service of its own: /etc/systemd/system/mine.service`. Of those
///     only that were assigned to it lately
public record Machine(
    MachineId id,
    String address,
    SortedMap<String, String> metadata,
    String version,
    String bootId,
    SortedMap<UnitName.Placeable, String> own) {

  public Machine {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
  }

  /// A machine of which no unit is known that it has for itself.
  public Machine(
      MachineId id,
      String address,
      SortedMap<String, String> metadata,
      String version,
      String bootId) {
    this(id, address, metadata, version, bootId, new TreeMap<>());
  }

  /// The same machine, with these units of its own.
  public Machine having(SortedMap<UnitName.Placeable, String> units) {
    return new Machine(id, address, metadata, version, bootId, units);
  }

  /// This machine as `overlay` has it: each key set there wins, and an empty value hides the key.
  public Machine overlaidBy(SortedMap<String, String> overlay) {
    var merged = new TreeMap<>(metadata);
    overlay.forEach(
        (key, value) -> {
          if (value.isEmpty()) {
            merged.remove(key);
          } else {
            merged.put(key, value);
          }
        });
    return new Machine(id, address, merged, version, bootId, own);
  }
}
