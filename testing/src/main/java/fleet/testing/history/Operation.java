package fleet.testing.history;

/// Something that a client did, with the answer that it had.
///
/// @param what was asked, and answered
/// @param called when it was asked
/// @param returned when it was answered, by the same clock; [#NEVER] if it was not, so that it may
///     have taken effect at any time since, or not at all
public record Operation<O>(O what, long called, long returned) {

  /// There was no answer.
  public static final long NEVER = Long.MAX_VALUE;

  public Operation {
    if (returned < called) {
      throw new IllegalArgumentException("answered before it was asked: " + what);
    }
  }

  @Override
  public String toString() {
    return "%d…%s %s".formatted(called, returned == NEVER ? "" : returned, what);
  }
}
