package fleet.agent.report;

import fleet.agent.order.OrderHistory;
import fleet.agent.order.RecentRestarts;
import fleet.agent.reconcile.LocalSnapshot;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.unit.Applied;
import fleet.agent.unit.FailureCounter;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.Invocation;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.UnitState.Trial;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a machine says of its units. A function.
public final class UnitStates {

  private UnitStates() {}

  /// The states of all units that are assigned, applied, or have a file.
  ///
  /// @param problems why the agent cannot bring some units as far as they should be
  /// @param logs the last lines of the journals of those that have failed
  /// @param records what is known of them
  public static SortedMap<UnitName.Placeable, UnitState> of(
      LocalSnapshot local,
      SortedMap<UnitName.Placeable, String> problems,
      SortedMap<UnitName.Placeable, List<String>> logs,
      SortedMap<UnitName.Placeable, UnitRecord> records) {
    var states = new TreeMap<UnitName.Placeable, UnitState>();
    local
        .observed()
        .forEach(
            (unit, observed) -> {
              Applied applied = local.applied().get(unit);
              UnitRecord record = records.getOrDefault(unit, UnitRecord.EMPTY);
              var outcomes = record.orders().orElse(OrderHistory.NONE).outcomes();
              Optional<String> taken = local.taken(unit).map(why -> "this machine " + why);
              if (isTheMachines(unit, local)) {
                if (applied != null || local.assigned().containsKey(unit)) {
                  states.put(unit, UnitState.ownOfMachine(taken.orElse("")).ordered(outcomes));
                }
                return;
              }
              if (applied != null
                  || local.assigned().containsKey(unit)
                  || !(observed.file() instanceof OnDisk.Absent)) {
                states.put(
                    unit,
                    state(
                            observed,
                            Optional.ofNullable(applied),
                            taken.orElse(problems.getOrDefault(unit, "")),
                            logs.getOrDefault(unit, List.of()))
                        .tried(record.counter().map(FailureCounter::trial).orElse(Trial.OPEN))
                        .ordered(outcomes)
                        .ran(run(observed, record)));
              }
            });
    local
        .withheld()
        .forEach(
            (unit, revision) -> {
              if (isRidOf(unit, local)) {
                states.put(unit, UnitState.released(revision));
              }
            });
    return states;
  }

  /// The present or last run of a unit.
  private static Invocation run(LocalUnit observed, UnitRecord record) {
    return new Invocation(
        observed.run().invocation(),
        observed.run().restarts(),
        observed.run().exit(),
        record.restarts().filter(RecentRestarts::isLoop).isPresent());
  }

  /// Whether nothing of the unit is here, nor on its way.
  private static boolean isRidOf(UnitName.Placeable unit, LocalSnapshot local) {
    LocalUnit observed = local.observed().get(unit);
    return observed != null
        && (observed.phase() == LocalUnit.Phase.RESTING || isTheMachines(unit, local))
        && observed.file() instanceof OnDisk.Absent
        && !local.applied().containsKey(unit)
        && !local.assigned().containsKey(unit)
        && !local.removed().contains(unit)
        && !local.held().containsKey(unit);
  }

  private static boolean isTheMachines(UnitName.Placeable unit, LocalSnapshot local) {
    return local.taken(unit).isPresent() && !local.runsFleets(unit);
  }

  private static UnitState state(
      LocalUnit observed, Optional<Applied> applied, String problem, List<String> log) {
    Optional<UnitHash> onDisk =
        switch (observed.file()) {
          case OnDisk.Present(var hash) -> Optional.of(hash);
          case OnDisk.Absent _, OnDisk.Garbage _ -> Optional.empty();
        };
    return new UnitState(
        applied.map(Applied::reached).orElse(TargetState.INACTIVE),
        applied.map(Applied::carriedOut).orElse(0L),
        observed.load(),
        observed.active(),
        observed.sub(),
        applied.map(Applied::hash).or(() -> onDisk),
        observed.result(),
        problem.isEmpty() ? problem(observed) : problem,
        log);
  }

  private static String problem(LocalUnit observed) {
    return switch (observed.load()) {
      case "error", "bad-setting", "masked" -> "systemd cannot load its file: " + observed.load();
      default ->
          switch (observed.file()) {
            case OnDisk.Garbage(var reason) -> "its file cannot be read: " + reason;
            case OnDisk.Present _, OnDisk.Absent _ -> "";
          };
    };
  }
}
