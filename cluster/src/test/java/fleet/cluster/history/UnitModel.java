package fleet.cluster.history;

import fleet.cluster.TargetState;
import java.util.Optional;
import java.util.function.BiFunction;

/// One unit, as users of the API see it: it is put, told how far to come, destroyed, and looked at.
///
/// @param <U> what the unit is like
/// @param absent a unit that is not there
/// @param told a unit that is there, and was told to come that far
public record UnitModel<U>(U absent, BiFunction<U, TargetState, U> told)
    implements Model<U, UnitModel.Act<U>> {

  /// One thing that was done.
  public sealed interface Act<U> {
    record Put<U>(U unit) implements Act<U> {}

    /// Only a unit that is there can be told.
    record Target<U>(TargetState target) implements Act<U> {}

    record Destroy<U>() implements Act<U> {}

    record Read<U>(U found) implements Act<U> {}
  }

  @Override
  public U initial() {
    return absent;
  }

  @Override
  public Optional<U> after(U was, Act<U> act) {
    return switch (act) {
      case Act.Put<U>(var unit) -> Optional.of(unit);
      case Act.Target<U>(var target) ->
          was.equals(absent) ? Optional.empty() : Optional.of(told.apply(was, target));
      case Act.Destroy<U>() -> Optional.of(absent);
      case Act.Read<U>(var found) -> Optional.of(was).filter(found::equals);
    };
  }
}
