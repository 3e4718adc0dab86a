package fleet.agent.reconcile;

import fleet.agent.order.Pending;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Ownership;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// All that the [Reconciler] may depend on.
///
/// @param assigned what the machine should run
/// @param observed what is there; at least every unit that is assigned or applied
/// @param applied what this agent, or the one before it, has done
/// @param held units that must be left alone for now, and why
/// @param reloadOwed whether files have changed since systemd last read them
/// @param withheld what the machine must be rid of, and by which revision it was told
/// @param permissions how far it may act
/// @param foreign units of which something runs that fleet did not start
/// @param pending what users have asked for, and what stands in the way of it
/// @param removed units whose files have been removed, and that have not been seen to rest since
public record LocalSnapshot(
    SortedMap<UnitName.Placeable, Assignment> assigned,
    SortedMap<UnitName.Placeable, LocalUnit> observed,
    SortedMap<UnitName.Placeable, Applied> applied,
    SortedMap<UnitName.Placeable, Reason> held,
    boolean reloadOwed,
    SortedMap<UnitName.Placeable, Long> withheld,
    Permissions permissions,
    SortedSet<UnitName.Placeable> foreign,
    Pending pending,
    SortedSet<UnitName.Placeable> removed) {

  public LocalSnapshot {
    assigned = Collections.unmodifiableSortedMap(new TreeMap<>(assigned));
    observed = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
    applied = Collections.unmodifiableSortedMap(new TreeMap<>(applied));
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    withheld = Collections.unmodifiableSortedMap(new TreeMap<>(withheld));
    foreign = Collections.unmodifiableSortedSet(new TreeSet<>(foreign));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }

  /// Units of which everything is to be left to the machine, each with why: their names are taken,
  /// and nothing of fleet's runs.
  public SortedMap<UnitName.Placeable, String> taken() {
    var taken = new TreeMap<UnitName.Placeable, String>();
    observed.forEach(
        (unit, seen) -> {
          if (!runsFleets(unit, seen)) {
            taken(unit).ifPresent(why -> taken.put(unit, why));
          }
        });
    return taken;
  }

  /// Why nothing of a unit may be started, written or linked; empty if all may.
  public Optional<String> taken(UnitName.Placeable unit) {
    LocalUnit seen = observed.get(unit);
    return seen == null
        ? Ownership.taken(unit)
        : Ownership.taken(unit, seen, foreign.contains(unit));
  }

  /// What runs, as it was seen: nothing else is to be stopped. Empty if nothing does.
  public String invocation(UnitName.Placeable unit) {
    LocalUnit seen = observed.get(unit);
    return seen == null ? "" : seen.invocation();
  }

  /// The invocation that a unit is in, or was in last; empty if none is known.
  public String lastInvocation(UnitName.Placeable unit) {
    LocalUnit seen = observed.get(unit);
    return seen == null ? "" : seen.run().invocation();
  }

  /// Whether nothing of a unit runs, nor is about to.
  public boolean rests(UnitName.Placeable unit) {
    LocalUnit seen = observed.get(unit);
    return seen == null || seen.phase() == Phase.RESTING;
  }

  /// The newest order of a unit; empty if none is known.
  public Optional<Order> order(UnitName.Placeable unit) {
    return Optional.ofNullable(assigned.get(unit)).flatMap(Assignment::order);
  }

  /// Whether anything runs that fleet may stop.
  public boolean runsFleets(UnitName.Placeable unit) {
    LocalUnit seen = observed.get(unit);
    return seen != null && runsFleets(unit, seen);
  }

  private boolean runsFleets(UnitName.Placeable unit, LocalUnit seen) {
    boolean rises = held.get(unit) == Reason.STARTING && seen.phase() == Phase.RISING;
    return (rises || seen.runs())
        && !foreign.contains(unit)
        && !seen.origin().vital()
        && Ownership.taken(unit).isEmpty();
  }
}
