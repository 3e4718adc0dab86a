package fleet.chaos;

import java.time.Instant;

/// One life of a unit on a machine, as its journal tells.
///
/// @param invocation the number that systemd gave it
/// @param started when it was active
/// @param stopping when its end began, by whatever; the far future if it runs
/// @param stopped when nothing of it was left; the far future if it runs
record Run(
    String unit,
    String node,
    String invocation,
    Instant started,
    Instant stopping,
    Instant stopped) {

  boolean runsAt(Instant instant) {
    return !started.isAfter(instant) && stopping.isAfter(instant);
  }

  boolean hasEnded() {
    return stopping.isBefore(Instant.MAX);
  }
}
