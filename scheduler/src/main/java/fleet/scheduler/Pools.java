package fleet.scheduler;

import fleet.unit.Requirements;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Machines that units can be placed on, always ordered by load: all of them, and those that a
/// requirement leaves, so that not all need be tried.
final class Pools {

  private final SortedSet<Host> all = pool();
  private final SortedMap<String, SortedSet<Host>> byName = new TreeMap<>();
  private final SortedMap<String, SortedSet<Host>> byMetadata = new TreeMap<>();

  private static SortedSet<Host> pool() {
    return new TreeSet<>(Host.BY_LOAD);
  }

  void add(Host host) {
    host.join(all);
    join(host, byName, host.id().text());
    if (!host.id().brief().equals(host.id().text())) {
      join(host, byName, host.id().brief());
    }
    host.metadata().forEach((key, value) -> join(host, byMetadata, key + "=" + value));
  }

  private static void join(Host host, SortedMap<String, SortedSet<Host>> pools, String key) {
    host.join(pools.computeIfAbsent(key, _ -> pool()));
  }

  SortedSet<Host> all() {
    return Collections.unmodifiableSortedSet(all);
  }

  /// A pool in which all are that the `MachineID` or the `MachineMetadata` asked for admits, and as
  /// few others as may be.
  SortedSet<Host> of(Requirements requirements) {
    if (requirements.machineId().isPresent()) {
      return byName.getOrDefault(requirements.machineId().get(), pool());
    }
    SortedSet<Host> fewest = all;
    for (var wanted : requirements.metadata().entrySet()) {
      if (wanted.getValue().size() == 1) {
        var pool =
            byMetadata.getOrDefault(wanted.getKey() + "=" + wanted.getValue().first(), pool());
        fewest = pool.size() < fewest.size() ? pool : fewest;
      }
    }
    return fewest;
  }
}
