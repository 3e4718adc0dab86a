package fleet.simulation;

import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one machine has for itself, under names that units of users have, too.
final class TakenNames {

  private static final String FILE = "[Service]\nExecStart=/bin/own\n";
  private static final List<String> FOLDERS =
      List.of("/etc/systemd/system/", "/usr/lib/systemd/system/");

  /// Longer than anybody takes to hear of a change: a daemon that hung goes by what it knew.
  private static final Duration STALE = Duration.ofMinutes(15);

  private final World world;
  private final SimulatedMachine machine;

  /// Since when there are files, or until when there were.
  private final Map<UnitName.Placeable, Duration> since = new HashMap<>();

  private final Map<UnitName.Placeable, Duration> until = new HashMap<>();
  private final Map<UnitName.Placeable, String> paths = new HashMap<>();

  /// Units of fleet's that have been stopped for the machine's own to start.
  private final Set<UnitName.Placeable> ended = new HashSet<>();

  TakenNames(World world, SimulatedMachine machine) {
    this.world = world;
    this.machine = machine;
  }

  private Duration now() {
    return world.environment.uptime();
  }

  /// A file comes, and perhaps what it starts.
  void come(UnitName.Placeable unit) {
    if (!paths.containsKey(unit)) {
      String path = FOLDERS.get(world.environment.random().nextInt(FOLDERS.size())) + unit;
      world.chronicle.fault(Fault.MACHINE_HAS_ITS_OWN, machine + ": " + path);
      paths.put(unit, path);
      since.put(unit, now());
      machine.systemd.ownUnits().put(path, unit, FILE);
      start(unit);
    }
  }

  /// A file comes, and what it starts, in place of what ran of fleet's.
  void takeOver(UnitName.Placeable unit) {
    machine.systemd.stopsByItself(unit);
    ended.add(unit);
    come(unit);
  }

  /// The machine starts it, if nothing of that name runs, or somebody has stopped what did.
  void start(UnitName.Placeable unit) {
    if (machine.isOn() && paths.containsKey(unit)) {
      if (runs(unit).isEmpty() && world.environment.random().nextBoolean()) {
        machine.systemd.stopsByItself(unit);
        ended.add(unit);
      }
      machine.systemd.ownUnits().start(unit);
    }
  }

  /// What runs ends, and the file goes.
  void go(UnitName.Placeable unit) {
    String path = paths.remove(unit);
    if (path != null) {
      world.chronicle.note(machine + ": " + path + " goes");
      machine.systemd.ownUnits().end(unit);
      machine.systemd.ownUnits().take(path, unit);
      since.remove(unit);
      until.put(unit, now());
    }
  }

  /// All goes but what is to stay.
  void goAllBut(Optional<UnitName.Placeable> staying) {
    for (UnitName.Placeable unit : new ArrayList<>(paths.keySet())) {
      if (!staying.equals(Optional.of(unit))) {
        go(unit);
      }
    }
  }

  /// Whether fleet's unit has been stopped for the machine's own to start, and has not run
  /// since: if the machine's has gone before anybody looked, fleet's has ended as far as anybody
  /// knows.
  boolean hasEnded(UnitName.Placeable unit) {
    return ended.contains(unit);
  }

  /// A unit of fleet's begins to run.
  void begins(UnitName.Placeable unit) {
    ended.remove(unit);
  }

  /// Since when the machine has the name for itself; empty if it has not.
  Optional<Duration> since(UnitName.Placeable unit) {
    return Optional.ofNullable(since.get(unit));
  }

  /// Whether the machine has the name for itself, or has had it so lately that some do not
  /// know yet.
  boolean lately(UnitName.Placeable unit) {
    return paths.containsKey(unit)
        || Optional.ofNullable(until.get(unit))
            .filter(end -> now().minus(end).compareTo(STALE) < 0)
            .isPresent();
  }

  /// Since when something runs that was not started from a file of fleet's; empty if nothing does.
  Optional<Duration> runs(UnitName.Placeable unit) {
    return machine.systemd.ownUnits().runs(unit);
  }
}
