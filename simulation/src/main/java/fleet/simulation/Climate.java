package fleet.simulation;

import java.time.Duration;

/// How hard a simulated world is.
///
/// @param portFaults one call of a port in so many meets with a fault; 0 for none
/// @param losses how many of a hundred messages between a daemon and the store are lost
/// @param betweenBlows how long, on average, until the next thing befalls machines, network or
///     store
/// @param pauses if longer than nothing, all that befalls machines is that a daemon hangs for no
///     longer than that
/// @param betweenShots how long, on average, until the next fault is aimed at a call of each kind
///     that is a target ([Aims]); nothing for never
/// @param betweenWishes how long, on average, until a user wants something else
record Climate(
    int portFaults,
    int losses,
    Duration betweenBlows,
    Duration pauses,
    Duration betweenShots,
    Duration betweenWishes) {

  /// Faults wherever the code touches the world.
  static final Climate ROUGH =
      new Climate(
          50, 0, Duration.ofSeconds(20), Duration.ZERO, Duration.ZERO, Duration.ofSeconds(3));

  /// Faults that are aimed at calls. Beside them there is so little trouble that a leader gives up
  /// machines that are silent: where many are at once, it waits.
  static final Climate AIMED =
      new Climate(
          1_000,
          0,
          Duration.ofSeconds(60),
          Duration.ZERO,
          Duration.ofSeconds(24),
          Duration.ofSeconds(2));

  /// What a cluster goes through in a bad year: most of the time, nothing.
  static final Climate USUAL =
      new Climate(
          30_000, 0, Duration.ofHours(2), Duration.ZERO, Duration.ofHours(2), Duration.ofHours(1));

  /// A bad network, and machines with too much to do: daemons hang for up to two thirds of the time
  /// to live. Nobody is ever gone.
  static final Climate LOSSY =
      new Climate(
          0,
          5,
          Duration.ofMinutes(2),
          Duration.ofSeconds(2),
          Duration.ZERO,
          Duration.ofMinutes(30));

  /// The same for leases that are ten times as long.
  static final Climate LOSSY30 =
      new Climate(
          0,
          5,
          Duration.ofMinutes(2),
          Duration.ofSeconds(20),
          Duration.ZERO,
          Duration.ofMinutes(30));

  static final Climate CALM =
      new Climate(
          0, 0, Duration.ofDays(10_000), Duration.ZERO, Duration.ZERO, Duration.ofDays(10_000));

  /// Whether faults are aimed at calls.
  boolean isAimed() {
    return betweenShots.isPositive();
  }

  boolean isLossy() {
    return losses > 0;
  }
}
