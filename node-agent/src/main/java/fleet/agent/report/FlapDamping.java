package fleet.agent.report;

import fleet.cluster.UnitState;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Keeps units that go up and down all the time from being told of all the time. For one thread.
///
/// After a calm a unit may change a few times, as one does that starts, and each change is told at
/// once. One that goes on changing is told of at every *tick*, in its latest state, together with
/// all others that do so. What others wait for is told at once all the same: that a unit has been
/// brought as far as it should, restarted, given another file, or failed once more by its limit,
/// and what became of an order.
final class FlapDamping {

  /// From one tick to the next, and what a change costs.
  static final Duration TICK = Duration.ofSeconds(2);

  private static final Duration ALLOWANCE = TICK.multipliedBy(8);

  /// When each unit's changes would have happened at one a tick.
  private final TreeMap<UnitName.Placeable, Duration> settled = new TreeMap<>();

  /// Units that have changed too often, and have not come to rest since.
  private final TreeSet<UnitName.Placeable> restless = new TreeSet<>();

  private Duration nextTick = Duration.ZERO;
  private boolean ticks;
  private boolean held;

  /// A round of publication begins.
  void begin(Duration now) {
    ticks = now.compareTo(nextTick) >= 0;
    if (ticks) {
      nextTick = now.plus(TICK);
    }
    held = false;
  }

  /// Whether the new state of a unit may be told in this round. If so, it is taken for told.
  ///
  /// @param told what was last told; empty if nothing was, or if nobody knows
  boolean admits(UnitName.Placeable unit, Optional<UnitState> told, UnitState state, Duration now) {
    Duration due = settled.getOrDefault(unit, Duration.ZERO);
    Duration ahead = due.compareTo(now) > 0 ? due.minus(now) : Duration.ZERO;
    if (ahead.isZero()) {
      restless.remove(unit);
    } else if (ahead.compareTo(ALLOWANCE) > 0) {
      restless.add(unit);
    }
    boolean urgent = told.map(last -> isUrgent(last, state)).orElse(true);
    if (!urgent && !ticks && restless.contains(unit)) {
      held = true;
      settled.put(unit, now.plus(ahead.compareTo(ALLOWANCE) > 0 ? ahead : ALLOWANCE));
      return false;
    }
    settled.put(unit, now.plus(ahead).plus(TICK));
    return true;
  }

  private static boolean isUrgent(UnitState last, UnitState next) {
    return last.reached() != next.reached()
        || last.generation() != next.generation()
        || !last.hash().equals(next.hash())
        || !last.outcomes().equals(next.outcomes())
        || !last.trial().equals(next.trial());
  }

  /// How long until what was held back in this round may be told; empty if nothing was.
  Optional<Duration> untilTick(Duration now) {
    return held ? Optional.of(nextTick.minus(now)).filter(Duration::isPositive) : Optional.empty();
  }

  /// Forgets all units but these.
  void retain(Collection<UnitName.Placeable> units) {
    settled.keySet().retainAll(units);
    restless.retainAll(units);
  }
}
