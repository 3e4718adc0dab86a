package fleet.scheduler.plan;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.MachineId;
import fleet.cluster.Pause;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which absent machines keep what they have, and whether because too many are silent at once.
///
/// Many machines that vanish together are more likely cut off from the store than lost: their units
/// run on, and to run them elsewhere, too, on the few that are left, would do harm. So evictions
/// wait while more than a share of all machines is silent, and each of these keeps its units until
/// enough have come back, or until an operator evicts it.
///
/// One silent machine is never too many. A machine that was evicted is not counted again, so
/// machines that are lost one after the other are evicted one after the other, as soon as each is.
/// But their leases end one after the other, too, when they are cut off together: within the time
/// between two renewals. That is what [PlanningConditions#overdue()] is for: they count as silent
/// when the first lease ends. And those that had nothing are told of by nobody once their leases
/// have ended, but by [PlanningConditions#vanished()].
///
/// @param kept absent machines that keep what they have
/// @param pause the reason why evictions wait; empty if they do not
public record EvictionGate(SortedSet<MachineId> kept, Optional<Pause> pause) {

  public EvictionGate {
    kept = Collections.unmodifiableSortedSet(new TreeSet<>(kept));
  }

  public static EvictionGate of(ClusterSnapshot cluster, PlanningConditions conditions) {
    if (!conditions.awaited().isEmpty()) {
      return new EvictionGate(conditions.awaited(), cluster.pause()); // nobody knows anything new
    }
    var silent = cluster.silent();
    var pause = pause(cluster, conditions);
    return !silent.isEmpty() && pause.isDue()
        ? new EvictionGate(silent, Optional.of(pause))
        : new EvictionGate(Collections.emptySortedSet(), Optional.empty());
  }

  /// Once evictions wait, it takes machines that come back to make the silent ones fewer: not that
  /// users want nothing of them any more, nor that an operator gives some of them up.
  private static Pause pause(ClusterSnapshot cluster, PlanningConditions conditions) {
    var present = new TreeSet<>(cluster.machines().keySet());
    present.addAll(cluster.unreadable().machines());
    var silent = new TreeSet<>(cluster.silent());
    cluster.pause().ifPresent(before -> silent.addAll(before.silent()));
    silent.addAll(conditions.vanished());
    silent.removeAll(present);
    return new Pause(
        silent,
        Math.min(conditions.overdue(), present.size()),
        silent.size() + present.size(),
        conditions.evictShare());
  }
}
