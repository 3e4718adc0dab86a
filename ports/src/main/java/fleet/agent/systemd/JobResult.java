package fleet.agent.systemd;

import java.util.Locale;

/// How a job of systemd ended (org.freedesktop.systemd1(5), `JobRemoved`).
public enum JobResult {
  /// The unit is as it was asked to be. Also if one of its conditions was not met.
  DONE,
  /// Another job took its place, or somebody canceled it.
  CANCELED,
  /// The job took longer than the unit's `JobTimeoutSec=`.
  TIMEOUT,
  /// The unit's processes failed.
  FAILED,
  /// A unit that this one requires failed.
  DEPENDENCY,
  /// The job did not apply to the unit in its present state.
  SKIPPED,
  /// The job does not exist for this unit.
  INVALID,
  /// One of the unit's `Assert…=` was not met.
  ASSERT,
  /// The kernel or this systemd cannot do what the unit needs.
  UNSUPPORTED,
  /// The unit was forgotten before the job ran.
  COLLECTED,
  /// The unit may be started once only, and was.
  ONCE,
  /// None of systemd's: our limit has passed and the job goes on.
  UNFINISHED,
  /// A word that a newer systemd has.
  OTHER;

  /// The result of that word.
  public static JobResult of(String word) {
    for (JobResult result : values()) {
      if (result != UNFINISHED && result.text().equals(word)) {
        return result;
      }
    }
    return OTHER;
  }

  /// Whether a job that ended like this has started its unit, or has it start: what takes longer
  /// than we wait is in systemd's hands.
  public boolean hasStarted() {
    return switch (this) {
      case DONE, SKIPPED, ONCE, UNFINISHED -> true;
      case CANCELED, TIMEOUT, FAILED, DEPENDENCY, INVALID, ASSERT, UNSUPPORTED, COLLECTED, OTHER ->
          false;
    };
  }

  /// systemd's word for it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
