package fleet.simulation;

import java.time.Duration;
import java.util.TreeMap;

/// How long ago the store had come to each revision, for the last while.
final class Ages {

  private static final Duration KEPT = Duration.ofMinutes(1);

  private final TreeMap<Long, Duration> times = new TreeMap<>();

  void reached(long revision, Duration now) {
    times.put(revision, now);
    while (now.minus(times.firstEntry().getValue()).compareTo(KEPT) > 0) {
      times.pollFirstEntry();
    }
  }

  /// At least how long ago something happened at `revision`.
  Duration of(long revision, Duration now) {
    var next = times.ceilingEntry(revision);
    return next == null ? Duration.ZERO : now.minus(next.getValue());
  }
}
