package fleet.scheduler.plan;

import fleet.unit.requirements.Requirements;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Machines that units can be placed on, always ordered by load: all of them, and those that a
/// requirement leaves, so that not all need be tried.
final class MachinePools {

  private final SortedSet<PlannedMachine> all = pool();
  private final SortedMap<String, SortedSet<PlannedMachine>> byName = new TreeMap<>();
  private final SortedMap<String, SortedSet<PlannedMachine>> byMetadata = new TreeMap<>();

  private static SortedSet<PlannedMachine> pool() {
    return new TreeSet<>(PlannedMachine.BY_LOAD);
  }

  void add(PlannedMachine machine) {
    machine.join(all);
    join(machine, byName, machine.id().text());
    if (!machine.id().brief().equals(machine.id().text())) {
      join(machine, byName, machine.id().brief());
    }
    machine.metadata().forEach((key, value) -> join(machine, byMetadata, key + "=" + value));
  }

  private static void join(
      PlannedMachine machine, SortedMap<String, SortedSet<PlannedMachine>> pools, String key) {
    machine.join(pools.computeIfAbsent(key, _ -> pool()));
  }

  SortedSet<PlannedMachine> all() {
    return Collections.unmodifiableSortedSet(all);
  }

  /// A pool in which all are that the `MachineID` or the `MachineMetadata` asked for admits, and as
  /// few others as may be.
  SortedSet<PlannedMachine> of(Requirements requirements) {
    if (requirements.machineId().isPresent()) {
      return byName.getOrDefault(requirements.machineId().get(), pool());
    }
    SortedSet<PlannedMachine> fewest = all;
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
