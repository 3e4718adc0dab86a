package fleet.agent.unit;

import fleet.cluster.Assignment;
import fleet.unit.Disconnect;
import fleet.unit.requirements.Grace;
import fleet.unit.requirements.Requirements;
import java.time.Duration;
import java.util.Optional;

/// What keeps a unit from running here while others may count this machine as gone.
///
/// @param bound whether the unit stops when the lease has lapsed (`Disconnect=stop`, `Exclusive=`)
/// @param grace of a unit of which two copies must never run: how much longer than the lease it may
///     take to stop; empty if it is no such unit
/// @param ended whether an exclusive unit has ended by itself, or has not been started yet
/// @param seenUp how often the lease or a dead man's switch had failed when an exclusive unit was
///     last seen up, or was about to be started; empty if it was neither
public record Fence(boolean bound, Optional<Duration> grace, boolean ended, Optional<Long> seenUp) {

  /// Of a unit that is not assigned, or that runs on whatever becomes of the machine.
  public static final Fence NONE = new Fence(false, Optional.empty(), false, Optional.empty());

  /// What has happened to the machine's right to run units.
  ///
  /// @param before how often the lease or a switch had failed when systemd was asked, which may
  ///     have been minutes ago
  /// @param now how often it has by now
  /// @param lapsed whether others may count the machine as gone
  /// @param fired whether the unit's switch may have fired
  public record Disturbance(long before, long now, boolean lapsed, boolean fired) {}

  /// Another text of the unit is assigned, or none any more.
  Fence assigned(Optional<Assignment> next) {
    if (next.isEmpty()) {
      return NONE;
    }
    Assignment told = next.get();
    var requirements = Requirements.of(told.unit(), told.file());
    Optional<Duration> exclusive =
        requirements.exclusive()
            ? Optional.of(Duration.ofMillis(Grace.millis(told.file())))
            : Optional.empty();
    return new Fence(requirements.disconnect() == Disconnect.STOP, exclusive, ended, seenUp);
  }

  /// Whether two copies of the unit must never run.
  public boolean isExclusive() {
    return grace.isPresent();
  }

  /// The unit has been seen up, or is about to be started.
  ///
  /// @param failures how often the lease or a switch had failed then
  Fence up(long failures) {
    return new Fence(bound, grace, false, Optional.of(failures));
  }

  /// The unit has been seen to rest.
  Fence rested() {
    return new Fence(bound, grace, true, seenUp);
  }

  /// Whether an exclusive unit that is seen to rest was up, and has not ended by itself: the lease
  /// had lapsed, or a switch may have fired, since it was last seen up.
  boolean isCutDown(Disturbance by) {
    boolean disturbed = by.lapsed() || seenUp.orElse(by.now()) != by.now();
    return !ended && (disturbed || (seenUp.isPresent() && by.fired()));
  }
}
