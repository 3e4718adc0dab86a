package fleet.cluster;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// That evictions wait: so many machines have fallen silent at once that the fault is more likely
/// ours than theirs. What they have stays assigned to them.
///
/// @param silent machines that have fallen silent and have not come back, among them those that an
///     operator has evicted since, and those of which users want nothing any more
/// @param overdue how many more have not been heard of in good time, and may be about to
/// @param machines how many machines there are, all those among them
/// @param share of the machines that may be silent before evictions wait, from 0 to 1
public record Pause(SortedSet<MachineId> silent, int overdue, int machines, double share) {

  private static final double ROUNDING = 1e-9;

  public Pause {
    silent = Collections.unmodifiableSortedSet(new TreeSet<>(silent));
  }

  /// Whether so many are too many. One alone never is.
  public boolean isDue() {
    return count() > 1 && count() > share * machines + ROUNDING;
  }

  private int count() {
    return silent.size() + overdue;
  }

  /// For people to read: `4 of 6 machines are silent, more than evict_share=0.5`.
  public String text() {
    return count() + " of " + machines + " machines are silent, more than evict_share=" + share;
  }
}
