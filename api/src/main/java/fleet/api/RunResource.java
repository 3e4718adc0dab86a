package fleet.api;

/// The present or last run of a unit. Not in fleet v1. An empty text stands for a field that is not
/// there.
///
/// @param invocationId another with each start
/// @param restarts how often systemd has restarted it by its `Restart=` since it was started
/// @param exit how its main process last ended, if not well
/// @param crashLooping whether it is restarted again and again
public record RunResource(String invocationId, long restarts, String exit, boolean crashLooping) {

  /// Of a unit that has not run, or of which nothing is known.
  public static final RunResource NONE = new RunResource("", 0, "", false);

  static final RecordCodec<RunResource> JSON =
      new RecordCodec<>(NONE) {
        @Override
        RunResource pass(Fields fields, RunResource run) {
          return new RunResource(
              fields.text("invocationID", run.invocationId),
              fields.count("restarts", run.restarts),
              fields.text("exit", run.exit),
              fields.flag("crashLooping", run.crashLooping));
        }
      };
}
