package fleet.simulation;

import fleet.cluster.MachineId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which machines hear nothing, and since when.
final class Hearing {

  private final Map<MachineId, Duration> deaf = new HashMap<>();

  /// A machine ceases to hear others, or hears them again.
  ///
  /// @return for how long it has heard nothing, if it hears again
  Optional<Duration> hears(MachineId machine, boolean hears, Duration now) {
    var since = Optional.ofNullable(deaf.remove(machine));
    if (!hears) {
      deaf.put(machine, now);
      return Optional.empty();
    }
    return since.map(now::minus);
  }

  /// Whether it has heard nothing since before that.
  boolean isDeafSinceBefore(MachineId machine, Duration time) {
    Duration since = deaf.get(machine);
    return since != null && since.compareTo(time) < 0;
  }
}
