package fleet.scheduler;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import fleet.cluster.env.Environment;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which machines come and go, as a leader has seen it in this term.
final class Presence {

  private final Environment environment;

  /// For how long a machine that is gone may be one of many that go together.
  private final Duration ttl;

  /// Those that were there when the cluster was last seen; empty if it was not.
  private Optional<SortedSet<MachineId>> present = Optional.empty();

  /// Those that have gone since and had nothing, so that no assignment tells of them, and when.
  private final SortedMap<MachineId, Duration> vanished = new TreeMap<>();

  Presence(Environment environment, Duration ttl) {
    this.environment = environment;
    this.ttl = ttl;
  }

  /// Takes note of who is there.
  ///
  /// @return whether anybody has come who was not there before
  boolean sees(ClusterSnapshot cluster) {
    Duration now = environment.uptime();
    var here = new TreeSet<>(cluster.machines().keySet());
    SortedSet<MachineId> before = present.orElse(here);
    before.stream()
        .filter(machine -> !here.contains(machine))
        .filter(machine -> !cluster.assignments().containsKey(machine))
        .forEach(machine -> vanished.put(machine, now));
    vanished.keySet().removeAll(here);
    vanished.values().removeIf(since -> now.minus(since).compareTo(ttl) >= 0);
    present = Optional.of(here);
    return !before.containsAll(here);
  }

  /// Who has gone within a time to live, and had nothing. The leases of machines that are cut off
  /// together end within that time.
  SortedSet<MachineId> vanished() {
    return new TreeSet<>(vanished.keySet());
  }
}
