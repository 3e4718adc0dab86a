package fleet.agent.reconcile;

import fleet.unit.UnitName;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// How far the machine may act on what is assigned to it, by its lease.
///
/// @param lapsed whether others may count the machine as gone
/// @param current whether what is assigned was read under the lease that the machine holds, so that
///     nobody else has been given it since
/// @param away whether the store does not answer
/// @param bound the units that stop when the lease has lapsed
/// @param exclusive those of them that must not run without a dead man's switch
/// @param armed those whose switch is armed
public record Permissions(
    boolean lapsed,
    boolean current,
    boolean away,
    SortedSet<UnitName.Placeable> bound,
    SortedSet<UnitName.Placeable> exclusive,
    SortedSet<UnitName.Placeable> armed) {

  public Permissions {
    bound = Collections.unmodifiableSortedSet(new TreeSet<>(bound));
    exclusive = Collections.unmodifiableSortedSet(new TreeSet<>(exclusive));
    armed = Collections.unmodifiableSortedSet(new TreeSet<>(armed));
  }

  /// Whether the unit must not run.
  public boolean forbids(UnitName.Placeable unit) {
    return lapsed && bound.contains(unit);
  }

  /// Whether the unit may be started. While the store is away, most units may start by what was
  /// assigned last. Once the machine has a lease, only what was read under that lease counts.
  public boolean allowsStartOf(UnitName.Placeable unit) {
    return exclusive.contains(unit)
        ? leased() && armed.contains(unit)
        : leased() || (away && !bound.contains(unit));
  }

  /// Whether what is assigned was read under a lease that the machine surely has.
  public boolean leased() {
    return current && !lapsed;
  }
}
