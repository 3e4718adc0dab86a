package fleet.agent.reconcile;

import fleet.agent.order.OrderHistory;
import fleet.agent.order.Pending;
import fleet.agent.reconcile.AgentAction.Adopt;
import fleet.agent.reconcile.AgentAction.Install;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.reconcile.AgentAction.Reload;
import fleet.agent.reconcile.AgentAction.Remove;
import fleet.agent.reconcile.AgentAction.Restart;
import fleet.agent.reconcile.AgentAction.Start;
import fleet.agent.reconcile.AgentAction.Stop;
import fleet.agent.reconcile.AgentAction.Try;
import fleet.agent.reconcile.AgentAction.Wait;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Applied.Underway;
import fleet.agent.unit.Fence.Disturbance;
import fleet.agent.unit.Ownership;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Order.Kind;
import fleet.cluster.Outcome.Result;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What comes of one look at all units: what is known of each from now on, and what to do. A
/// function of what was known and of what was seen.
///
/// @param local what was decided by
/// @param taken units of which everything is to be left to the machine, each with why
/// @param cutDown exclusive units that have been stopped, and have not ended by themselves: before
///     anything is done, units are to be looked at once more, by what is known now
/// @param refused whether orders have ended since their units' names are taken
/// @param ready what to note, and then to do
public record Step(
    LocalSnapshot local,
    SortedMap<UnitName.Placeable, String> taken,
    SortedSet<UnitName.Placeable> cutDown,
    boolean refused,
    Ready ready) {

  public Step {
    taken = Collections.unmodifiableSortedMap(new TreeMap<>(taken));
    cutDown = Collections.unmodifiableSortedSet(new TreeSet<>(cutDown));
  }

  /// @param records what was known of each unit, before the look
  public static Step of(SortedMap<UnitName.Placeable, UnitRecord> records, Sight sight) {
    return new Maker(records, sight).step();
  }

  /// What to note of starts and restarts, before systemd is asked for them. Files have been loaded
  /// by now: what could not be loaded is not started.
  ///
  /// @param records what is known of each unit
  /// @param actions starts and restarts
  /// @param failures how often the lease or a dead man's switch has failed by now
  public static Ready starts(
      SortedMap<UnitName.Placeable, UnitRecord> records,
      List<AgentAction> actions,
      LocalSnapshot local,
      long failures) {
    var changes = new RecordChanges(records);
    var loaded = new ArrayList<AgentAction>();
    for (AgentAction action : actions) {
      boolean isLoaded =
          switch (action) {
            case Start(var assignment, _) ->
                starting(changes, assignment, Underway.START, local, failures);
            case Restart(var assignment, _) ->
                starting(changes, assignment, Underway.RESTART, local, failures);
            case Stop _, Install _, Remove _, Reload _, Adopt _, Try _, Wait _ -> false;
          };
      if (isLoaded) {
        loaded.add(action);
      }
    }
    return new Ready(changes.all(), true, loaded);
  }

  /// @return whether systemd has read the unit's text
  private static boolean starting(
      RecordChanges records,
      Assignment assignment,
      Underway how,
      LocalSnapshot local,
      long failures) {
    UnitName.Placeable unit = assignment.unit();
    if (!records.of(unit).isLoaded(assignment)) {
      return false;
    }
    String before = local.lastInvocation(unit);
    records.update(
        unit,
        record ->
            record
                .starting(assignment, how, before, failures)
                .ordered(orders -> orders.acting(assignment.order())));
    return true;
  }

  /// Whether an order is carried out when its unit has been stopped.
  public static boolean endsWithAStop(Order order) {
    return switch (order.kind()) {
      case STOP, LOAD -> true;
      case START, RESTART -> false;
    };
  }

  /// One step, while it is made.
  private static final class Maker {

    private final RecordChanges records;
    private final Sight sight;
    private final Expected expected;
    private final SortedMap<UnitName.Placeable, LocalUnit> observed;

    Maker(SortedMap<UnitName.Placeable, UnitRecord> before, Sight sight) {
      this.records = new RecordChanges(before);
      this.sight = sight;
      this.expected = sight.expected();
      this.observed = sight.observed();
    }

    Step step() {
      SortedSet<UnitName.Placeable> foreign = own();
      look(foreign);
      LocalSnapshot local = local(foreign);
      var taken = local.taken();
      boolean refused = refuse(local, taken);
      var cutDown = cutDown();
      List<AgentAction> actions = cutDown.isEmpty() ? Reconciler.reconcile(local) : List.of();
      boolean ends = false;
      for (AgentAction action : actions) {
        ends |= note(action, local);
      }
      return new Step(local, taken, cutDown, refused, new Ready(records.all(), ends, actions));
    }

    /// Takes note of whose everything is that runs.
    ///
    /// @return the units of which something runs that fleet did not start
    private SortedSet<UnitName.Placeable> own() {
      var foreign = new TreeSet<UnitName.Placeable>();
      for (UnitName.Placeable unit : records.and(observed.keySet())) {
        Optional<LocalUnit> seen = Optional.ofNullable(observed.get(unit));
        boolean installed = expected.applied().containsKey(unit);
        records.update(unit, record -> record.owned(seen, installed));
        if (records.of(unit).owner().filter(Ownership::foreign).isPresent()) {
          foreign.add(unit);
        }
      }
      return foreign;
    }

    private void look(SortedSet<UnitName.Placeable> foreign) {
      for (UnitName.Placeable unit : records.and(observed.keySet())) {
        Optional<LocalUnit> seen = Optional.ofNullable(observed.get(unit));
        if (records.of(unit).work().isUnderWay()) {
          records.update(
              unit, record -> record.work(record.work().seen(seen, foreign.contains(unit))));
        }
        if (expected.isCarriedOut(unit) && seen.isPresent()) {
          records.update(unit, record -> sight.failures().seen(record, seen.get(), sight.now()));
        }
        records.update(
            unit,
            record ->
                record
                    .ordered(orders -> inherited(unit, orders).seen(seen, observed, sight.began()))
                    .restarted(seen, sight.now()));
      }
    }

    /// The unit is as it should be already, if it is.
    private OrderHistory inherited(UnitName.Placeable unit, OrderHistory orders) {
      return Optional.ofNullable(expected.assigned().get(unit))
          .filter(told -> Applied.of(told, told.target()).equals(expected.applied().get(unit)))
          .map(told -> orders.inherit(told.order()))
          .orElse(orders);
    }

    private LocalSnapshot local(SortedSet<UnitName.Placeable> foreign) {
      var held = new TreeMap<>(expected.held());
      var orders = new TreeMap<UnitName.Placeable, OrderHistory>();
      var removed = new TreeSet<UnitName.Placeable>();
      records
          .all()
          .forEach(
              (unit, record) -> {
                if (record.isStartDeferred(sight.now())) {
                  held.putIfAbsent(unit, Reason.NOT_YET_AGAIN);
                }
                record.orders().ifPresent(known -> orders.put(unit, known));
                if (record.work().removed()) {
                  removed.add(unit);
                }
              });
      return new LocalSnapshot(
          expected.assigned(),
          observed,
          expected.applied(),
          held,
          sight.reloadDue(),
          expected.withheld(),
          sight.permissions(),
          foreign,
          Pending.of(orders),
          removed);
    }

    /// Orders about units whose names are the machine's own cannot be carried out.
    ///
    /// @return whether there were any
    private boolean refuse(LocalSnapshot local, SortedMap<UnitName.Placeable, String> taken) {
      boolean refused = false;
      for (var entry : taken.entrySet()) {
        Order order = local.pending().due().get(entry.getKey());
        if (order != null) {
          Result result = order.kind() == Kind.START ? Result.NOT_STARTED : Result.REFUSED;
          String words = "this machine " + entry.getValue();
          records.order(
              entry.getKey(), known -> known.ended(Optional.of(order), result, words, sight.now()));
          refused = true;
        }
      }
      return refused;
    }

    /// What is noted of the starts of exclusive units that have been cut down is no longer so.
    private SortedSet<UnitName.Placeable> cutDown() {
      var cutDown = new TreeSet<UnitName.Placeable>();
      observed.forEach(
          (unit, seen) -> {
            Disturbance by = sight.disturbances().get(unit);
            // Of those that are held it is not known yet how their starts have ended.
            if (by == null
                || !records.of(unit).fence().isExclusive()
                || expected.held().containsKey(unit)) {
              return;
            }
            boolean rests = seen.phase() == Phase.RESTING;
            boolean isCutDown = rests && records.of(unit).isCutDown(by);
            records.update(unit, record -> record.fenceSeen(rests, by));
            if (isCutDown) {
              cutDown.add(unit);
              records.update(unit, UnitRecord::cutDown);
            }
          });
      return cutDown;
    }

    /// Notes what is about to be done to a unit, or has turned out to be done already.
    ///
    /// @return whether that must be written down before it is done
    private boolean note(AgentAction action, LocalSnapshot local) {
      switch (action) {
        case Stop(var unit, _) -> {
          records.update(unit, UnitRecord::stopping);
          if (local.order(unit).filter(Step::endsWithAStop).isPresent()) {
            records.order(unit, known -> known.acting(local.order(unit)));
          }
          return true;
        }
        case Remove(var unit, _) -> {
          records.update(unit, UnitRecord::removing);
          return true;
        }
        case Adopt(var unit, var as, _) -> {
          records.update(unit, record -> record.reached(as));
          // What an order to stop found running is stopped next, now that it is known.
          boolean toStop = local.order(unit).filter(order -> order.kind() == Kind.STOP).isPresent();
          if (!toStop || local.rests(unit)) {
            records.order(unit, known -> known.settled(local.order(unit), sight.now()));
          }
          return false;
        }
        case Install _, Reload _, Start _, Restart _, Try _, Wait _ -> {
          return false;
        }
      }
    }
  }
}
