package fleet.testing.systemd;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.Origin;
import fleet.unit.UnitName;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The units that a simulated systemd has in memory, and what others have done to them. Guarded by
/// that systemd.
final class SimulatedUnits {

  private final SimulatedSystemd systemd;
  private final SimulatedDisk disk;
  private final TreeMap<UnitName.Placeable, SimulatedUnit> units = new TreeMap<>();

  /// Units that something else starts whenever they have stopped.
  private final TreeSet<UnitName.Placeable> startedAgain = new TreeSet<>();

  /// Units that somebody else has made impossible to load, by a drop-in or a mask: systemd's word.
  private final TreeMap<UnitName.Placeable, String> spoiled = new TreeMap<>();

  SimulatedUnits(SimulatedSystemd systemd, SimulatedDisk disk) {
    this.systemd = systemd;
    this.disk = disk;
  }

  /// The unit of that name, which is read from the disk unless something holds it in memory.
  SimulatedUnit unit(UnitName.Placeable name) {
    SimulatedUnit unit = units.computeIfAbsent(name, _ -> new SimulatedUnit(name, systemd));
    if (unit.active.equals("inactive")) {
      read(name, unit);
    }
    return unit;
  }

  private void read(UnitName.Placeable name, SimulatedUnit unit) {
    unit.load(disk.source(name), spoiled.getOrDefault(name, "loaded"));
  }

  /// Reads all files again.
  void readAll() {
    units.forEach(this::read);
  }

  /// What there is to say of a unit.
  LocalUnit look(UnitName.Placeable name) {
    SimulatedUnit unit = unit(name);
    boolean hasResult = unit.load().equals("loaded") && unit.behavior().hasResult();
    return new LocalUnit(
        disk.onDisk(name),
        unit.load(),
        unit.active,
        unit.sub,
        hasResult ? unit.result : "",
        unit.job == null ? "" : unit.job.kind,
        unit.run(),
        new Origin(unit.loaded(), disk.another(name), false));
  }

  /// The units of which anything runs.
  SortedSet<UnitName.Placeable> running() {
    var running = new TreeSet<UnitName.Placeable>();
    units.forEach(
        (name, unit) -> {
          if (!unit.rests()) {
            running.add(name);
          }
        });
    return running;
  }

  void forgetIfResting(UnitName.Placeable name) {
    if (look(name).phase() == LocalUnit.Phase.RESTING) {
      units.remove(name);
    }
  }

  /// Makes a unit impossible to load, in systemd's word for why; or, with `loaded`, possible again.
  void spoil(UnitName.Placeable name, String load) {
    spoiled.put(name, load);
  }

  /// @param again whether something else starts the unit from now on, whenever it has stopped
  void startAgain(UnitName.Placeable name, boolean again) {
    if (again) {
      startedAgain.add(name);
    } else {
      startedAgain.remove(name);
    }
  }

  boolean isStartedAgain(UnitName.Placeable name) {
    return startedAgain.contains(name);
  }

  /// The machine is booted anew: of all that there was nothing is left.
  void vanish() {
    units.values().forEach(SimulatedUnit::vanish);
    units.clear();
    spoiled.clear();
    startedAgain.clear();
  }
}
