package fleet.simulation;

import java.time.Duration;
import java.util.Locale;

/// A kind of history: how hard, and for how long, on what.
enum Kind {
  /// Ten minutes of faults wherever the code touches the world.
  ROUGH,
  /// Ten minutes of faults that are aimed at calls.
  AIMED,
  /// A cluster's usual life, of one of the shapes that clusters have.
  USUAL,
  /// Ten days on a bad network, in which nobody is ever gone, so that none may be evicted.
  LOSSY,
  /// The same for a hundred days where leases are ten times as long, and pauses are, too.
  LOSSY30;

  static Kind of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /// Whether nobody is ever gone.
  boolean lossy() {
    return this == LOSSY || this == LOSSY30;
  }

  Climate climate() {
    return switch (this) {
      case ROUGH -> Climate.ROUGH;
      case AIMED -> Climate.AIMED;
      case USUAL -> Climate.USUAL;
      case LOSSY -> Climate.LOSSY;
      case LOSSY30 -> Climate.LOSSY30;
    };
  }

  Shape shape(long seed) {
    return switch (this) {
      case ROUGH, AIMED ->
          (seed % 5 == 0 ? Shape.FULL_PATIENT : Shape.FULL).during(Duration.ofMinutes(10));
      case USUAL -> Shape.any(seed);
      case LOSSY -> Shape.DEFAULT.during(Duration.ofDays(10));
      case LOSSY30 -> Shape.PATIENT;
    };
  }

  /// How many histories of ten minutes every build goes through, from seed 1: the standard sweep.
  long standardSeeds() {
    return switch (this) {
      case ROUGH -> 60;
      case AIMED -> 45;
      case USUAL, LOSSY, LOSSY30 -> 0;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
