package fleet.cluster;

import fleet.cluster.store.Store.Compare;
import java.util.List;

/// One term of one leader. Holding it proves nothing; committing under its guard does.
///
/// @param term grows from leader to leader: the store's revision at which this one was elected
/// @param guard what every write of this leader compares, so that a leader whose term is over
///     cannot write
public record Leadership(MachineId leader, long term, List<Compare> guard) {

  public Leadership {
    guard = List.copyOf(guard);
  }
}
