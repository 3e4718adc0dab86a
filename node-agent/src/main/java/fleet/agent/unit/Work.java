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
public record Work(boolean starts, boolean stops, boolean overtaken, boolean stopped) {

  /// Nothing is under way.
  public static final Work NONE = new Work(false, false, false, false);

  /// Whether anything is, or what was stopped has yet to be seen to rest.
  public boolean isUnderWay() {
    return starts || stops || stopped;
  }

  /// The unit is about to be stopped.
  public Work stopping() {
    return new Work(starts, stops, overtaken || starts, stopped);
  }

  /// A start or restart is under way until [#startEnded].
  public Work starting() {
    return new Work(true, stops, false, stopped);
  }

  /// That start has ended.
  public Work startEnded() {
    return new Work(false, stops, false, stopped);
  }

  /// A stop is under way until [#stopEnded].
  public Work stopBegan() {
    return new Work(starts, true, overtaken, stopped);
  }

  /// That stop has ended.
  public Work stopEnded() {
    return new Work(starts, false, overtaken, stopped);
  }

  /// Whether the unit has been stopped is known from now on.
  public Work stopped(boolean is) {
    return new Work(starts, stops, overtaken, is);
  }

  /// The unit has been looked at.
  ///
  /// @param observed empty if nothing is known of it
  /// @param foreign whether something of it runs that fleet did not start
  public Work seen(Optional<LocalUnit> observed, boolean foreign) {
    boolean rests = observed.isEmpty() || observed.get().phase() == Phase.RESTING;
    return stopped && (rests || foreign) ? stopped(false) : this;
  }
}
