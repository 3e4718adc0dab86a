package fleet.simulation;

import fleet.cluster.store.Store.Change;
import fleet.unit.UnitName;
import java.util.Set;
import java.util.TreeSet;

/// Watches over what is taken off machines: a unit that may run anywhere is, only if its machine is
/// gone, if users want the unit nowhere, or if they have destroyed the one that was there.
final class Removals {

  private static final String UNITS = "/fleet/units/";
  private static final String ASSIGNMENTS = "/fleet/assignments/";

  private final World world;

  /// Units that have been destroyed since they were last assigned to a machine: another of
  /// that name may be wanted by the time they are taken off.
  private final Set<String> destroyed = new TreeSet<>();

  Removals(World world) {
    this.world = world;
  }

  /// Something in the store has changed.
  void changed(Change change) {
    String key = change.key();
    if (key.startsWith(UNITS) && change instanceof Change.Delete) {
      destroyed.add(key.substring(UNITS.length()));
    } else if (key.startsWith(ASSIGNMENTS) && change instanceof Change.Put) {
      destroyed.remove(key.substring(key.lastIndexOf('/') + 1));
    }
  }

  /// @param blackoutJustOver whether machines have had no time yet to report
  void mustHaveACause(String machine, String unit, boolean blackoutJustOver) {
    if (!unit.startsWith("plain") || destroyed.contains(unit) || !isWanted(unit)) {
      return;
    }
    var name = (UnitName.Placeable) UnitName.parse(unit).orElseThrow();
    if (world.machine(machine).own.lately(name)) {
      return;
    }
    if (world.store.read("/fleet/machines/" + machine).isPresent()) {
      world.referee.accuse(
          unit + " was taken off " + machine + ", which is there, though it is wanted");
    }
    if (blackoutJustOver) {
      world.referee.accuse(
          unit + " was taken off " + machine + ", which has had no time to report");
    }
  }

  private boolean isWanted(String unit) {
    return world
        .store
        .read(UNITS + unit)
        .map(entry -> !entry.value().contains("\"target\":\"inactive\""))
        .orElse(false);
  }
}
