package fleet.agent.unit;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import java.util.Optional;

/// The jobs of one unit that systemd has been asked for and has not answered yet.
///
/// @param starts whether a start or restart is under way
/// @param stops whether a stop is
/// @param overtaken whether the unit was told to stop since its start began: how that start ends is
///     of no interest
/// @param stopped whether it has been stopped, and has not been seen to rest since
/// @param removed whether its file has been removed, and it has not been seen to rest since:
///     somebody may have started it after the look by which it was removed
public record Work(
    boolean starts, boolean stops, boolean overtaken, boolean stopped, boolean removed) {

  /// Nothing is under way.
  public static final Work NONE = new Work(false, false, false, false, false);

  /// Whether anything is, or what was stopped or removed has yet to be seen to rest.
  public boolean isUnderWay() {
    return starts || stops || stopped || removed;
  }

  /// The unit is about to be stopped.
  public Work stopping() {
    return new Work(starts, stops, overtaken || starts, stopped, removed);
  }

  /// A start or restart is under way until [#startEnded].
  public Work starting() {
    return new Work(true, stops, false, stopped, removed);
  }

  /// That start has ended.
  public Work startEnded() {
    return new Work(false, stops, false, stopped, removed);
  }

  /// A stop is under way until [#stopEnded].
  public Work stopBegan() {
    return new Work(starts, true, overtaken, stopped, removed);
  }

  /// That stop has ended.
  public Work stopEnded() {
    return new Work(starts, false, overtaken, stopped, removed);
  }

  /// Whether the unit has been stopped is known from now on.
  public Work stopped(boolean is) {
    return new Work(starts, stops, overtaken, is, removed);
  }

  /// Whether the unit's file has been removed is known from now on.
  public Work removed(boolean is) {
    return new Work(starts, stops, overtaken, stopped, is);
  }

  /// The unit has been looked at.
  ///
  /// @param observed empty if nothing is known of it
  /// @param foreign whether something of it runs that fleet did not start
  public Work seen(Optional<LocalUnit> observed, boolean foreign) {
    boolean rests = observed.isEmpty() || observed.get().phase() == Phase.RESTING;
    return rests || foreign ? new Work(starts, stops, overtaken, false, false) : this;
  }
}
