package fleet.api;

/// Why a request was refused.
///
/// @param code the status of the response, again
/// @param message for people; empty where fleet v1 said nothing either
public record ErrorResource(long code, String message) {

  private static final ErrorResource NOTHING = new ErrorResource(0, "");

  private static final JsonCodec<ErrorResource> BODY =
      new RecordCodec<>(NOTHING) {
        @Override
        ErrorResource pass(Fields fields, ErrorResource error) {
          return new ErrorResource(
              fields.field("code", JsonValues.NUMBER.always(), error.code),
              fields.field("message", JsonValues.TEXT.always(), error.message));
        }
      };

  public static final JsonCodec<ErrorResource> JSON =
      new RecordCodec<>(NOTHING) {
        @Override
        ErrorResource pass(Fields fields, ErrorResource error) {
          return fields.field("error", BODY.always(), error);
        }
      };
}
