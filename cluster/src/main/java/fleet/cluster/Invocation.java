package fleet.cluster;

/// The present or last run of a unit, and how often systemd itself has begun it anew.
///
/// @param id systemd's name for it, another with each start, also by `Restart=`; empty if the unit
///     has not run, or if that is not known
/// @param restarts how often systemd has restarted the unit by its own `Restart=` since it was last
///     started (`NRestarts`)
/// @param exit how its main process last ended, if it did not end well: `exit code 203 (EXEC)`,
///     `killed by SIGKILL`; else empty
/// @param crashLooping whether systemd restarts it again and again: three times within a minute
public record Invocation(String id, long restarts, String exit, boolean crashLooping) {

  /// Of a unit that has not run, or of which nothing is known.
  public static final Invocation NONE = new Invocation("", 0, "", false);
}
