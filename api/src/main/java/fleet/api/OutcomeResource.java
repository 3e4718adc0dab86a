package fleet.api;

/// What became of one order on one machine. Not in fleet v1. An empty text stands for a field that
/// is not there.
///
/// @param number, id, kind of the order, as in [GivenOrderResource] and [OrderResource]
/// @param result `done`, `already`, `not-started`, `failed`, `refused`, `superseded` or `uncertain`
/// @param words what there is to say of it, for people; systemd's own where it has said some
/// @param before, after what the unit was when the order was taken in hand, and when this became of
///     it
public record OutcomeResource(
    long number, String id, String kind, String result, String words, Seen before, Seen after) {

  static final OutcomeResource NOTHING =
      new OutcomeResource(0, "", "", "", "", Seen.NOTHING, Seen.NOTHING);

  static final RecordCodec<OutcomeResource> JSON =
      new RecordCodec<>(NOTHING) {
        @Override
        OutcomeResource pass(Fields fields, OutcomeResource outcome) {
          return new OutcomeResource(
              fields.field("number", JsonValues.NUMBER.always(), outcome.number),
              fields.text("id", outcome.id),
              fields.text("kind", outcome.kind),
              fields.text("result", outcome.result),
              fields.text("words", outcome.words),
              fields.field("before", Seen.JSON, outcome.before),
              fields.field("after", Seen.JSON, outcome.after));
        }
      };

  /// What a unit was at one time, in systemd's words.
  ///
  /// @param invocationId another with each start
  public record Seen(
      String systemdActiveState, String systemdSubState, String result, String invocationId) {
    /// Of a unit of which nothing was known.
    public static final Seen NOTHING = new Seen("", "", "", "");

    static final JsonCodec<Seen> JSON =
        new RecordCodec<>(NOTHING) {
          @Override
          Seen pass(Fields fields, Seen seen) {
            return new Seen(
                fields.text("systemdActiveState", seen.systemdActiveState),
                fields.text("systemdSubState", seen.systemdSubState),
                fields.text("result", seen.result),
                fields.text("invocationID", seen.invocationId));
          }
        };
  }
}
