package fleet.chaos;

import java.util.Comparator;
import java.util.Locale;

/// What the cluster should do about a unit.
///
/// @param text the unit file, by its SHA-1; empty if the unit is absent
record Wish(Target target, String text) implements Comparable<Wish> {

  enum Target {
    ABSENT,
    INACTIVE,
    LOADED,
    LAUNCHED;

    /// As `fleetctl list-unit-files` prints it.
    static Target of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  static final Wish NONE = new Wish(Target.ABSENT, "");

  @Override
  public int compareTo(Wish other) {
    return Comparator.comparing(Wish::target).thenComparing(Wish::text).compare(this, other);
  }
}
