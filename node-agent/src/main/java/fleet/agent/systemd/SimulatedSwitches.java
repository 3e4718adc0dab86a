package fleet.agent.systemd;

import fleet.cluster.env.Environment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// The dead man's switches of a [SimulatedSystemd]: the older of a unit's first. All methods are
/// called while that is held.
final class SimulatedSwitches {

  /// What systemd takes at most to kill, once a switch has fired.
  private static final Duration KILLING = Duration.ofMillis(300);

  /// One that is armed. Compared by identity.
  private static final class Armed {
    boolean confirmed;
  }

  private final Environment environment;
  private final SimulatedSystemd machine;
  private final TreeMap<UnitName.Placeable, List<Armed>> switches = new TreeMap<>();

  /// Units whose switch has fired, and that are being killed.
  private final TreeSet<UnitName.Placeable> firing = new TreeSet<>();

  SimulatedSwitches(Environment environment, SimulatedSystemd machine) {
    this.environment = environment;
    this.machine = machine;
  }

  /// Whether the unit may start.
  boolean allowsStartOf(UnitName.Placeable unit) {
    return switches.getOrDefault(unit, List.of()).stream().anyMatch(armed -> armed.confirmed);
  }

  /// @return why there is no new one; empty if there is
  String arm(UnitName.Placeable unit, Duration after) {
    if (firing.contains(unit)) {
      return "its switch is killing it";
    }
    List<Armed> present = switches.computeIfAbsent(unit, _ -> new ArrayList<>());
    if (present.size() == 2) {
      present.removeLast();
    }
    var armed = new Armed();
    present.add(armed);
    machine.later("switch of " + unit, after, () -> fire(unit, armed));
    return "";
  }

  private void fire(UnitName.Placeable unit, Armed armed) {
    List<Armed> present = switches.get(unit);
    if (present == null || !present.remove(armed)) {
      return;
    }
    if (present.isEmpty()) {
      switches.remove(unit);
    }
    machine.fired(unit);
    Duration killing = Duration.ofNanos(environment.random().nextLong(KILLING.toNanos()));
    firing.add(unit);
    machine.later(
        "kill of " + unit,
        killing,
        () -> {
          if (firing.remove(unit)) {
            machine.kill(unit);
          }
        });
  }

  void confirm(UnitName.Placeable unit) {
    List<Armed> present = switches.get(unit);
    if (present != null) {
      present.getLast().confirmed = true;
      if (present.size() == 2) {
        present.removeFirst();
      }
    }
  }

  void disarm(UnitName.Placeable unit) {
    switches.remove(unit);
  }

  void clear() {
    firing.clear();
    switches.clear();
  }
}
