package fleet.scheduler;

import fleet.cluster.MachineId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a leader that plans has reason to doubt of what its snapshot shows.
///
/// @param awaited absent machines that may only have had no time to report: nothing is taken off
///     them
/// @param overdue how many machines are still there, but have not been heard of in good time: if
///     they are gone, their leases are yet to end
/// @param vanished machines that had nothing to lose and have been there until just now: no
///     assignment tells of them, and they count as silent like those which have one
/// @param evictShare of all machines that may be silent at once before evictions wait, from 0 to 1
public record Doubts(
    SortedSet<MachineId> awaited, int overdue, SortedSet<MachineId> vanished, double evictShare) {

  /// Half of a cluster that is silent may be lost; of more than that it is rather us who hear
  /// nothing.
  public static final double USUAL_SHARE = 0.5;

  /// Everything is as the snapshot shows it.
  public static final Doubts NONE = new Doubts(Collections.emptySortedSet(), 0, USUAL_SHARE);

  public Doubts {
    awaited = Collections.unmodifiableSortedSet(new TreeSet<>(awaited));
    vanished = Collections.unmodifiableSortedSet(new TreeSet<>(vanished));
  }

  /// Where no machine has vanished that had nothing.
  public Doubts(SortedSet<MachineId> awaited, int overdue, double evictShare) {
    this(awaited, overdue, Collections.emptySortedSet(), evictShare);
  }
}
