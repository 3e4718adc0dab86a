package fleet.simulation;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.Order;
import fleet.cluster.Outcome.Result;
import fleet.cluster.UnitState;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Knows what has been run anew, and what should have been: a restart that was acknowledged has its
/// new invocation on every machine that runs the unit.
///
/// Nothing is asked of one after which the user wanted something else; nor of one that its machine
/// says it has not carried out.
final class Invocations {

  /// So long after its disk was full a machine may go by notes from before. What it finds running
  /// then counts as restarted.
  private static final Duration FORGETFUL = Duration.ofMinutes(15);

  /// When each unit was last asked to be restarted, if nothing else has been wanted since.
  private final Map<String, Duration> asked = new TreeMap<>();

  /// When what runs of each unit began, by machine and unit.
  private final Map<String, Duration> begun = new TreeMap<>();

  /// When a machine's disk was last full.
  private final Map<String, Duration> full = new TreeMap<>();

  /// A restart has been acknowledged.
  ///
  /// @param since when it was asked for
  void restarted(String unit, Duration since) {
    asked.put(unit, since);
  }

  /// Something else is wanted of a unit.
  void changed(String unit) {
    asked.remove(unit);
  }

  /// A unit begins to run.
  void begins(SimulatedMachine machine, UnitName.Placeable unit, Duration now) {
    begun.put(key(machine, unit), now);
  }

  /// A machine's disk is full, or is so no more.
  void forgets(SimulatedMachine machine, Duration now) {
    full.put(machine.id.text(), now);
  }

  private static String key(SimulatedMachine machine, UnitName.Placeable unit) {
    return machine + "/" + unit;
  }

  /// What is wrong on a machine; empty if nothing is.
  Optional<String> violation(SimulatedMachine machine, ClusterSnapshot cluster) {
    for (UnitName.Placeable unit : machine.running()) {
      Duration since = asked.get(unit.text());
      Duration began = begun.getOrDefault(key(machine, unit), Duration.ZERO);
      if (since != null && began.compareTo(since) < 0 && !isExcused(machine, unit, cluster)) {
        return Optional.of(
            "%s was to be restarted at %s, and runs on %s since %s"
                .formatted(unit, since, machine, began));
      }
    }
    return Optional.empty();
  }

  private boolean isExcused(
      SimulatedMachine machine, UnitName.Placeable unit, ClusterSnapshot cluster) {
    Duration since = asked.getOrDefault(unit.text(), Duration.ZERO);
    Duration trouble = full.get(machine.id.text());
    boolean forgetful = trouble != null && trouble.plus(FORGETFUL).compareTo(since) > 0;
    return forgetful
        || machine.own.since(unit).isPresent()
        || Optional.ofNullable(cluster.states().get(machine.id))
            .map(states -> states.get(unit))
            .filter(Invocations::saysItWasNot)
            .isPresent();
  }

  /// Whether the last that a machine says of a restart is that it was not carried out.
  private static boolean saysItWasNot(UnitState state) {
    return state.outcomes().reversed().stream()
        .filter(outcome -> outcome.order().kind() == Order.Kind.RESTART)
        .findFirst()
        .filter(outcome -> outcome.result() != Result.DONE)
        .isPresent();
  }
}
