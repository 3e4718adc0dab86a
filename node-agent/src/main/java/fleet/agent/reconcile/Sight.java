package fleet.agent.reconcile;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.unit.Failures;
import fleet.agent.unit.Fence.Disturbance;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an agent has seen when it looked at its units, and what it goes by beside that.
///
/// @param expected what should be, as it was known before the look
/// @param observed what there is of each unit
/// @param permissions how far the machine may act
/// @param disturbances what has happened to the machine's right to run each exclusive unit, as it
///     is
///     known after the look
/// @param reloadDue whether systemd should be asked to read files now
/// @param failures how those are noted that are seen
/// @param began when the look did, by [fleet.cluster.env.Environment#uptime]
/// @param now when it had ended
public record Sight(
    Expected expected,
    SortedMap<UnitName.Placeable, LocalUnit> observed,
    Permissions permissions,
    SortedMap<UnitName.Placeable, Disturbance> disturbances,
    boolean reloadDue,
    Failures failures,
    Duration began,
    Duration now) {

  public Sight {
    observed = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
    disturbances = Collections.unmodifiableSortedMap(new TreeMap<>(disturbances));
  }
}
