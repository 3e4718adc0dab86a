package fleet.cluster;

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
public record Machine(
    MachineId id,
    String address,
    SortedMap<String, String> metadata,
    String version,
    String bootId) {

  public Machine {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
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
    return new Machine(id, address, merged, version, bootId);
  }
}
