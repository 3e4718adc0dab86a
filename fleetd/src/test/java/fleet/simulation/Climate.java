package fleet.simulation;

import java.time.Duration;

/// How hard a simulated world is.
///
/// @param portFaults one call of a port in so many meets with a fault; 0 for none
/// @param betweenBlows how long, on average, until the next thing befalls machines, network or
///     store
/// @param betweenWishes how long, on average, until a user wants something else
record Climate(int portFaults, Duration betweenBlows, Duration betweenWishes) {

  /// Faults wherever the code touches the world.
  static final Climate ROUGH = new Climate(50, Duration.ofSeconds(20), Duration.ofSeconds(3));

  /// What a cluster goes through in a bad year: most of the time, nothing.
  static final Climate USUAL = new Climate(20_000, Duration.ofHours(2), Duration.ofMinutes(10));

  static final Climate CALM = new Climate(0, Duration.ofDays(10_000), Duration.ofDays(10_000));
}
