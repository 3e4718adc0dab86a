package fleet.agent.reconcile;

import fleet.agent.order.OrderHistory;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.unit.Applied;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What should be, and what has been done about it, as of one moment.
///
/// @param held units to be left alone for now, and why
/// @param names all units that somebody must look at, wherever their files are
/// @param withheld what the machine must be rid of, by which revisions
/// @param readUnder the lease under which it was read what is assigned
/// @param bound units that stop when the lease has lapsed
/// @param exclusive units of which two copies must never run, each with its grace
public record Expected(
    SortedMap<UnitName.Placeable, Assignment> assigned,
    SortedMap<UnitName.Placeable, Applied> applied,
    SortedMap<UnitName.Placeable, Reason> held,
    SortedSet<UnitName.Placeable> names,
    SortedMap<UnitName.Placeable, Long> withheld,
    long readUnder,
    SortedSet<UnitName.Placeable> bound,
    SortedMap<UnitName.Placeable, Duration> exclusive) {

  /// @param taken names that the machine has for itself, which are looked at, too
  /// @param now by the time that nobody can set
  public static Expected of(
      SortedMap<UnitName.Placeable, UnitRecord> records,
      Set<UnitName.Placeable> taken,
      long readUnder,
      Duration now) {
    var names = new TreeSet<>(taken);
    var assigned = new TreeMap<UnitName.Placeable, Assignment>();
    var applied = new TreeMap<UnitName.Placeable, Applied>();
    var withheld = new TreeMap<UnitName.Placeable, Long>();
    var held = new TreeMap<UnitName.Placeable, Reason>();
    var bound = new TreeSet<UnitName.Placeable>();
    var exclusive = new TreeMap<UnitName.Placeable, Duration>();
    records.forEach(
        (unit, record) -> {
          record.assigned().ifPresent(told -> assigned.put(unit, told));
          record.applied().ifPresent(as -> applied.put(unit, as));
          record.withheld().ifPresent(revision -> withheld.put(unit, revision));
          if (record.work().removed()) {
            names.add(unit);
          }
          record.fence().grace().ifPresent(grace -> exclusive.put(unit, grace));
          if (record.fence().bound()) {
            bound.add(unit);
          }
          held(record, now).ifPresent(reason -> held.put(unit, reason));
        });
    names.addAll(assigned.keySet());
    names.addAll(applied.keySet());
    names.addAll(withheld.keySet());
    return new Expected(assigned, applied, held, names, withheld, readUnder, bound, exclusive);
  }

  /// Why a unit is to be left alone for now; of several reasons, what is under way.
  private static Optional<Reason> held(UnitRecord record, Duration now) {
    if (record.work().stops()) {
      return Optional.of(Reason.JOB_RUNS);
    }
    if (record.work().starts()) {
      return Optional.of(Reason.STARTING);
    }
    if (record.orders().flatMap(OrderHistory::back).isPresent()) {
      return Optional.of(Reason.NOT_PUT_BACK);
    }
    if (record.isDeferred(now)) {
      return Optional.of(Reason.NOT_YET_AGAIN);
    }
    return record.illegible().map(_ -> Reason.ILLEGIBLE);
  }

  /// Whether all that is wanted of a unit has been carried out.
  public boolean isCarriedOut(UnitName.Placeable unit) {
    Assignment told = assigned.get(unit);
    Reason reason = held.get(unit);
    return told != null
        && Applied.of(told, TargetState.LAUNCHED).equals(applied.get(unit))
        && (reason == null || reason == Reason.NOT_YET_AGAIN);
  }

  /// Units that have jobs which systemd has not answered yet.
  public SortedSet<UnitName.Placeable> atWork() {
    var atWork = new TreeSet<UnitName.Placeable>();
    held.forEach(
        (unit, reason) -> {
          if (reason == Reason.STARTING || reason == Reason.JOB_RUNS) {
            atWork.add(unit);
          }
        });
    return atWork;
  }
}
