package fleet.scheduler.plan;

import fleet.cluster.MachineId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a plan is made under, beside the snapshot: what the leader has reason to doubt of what the
/// snapshot shows.
///
/// @param awaited absent machines that may only have had no time to report: nothing is taken off
///     them
/// @param overdue how many machines are still there, but have not been heard of in good time: if
///     they are gone, their leases are yet to end
/// @param vanished machines that had nothing to lose and have been there until just now: no
///     assignment tells of them, and they count as silent like those which have one
/// @param unfenced copies of exclusive units that may still run on machines that are gone
/// @param evictShare of all machines that may be silent at once before evictions wait, from 0 to 1
public record PlanningConditions(
    SortedSet<MachineId> awaited,
    int overdue,
    SortedSet<MachineId> vanished,
    UnfencedCopies unfenced,
    double evictShare) {

  /// Half of a cluster that is silent may be lost; of more than that it is rather us who hear
  /// nothing.
  public static final double USUAL_SHARE = 0.5;

  /// Everything is as the snapshot shows it.
  public static final PlanningConditions NONE =
      new PlanningConditions(
          Collections.emptySortedSet(),
          0,
          Collections.emptySortedSet(),
          UnfencedCopies.NONE,
          USUAL_SHARE);

  public PlanningConditions {
    awaited = Collections.unmodifiableSortedSet(new TreeSet<>(awaited));
    vanished = Collections.unmodifiableSortedSet(new TreeSet<>(vanished));
  }
}
