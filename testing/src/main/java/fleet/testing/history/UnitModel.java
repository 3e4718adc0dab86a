package fleet.testing.history;

import java.util.Optional;
import java.util.function.BiFunction;

/// One unit, as users of the API see it: it is put, told how far to come, destroyed, and looked at.
///
/// @param <U> what the unit is like
/// @param <T> how far it is told to come
/// @param absent a unit that is not there
/// @param told a unit that is there, and was told to come that far
public record UnitModel<U, T>(U absent, BiFunction<U, T, U> told)
    implements Model<U, UnitModel.Act<U, T>> {

  /// One thing that was done.
  public sealed interface Act<U, T> {
    record Put<U, T>(U unit) implements Act<U, T> {}

    /// Only a unit that is there can be told.
    record Target<U, T>(T target) implements Act<U, T> {}

    record Destroy<U, T>() implements Act<U, T> {}

    record Read<U, T>(U found) implements Act<U, T> {}
  }

  @Override
  public U initial() {
    return absent;
  }

  @Override
  public Optional<U> after(U was, Act<U, T> act) {
    return switch (act) {
      case Act.Put<U, T>(var unit) -> Optional.of(unit);
      case Act.Target<U, T>(var target) ->
          was.equals(absent) ? Optional.empty() : Optional.of(told.apply(was, target));
      case Act.Destroy<U, T>() -> Optional.of(absent);
      case Act.Read<U, T>(var found) -> Optional.of(was).filter(found::equals);
    };
  }
}
