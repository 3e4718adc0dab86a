package fleet.unit;

/// What became of a text that somebody wrote: a value, or the reason why it is none.
public sealed interface Parsed<T> {

  /// The text means `value`.
  record Ok<T>(T value) implements Parsed<T> {
    @Override
    public T orElseThrow() {
      return value;
    }
  }

  /// The text means nothing; `reason` says why, for the person who wrote it.
  record Malformed<T>(String reason) implements Parsed<T> {
    @Override
    public T orElseThrow() {
      throw new IllegalArgumentException(reason);
    }
  }

  /// The value.
  ///
  /// @throws IllegalArgumentException with the reason, if there is none; for texts that we wrote
  ///     ourselves
  T orElseThrow();
}
