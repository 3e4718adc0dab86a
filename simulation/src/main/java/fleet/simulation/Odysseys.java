package fleet.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where units go that fail everywhere.
final class Odysseys {

  /// How often such a unit goes elsewhere within minutes: it must fail more often before each move.
  private static final int MOST_MOVES = 15;

  private final Map<String, List<String>> machines = new HashMap<>();

  /// From now on it is counted where that unit goes.
  void begin(String unit) {
    machines.put(unit, new ArrayList<>());
  }

  /// A unit goes to another machine.
  void goes(String unit, String machine) {
    machines.getOrDefault(unit, new ArrayList<>()).add(machine);
  }

  /// What is wrong with the way of a unit, which ends here.
  Optional<String> end(String unit) {
    List<String> way = machines.getOrDefault(unit, List.of());
    machines.remove(unit);
    return way.size() > MOST_MOVES
        ? Optional.of(unit + " has failed everywhere, and has gone to " + way)
        : Optional.empty();
  }
}
