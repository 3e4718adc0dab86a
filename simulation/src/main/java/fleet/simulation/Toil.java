package fleet.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Counts how often each thing is done in a minute.
final class Toil {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Map<String, Deque<Duration>> done = new HashMap<>();

  /// Takes note that it is done once more.
  ///
  /// @return how often in the last minute
  int done(String what, Duration now) {
    var times = done.computeIfAbsent(what, _ -> new ArrayDeque<>());
    times.add(now);
    while (now.minus(times.element()).compareTo(MINUTE) > 0) {
      times.remove();
    }
    return times.size();
  }

  /// It begins anew, for a good reason.
  void forget(String what) {
    done.remove(what);
  }
}
