package fleet.testing.systemd;

import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The journal of a [SimulatedSystemd]. All methods are called while that is held.
final class SimulatedJournal {

  private final TreeMap<UnitName.Placeable, List<String>> lines = new TreeMap<>();
  private boolean lost;

  void add(UnitName.Placeable unit, String line) {
    lines.computeIfAbsent(unit, _ -> new ArrayList<>()).add(line);
  }

  /// From now on it cannot be read.
  void lose() {
    lost = true;
  }

  List<String> last(UnitName.Placeable unit, int most) {
    List<String> all = lost ? List.of() : lines.getOrDefault(unit, List.of());
    return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
  }
}
