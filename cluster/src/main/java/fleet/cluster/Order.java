package fleet.cluster;

import java.util.Locale;
import java.util.Optional;

/// What a user asked for, of one unit, at one time. The machine that has the unit carries it out
/// and tells what became of it ([Outcome]).
///
/// A replacement is a [Kind#START] with another text. That a unit is taken off its machines, or
/// destroyed, is no order: it is done when nobody says anything of the unit any more.
///
/// @param number counts the orders of the unit, from 1
public record Order(long number, OrderId id, Kind kind) {

  /// What is asked for.
  public enum Kind {
    /// That it runs.
    START,
    /// That it does not run, whoever started it, and stays on its machine.
    STOP,
    /// That it runs anew.
    RESTART,
    /// That its machine knows it, and does not run it if fleet has started it.
    LOAD;

    /// The word for it in the API and in the store.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The kind of that word; empty for any other text.
    public static Optional<Kind> of(String text) {
      for (Kind kind : values()) {
        if (kind.text().equals(text)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }
}
