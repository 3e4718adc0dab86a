package fleet.scheduler.uncertainty;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which machines come and go, as a leader has seen it in its term. A value: each look at the
/// cluster makes the next one.
///
/// @param present the machines that were there when the cluster was last seen; empty if it has not
///     been seen
/// @param vanished the machines that have gone within a time to live and had nothing, so that no
///     assignment tells of them, each with when it was seen to be gone. The leases of machines that
///     are cut off together end within that time
public record MachineSightings(
    Optional<SortedSet<MachineId>> present, SortedMap<MachineId, Duration> vanished) {

  /// Nothing has been seen yet.
  public static final MachineSightings NONE =
      new MachineSightings(Optional.empty(), new TreeMap<>());

  public MachineSightings {
    present = present.map(machines -> Collections.unmodifiableSortedSet(new TreeSet<>(machines)));
    vanished = Collections.unmodifiableSortedMap(new TreeMap<>(vanished));
  }

  /// The cluster has been seen like this.
  ///
  /// @param ttl for how long a machine that is gone may be one of many that go together
  MachineSightings after(ClusterSnapshot cluster, Duration ttl, Duration now) {
    var here = new TreeSet<>(cluster.machines().keySet());
    var gone = new TreeMap<>(vanished);
    present.orElse(here).stream()
        .filter(machine -> !here.contains(machine))
        .filter(machine -> !cluster.assignments().containsKey(machine))
        .forEach(machine -> gone.put(machine, now));
    gone.keySet().removeAll(here);
    gone.values().removeIf(since -> now.minus(since).compareTo(ttl) >= 0);
    return new MachineSightings(Optional.of(here), gone);
  }

  /// Whether a machine is there that was not there before.
  ///
  /// @param before what had been seen until then
  boolean hasNewcomers(MachineSightings before) {
    return !before.present.isEmpty()
        && !present.isEmpty()
        && !before.present.get().containsAll(present.get());
  }
}
