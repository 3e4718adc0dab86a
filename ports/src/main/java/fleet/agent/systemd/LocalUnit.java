package fleet.agent.systemd;

import fleet.unit.UnitHash;

/// One unit, as it lies in fleet's directory and in systemd's memory.
///
/// @param file what lies in the directory
/// @param load, active, sub systemd's own words (org.freedesktop.systemd1(5)); `not-found`,
///     `inactive` and `dead` if it does not know the unit
/// @param result systemd's word for how the unit last ended; empty where its type has none
/// @param job the kind of job that systemd has queued or is at for it, such as `stop`; empty if
///     none
/// @param run its present or last run
/// @param origin whose it is
public record LocalUnit(
    OnDisk file,
    String load,
    String active,
    String sub,
    String result,
    String job,
    Run run,
    Origin origin) {

  /// Of a unit that has not run.
  public LocalUnit(OnDisk file, String load, String active, String sub, String result, String job) {
    this(file, load, active, sub, result, job, Run.NONE);
  }

  /// Of a unit that nobody but fleet has, or nobody at all.
  public LocalUnit(
      OnDisk file, String load, String active, String sub, String result, String job, Run run) {
    this(
        file,
        load,
        active,
        sub,
        result,
        job,
        run,
        load.equals("not-found") ? Origin.NOWHERE : Origin.FLEET);
  }

  /// One run of a unit, as systemd counts it.
  ///
  /// @param invocation systemd's name for it, another with each start; empty if there was none, or
  ///     if systemd has forgotten it
  /// @param restarts how often systemd has restarted the unit by its own `Restart=` since it was
  ///     last started
  /// @param exit how its main process last ended, in words, if it did not end well: `exit code 203
  ///     (EXEC)`, `killed by SIGKILL`
  public record Run(String invocation, long restarts, String exit) {
    /// There was none.
    public static final Run NONE = new Run("", 0, "");
  }

  /// What is known of a unit's file.
  public sealed interface OnDisk {

    /// There is none.
    record Absent() implements OnDisk {}

    /// It says the same as any other file of this hash.
    record Present(UnitHash hash) implements OnDisk {}

    /// Somebody has spoiled it.
    record Garbage(String problem) implements OnDisk {}
  }

  /// Whether anything of it runs, or is about to stop.
  public boolean runs() {
    return !active.equals("inactive") && !active.equals("failed");
  }

  /// The invocation that runs; empty if none does.
  public String invocation() {
    return runs() ? run.invocation() : "";
  }

  /// Whether anything runs, in as few cases as a decision needs.
  public enum Phase {
    /// Nothing runs and nothing is about to.
    RESTING,
    /// A job is queued or under way that leads upwards.
    RISING,
    /// It is up, or systemd keeps starting it by its own policy (`Restart=`).
    RUNNING,
    /// It is being stopped, or ending by itself.
    FALLING
  }

  /// Whether anything runs.
  public Phase phase() {
    return switch (job) {
      case "stop" -> Phase.FALLING;
      case "" ->
          switch (active) {
            case "inactive", "failed" -> Phase.RESTING;
            case "deactivating", "maintenance" -> Phase.FALLING;
            default -> Phase.RUNNING;
          };
      default -> Phase.RISING;
    };
  }
}
