package fleet.api;

/// Which restart a client has asked for. Not in fleet v1.
///
/// @param generation that the state of the unit shows once the restart has been carried out: on the
///     machine that it was asked for, or else on every machine that has the unit
public record RestartResource(long generation) {

  public static final JsonCodec<RestartResource> JSON =
      new RecordCodec<>(new RestartResource(0)) {
        @Override
        RestartResource pass(Fields fields, RestartResource restart) {
          return new RestartResource(
              fields.field("generation", JsonValues.NUMBER.always(), restart.generation));
        }
      };

  /// What asks for it: the machine that is to restart the unit; empty for all.
  public static final JsonCodec<String> REQUEST =
      new RecordCodec<>("") {
        @Override
        String pass(Fields fields, String machine) {
          return fields.text("machineID", machine);
        }

        @Override
        boolean takesNull() {
          return true;
        }
      };
}
