package fleet.cluster;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// How often users have asked that a unit be restarted: on every machine that has it, and on one
/// machine alone.
///
/// What counts is the *generation* that follows for each machine. It grows with every restart that
/// the machine is asked for, and an agent restarts a unit when it is above the one it has applied.
/// It is what makes an agent act; by the number of an [Order] one knows which answer to wait for.
///
/// @param everywhere how often on all machines
/// @param alone how often in addition on one machine; those that are not there never were asked
public record Restarts(long everywhere, SortedMap<MachineId, Long> alone) {

  /// Nobody has asked for any.
  public static final Restarts NONE = new Restarts(0, Collections.emptySortedMap());

  public Restarts {
    alone = Collections.unmodifiableSortedMap(new TreeMap<>(alone));
  }

  /// The generation of the unit on that machine.
  public long on(MachineId machine) {
    return everywhere + alone.getOrDefault(machine, 0L);
  }

  /// These and one more, on every machine. The new count is above that of every machine, so those
  /// of single machines are dropped.
  public Restarts everywhereOnceMore() {
    long most = alone.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return new Restarts(everywhere + Math.max(0, most) + 1, Collections.emptySortedMap());
  }

  /// These and one more, on that machine.
  public Restarts onceMoreOn(MachineId machine) {
    var more = new TreeMap<>(alone);
    more.merge(machine, 1L, Long::sum);
    return new Restarts(everywhere, more);
  }
}
