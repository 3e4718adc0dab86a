package fleet.simulation;

import fleet.simulation.Shot.Moment;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The kinds of calls at which faults are aimed in one history.
///
/// Faults that fall at any time seldom meet the milliseconds that matter. So each history takes a
/// few kinds of calls for its targets. From time to time the next call of such a kind, whichever
/// machine makes it, is hit before, during or after it; every other time something follows shortly
/// after, since what is wrong in one step is often seen only if the next one fails, too.
final class Aims {

  /// How many kinds of calls are targets at once.
  private static final int TARGETS = 4;

  /// One call of so many is hit on a machine that runs no exclusive unit, and each on one
  /// that does.
  private static final int SPARED = 12;

  /// What may be a target. Those on which the promises rest stand here more than once.
  private static final List<PortCall> CALLS =
      List.of(
          PortCall.LOOK,
          PortCall.INSTALL,
          PortCall.RELOAD,
          PortCall.START,
          PortCall.START,
          PortCall.RESTART,
          PortCall.RESTART,
          PortCall.RESTART,
          PortCall.STOP,
          PortCall.REMOVE,
          PortCall.ARM,
          PortCall.ARM,
          PortCall.CONFIRM,
          PortCall.DISARM,
          PortCall.FOLLOW,
          PortCall.FOLLOW,
          PortCall.FOLLOW,
          PortCall.READ,
          PortCall.GRANT,
          PortCall.RENEW,
          PortCall.RENEW,
          PortCall.PUBLISH,
          PortCall.PUBLISH,
          PortCall.PUBLISH,
          PortCall.ASSIGN,
          PortCall.ASSIGN,
          PortCall.COMMIT,
          PortCall.SAVE);

  private static final List<Moment> MOMENTS = List.of(Moment.values());

  /// What may come first: whose clock is set matters only if something else is wrong.
  private static final List<Blow> FIRST = List.of(Blow.HANG, Blow.KILL, Blow.CUT, Blow.DELAY);

  private static final List<Blow> THEN = List.of(Blow.values());

  private record Aim(Shot shot, Duration due) {}

  private final World world;
  private final Map<PortCall, Aim> aims = new EnumMap<>(PortCall.class);

  Aims(World world) {
    this.world = world;
  }

  private RandomGenerator random() {
    return world.environment.random();
  }

  /// What falls at this moment of a call, if anything does.
  Optional<Shot> at(PortCall call, Moment moment, SimulatedMachine machine) {
    Duration pause = world.climate().betweenShots();
    if (pause.isZero()) {
      return Optional.empty();
    }
    while (aims.size() < TARGETS) {
      PortCall target = any(CALLS);
      if (!aims.containsKey(target)) {
        aims.put(target, next(target, pause));
      }
    }
    Aim aim = aims.get(call);
    if (aim == null
        || aim.shot().moment() != moment
        || world.environment.uptime().compareTo(aim.due()) < 0
        || (!isWorthwhile(call, machine) && random().nextInt(SPARED) > 0)) {
      return Optional.empty();
    }
    aims.put(call, next(call, pause));
    return Optional.of(aim.shot());
  }

  /// Exclusive units are what there is to lose; but they are never restarted in one call.
  private static boolean isWorthwhile(PortCall call, SimulatedMachine machine) {
    return call == PortCall.RESTART || machine.runsExclusive();
  }

  private Aim next(PortCall call, Duration pause) {
    Duration wait = Duration.ofMillis(random().nextLong(2 * pause.toMillis()));
    Duration due = world.environment.uptime().plus(wait);
    if (call == PortCall.FOLLOW) {
      world.later(wait, this::provoke);
    }
    if (call == PortCall.RESTART && random().nextBoolean()) {
      return new Aim(new Shot(Moment.AFTER, Blow.KILL, Optional.empty()), due);
    }
    if (random().nextBoolean()) {
      return new Aim(new Shot(any(MOMENTS), any(FIRST), Optional.empty()), due);
    }
    if (random().nextBoolean()) {
      return new Aim(new Shot(any(MOMENTS), any(FIRST), Optional.of(any(THEN))), due);
    }
    // Whoever hangs between what was done and what comes of it acts by what is no longer so: all
    // the more if others of its tasks are faster than the one that does.
    Blow then = random().nextBoolean() ? Blow.DELAY : any(THEN);
    return new Aim(new Shot(Moment.DURING, Blow.HANG, Optional.of(then)), due);
  }

  /// Who reads what is assigned has only just begun: it is done too seldom to be waited for.
  private void provoke() {
    if (world.climate().isAimed()) {
      world.machines.stream()
          .filter(SimulatedMachine::runsExclusive)
          .findFirst()
          .ifPresent(SimulatedMachine::crashDaemon);
    }
  }

  private <T> T any(List<T> of) {
    return of.get(random().nextInt(of.size()));
  }
}
