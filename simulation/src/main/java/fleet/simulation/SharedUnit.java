package fleet.simulation;

import fleet.cluster.TargetState;
import fleet.simulation.User.Wish;
import fleet.testing.history.Linearizability;
import fleet.testing.history.Operation;
import fleet.testing.history.UnitModel;
import fleet.testing.history.UnitModel.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What all users have done to one unit, through the APIs of all machines, and were told.
final class SharedUnit {

  private static final UnitModel<Wish, TargetState> MODEL =
      new UnitModel<>(Wish.ABSENT, (was, target) -> new Wish(was.file(), target));

  private final List<Operation<Act<Wish, TargetState>>> history = new ArrayList<>();
  private long ticks;

  /// Which thing happens in the world now, since the beginning: one after another, also within one
  /// instant.
  long tick() {
    return ticks++;
  }

  void done(Act<Wish, TargetState> act, long called, long returned) {
    history.add(new Operation<>(act, called, returned));
  }

  /// Why no order in which it can have been done explains all answers; empty if one does.
  Optional<String> violation() {
    return Linearizability.violation(MODEL, history);
  }
}
