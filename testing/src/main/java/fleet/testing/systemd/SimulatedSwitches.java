package fleet.testing.systemd;

import fleet.cluster.env.Environment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The dead man's switches of a [SimulatedSystemd]: the older of a unit's first. Its methods that
/// are not public are called while that is held.
public final class SimulatedSwitches {

  /// What systemd takes at most to kill, once a switch has fired.
  private static final Duration KILLING = Duration.ofMillis(300);

  /// One that is armed. Compared by identity.
  private static final class Armed {
    final Duration fires;
    boolean confirmed;

    Armed(Duration fires) {
      this.fires = fires;
    }
  }

  private final Environment environment;
  private final SimulatedSystemd machine;
  private final TreeMap<UnitName.Placeable, List<Armed>> switches = new TreeMap<>();

  /// Units whose switch has fired, and that are being killed.
  private final TreeSet<UnitName.Placeable> firing = new TreeSet<>();

  /// When a task looks next after the switches of each unit: one task a unit, since nearly every
  /// switch is disarmed before it fires.
  private final TreeMap<UnitName.Placeable, Duration> awaited = new TreeMap<>();

  private Consumer<UnitName.Placeable> observer = _ -> {};

  SimulatedSwitches(Environment environment, SimulatedSystemd machine) {
    this.environment = environment;
    this.machine = machine;
  }

  /// Lets somebody know of each unit for which a switch has been armed or confirmed.
  public void onChange(Consumer<UnitName.Placeable> observer) {
    this.observer = observer;
  }

  /// When the first of a unit's switches fires, by the environment's uptime; empty if none is
  /// armed, or one has fired and is killing the unit.
  public Optional<Duration> fires(UnitName.Placeable unit) {
    return machine.whenHeld(
        () ->
            firing.contains(unit)
                ? Optional.empty()
                : switches.getOrDefault(unit, List.of()).stream()
                    .map(armed -> armed.fires)
                    .min(Duration::compareTo));
  }

  /// Whether the unit may start.
  boolean allowsStartOf(UnitName.Placeable unit) {
    return switches.getOrDefault(unit, List.of()).stream().anyMatch(armed -> armed.confirmed);
  }

  /// @return those for which there is no new one, each with the reason
  SortedMap<UnitName.Placeable, String> arm(SortedMap<UnitName.Placeable, Duration> after) {
    var problems = new TreeMap<UnitName.Placeable, String>();
    after.forEach((unit, time) -> problems.put(unit, arm(unit, time)));
    problems.values().removeIf(String::isEmpty);
    return problems;
  }

  /// @return why there is no new one; empty if there is
  private String arm(UnitName.Placeable unit, Duration after) {
    if (firing.contains(unit)) {
      return "its switch is killing it";
    }
    List<Armed> present = switches.computeIfAbsent(unit, _ -> new ArrayList<>());
    if (present.size() == 2) {
      present.removeLast();
    }
    var armed = new Armed(environment.uptime().plus(after));
    present.add(armed);
    await(unit, armed.fires);
    observer.accept(unit);
    return "";
  }

  /// Sees to it that a task looks after the unit's switches at that time at the latest.
  private void await(UnitName.Placeable unit, Duration at) {
    Duration earliest = awaited.get(unit);
    if (earliest != null && earliest.compareTo(at) <= 0) {
      return;
    }
    awaited.put(unit, at);
    environment.fork(
        "switches of " + unit,
        () -> {
          Optional<Duration> next = Optional.of(at);
          while (next.isPresent()) {
            Duration due = next.get();
            environment.sleep(due.minus(environment.uptime()));
            next = machine.whenHeld(() -> fireDue(unit, due));
          }
        });
  }

  /// @param due the time that it is, for the task that looks
  /// @return when to look again; empty if nobody need, or somebody else does
  private Optional<Duration> fireDue(UnitName.Placeable unit, Duration due) {
    if (!due.equals(awaited.get(unit))) {
      return Optional.empty();
    }
    awaited.remove(unit);
    List<Armed> present = List.copyOf(switches.getOrDefault(unit, List.of()));
    present.stream().filter(armed -> armed.fires.compareTo(due) <= 0).forEach(a -> fire(unit, a));
    Optional<Duration> next =
        switches.getOrDefault(unit, List.of()).stream()
            .map(armed -> armed.fires)
            .min(Duration::compareTo);
    next.ifPresent(at -> awaited.put(unit, at));
    return next;
  }

  private void fire(UnitName.Placeable unit, Armed armed) {
    List<Armed> present = switches.get(unit);
    if (present != null && present.remove(armed) && present.isEmpty()) {
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
      observer.accept(unit);
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
