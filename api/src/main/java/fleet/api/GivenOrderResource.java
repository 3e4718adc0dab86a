package fleet.api;

import java.util.List;

/// An order that has been given, or was given before. Not in fleet v1.
///
/// @param number counts the orders of its unit: the outcome that bears it, or a higher one, is the
///     answer
/// @param generation of a restart: what the unit's state shows once that has been carried out, also
///     on a machine whose agent knows no orders; 0 of any other order
/// @param outcomes what became of it so far, by machine, if it was given before
public record GivenOrderResource(String id, long number, long generation, List<On> outcomes) {

  /// What became of it on one machine.
  public record On(String machineId, OutcomeResource outcome) {
    static final JsonCodec<On> JSON =
        new RecordCodec<>(new On("", OutcomeResource.NOTHING)) {
          @Override
          On pass(Fields fields, On on) {
            return new On(
                fields.text("machineID", on.machineId),
                OutcomeResource.JSON.pass(fields, on.outcome));
          }
        };
  }

  public static final JsonCodec<GivenOrderResource> JSON =
      new RecordCodec<>(new GivenOrderResource("", 0, 0, List.of())) {
        @Override
        GivenOrderResource pass(Fields fields, GivenOrderResource order) {
          return new GivenOrderResource(
              fields.text("id", order.id),
              fields.field("number", JsonValues.NUMBER.always(), order.number),
              fields.count("generation", order.generation),
              fields.field("outcomes", JsonValues.list(On.JSON), order.outcomes));
        }
      };

  public GivenOrderResource {
    outcomes = List.copyOf(outcomes);
  }
}
