package fleet.simulation;

import java.time.Duration;
import java.util.Locale;

/// A kind of history: how hard, and for how long, on what.
enum Kind {
  /// Ten minutes of faults wherever the code touches the world.
  ROUGH,
  /// A cluster's usual life, of one of the shapes that clusters have.
  USUAL,
  /// Ten days on a bad network, in which nobody is ever gone, so that nobody may be given up.
  LOSSY;

  static Kind of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  Climate climate() {
    return switch (this) {
      case ROUGH -> Climate.ROUGH;
      case USUAL -> Climate.USUAL;
      case LOSSY -> Climate.LOSSY;
    };
  }

  Shape shape(long seed) {
    return switch (this) {
      case ROUGH -> Shape.FULL.during(Duration.ofMinutes(10));
      case USUAL -> Shape.any(seed);
      case LOSSY -> Shape.FULL.during(Duration.ofDays(10));
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
