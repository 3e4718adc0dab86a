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
/// @param evictShare of all machines that may be silent at once before evictions wait, from 0 to 1
public record Doubts(SortedSet<MachineId> awaited, int overdue, double evictShare) {

  /// Half of a cluster that is silent may be lost; of more than that it is rather us who hear
  /// nothing.
  public static final double USUAL_SHARE = 0.5;

  /// Everything is as the snapshot shows it.
  public static final Doubts NONE = new Doubts(Collections.emptySortedSet(), 0, USUAL_SHARE);

  public Doubts {
    awaited = Collections.unmodifiableSortedSet(new TreeSet<>(awaited));
  }
}
