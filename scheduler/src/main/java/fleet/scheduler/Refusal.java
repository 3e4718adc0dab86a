package fleet.scheduler;

import fleet.cluster.Explanation;
import fleet.cluster.MachineId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Why nobody runs a unit. All units of one plan that the same is true of have the same one.
///
/// @param summary one sentence, such as `none of 3 machines can take it`
/// @param vetoes why not, for each machine; on a large cluster for the first of them only
/// @param explanation what users are told: the same in words, put together once for all units
public record Refusal(String summary, SortedMap<MachineId, Veto> vetoes, Explanation explanation) {

  public Refusal {
    vetoes = Collections.unmodifiableSortedMap(new TreeMap<>(vetoes));
  }

  Refusal(String summary, SortedMap<MachineId, Veto> vetoes) {
    this(summary, vetoes, new Explanation(summary, reasons(vetoes)));
  }

  private static SortedMap<MachineId, String> reasons(SortedMap<MachineId, Veto> vetoes) {
    var reasons = new TreeMap<MachineId, String>();
    vetoes.forEach((machine, veto) -> reasons.put(machine, veto.reason()));
    return reasons;
  }
}
