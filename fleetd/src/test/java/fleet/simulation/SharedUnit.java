package fleet.simulation;

import fleet.cluster.TargetState;
import fleet.cluster.history.Linearizability;
import fleet.cluster.history.Model;
import fleet.cluster.history.Operation;
import fleet.simulation.User.Wish;
import fleet.unit.UnitHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What all users have done to one unit, through the APIs of all machines, and were told.
final class SharedUnit {

  /// One thing that was done.
  sealed interface Act {
    /// The unit was put, in that text, to be launched.
    record Put(UnitHash file) implements Act {}

    /// It was to come that far; only a unit that is there can.
    record Target(TargetState target) implements Act {}

    record Destroy() implements Act {}

    /// It was found so in the store.
    record Read(Wish found) implements Act {}
  }

  private static final class Sequential implements Model<Wish, Act> {
    @Override
    public Wish initial() {
      return Wish.ABSENT;
    }

    @Override
    public Optional<Wish> after(Wish was, Act act) {
      return switch (act) {
        case Act.Put(var file) -> Optional.of(new Wish(Optional.of(file), TargetState.LAUNCHED));
        case Act.Target(var target) ->
            was.file().isEmpty() ? Optional.empty() : Optional.of(new Wish(was.file(), target));
        case Act.Destroy() -> Optional.of(Wish.ABSENT);
        case Act.Read(var found) -> Optional.of(was).filter(found::equals);
      };
    }
  }

  private final List<Operation<Act>> history = new ArrayList<>();
  private long ticks;

  /// Which thing happens in the world now, since the beginning: one after another, also within one
  /// instant.
  long tick() {
    return ticks++;
  }

  void done(Act act, long called, long returned) {
    history.add(new Operation<>(act, called, returned));
  }

  /// Why no order in which it can have been done explains all answers; empty if one does.
  Optional<String> violation() {
    return Linearizability.violation(new Sequential(), history);
  }
}
