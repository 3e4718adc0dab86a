package fleet.scheduler;

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
/// enough have come back, or until an operator gives it up.
///
/// One silent machine is never too many. Who was given up once is not counted again, so machines
/// that are lost one after the other are evicted one after the other, as soon as each is. But their
/// leases end one after the other, too, when they are cut off together: within the time between two
/// renewals. That is what [Doubts#overdue()] is for: they count as silent when the first lease
/// ends. And those that had nothing are told of by nobody once their leases have ended, but by
/// [Doubts#vanished()].
///
/// @param kept absent machines that keep what they have
/// @param pause that evictions wait
record Calm(SortedSet<MachineId> kept, Optional<Pause> pause) {

  Calm {
    kept = Collections.unmodifiableSortedSet(new TreeSet<>(kept));
  }

  static Calm of(ClusterSnapshot cluster, Doubts doubts) {
    if (!doubts.awaited().isEmpty()) {
      return new Calm(doubts.awaited(), cluster.pause()); // nobody knows anything new
    }
    var silent = cluster.silent();
    var pause = pause(cluster, doubts);
    return !silent.isEmpty() && pause.isDue()
        ? new Calm(silent, Optional.of(pause))
        : new Calm(Collections.emptySortedSet(), Optional.empty());
  }

  /// Once evictions wait, it takes machines that come back to make the silent ones fewer: not that
  /// users want nothing of them any more, nor that an operator gives some of them up.
  private static Pause pause(ClusterSnapshot cluster, Doubts doubts) {
    var present = new TreeSet<>(cluster.machines().keySet());
    present.addAll(cluster.unreadable().machines());
    var silent = new TreeSet<>(cluster.silent());
    cluster.pause().ifPresent(before -> silent.addAll(before.silent()));
    silent.addAll(doubts.vanished());
    silent.removeAll(present);
    return new Pause(
        silent,
        Math.min(doubts.overdue(), present.size()),
        silent.size() + present.size(),
        doubts.evictShare());
  }
}
