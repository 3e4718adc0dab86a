package fleet.cluster;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Why a unit is on no machine, though users want it on one.
///
/// @param summary one sentence, such as `no machine can take it`
/// @param vetoes for each machine that was considered, why it cannot take the unit
public record Explanation(String summary, SortedMap<MachineId, String> vetoes) {

  public Explanation {
    vetoes = Collections.unmodifiableSortedMap(new TreeMap<>(vetoes));
  }
}
