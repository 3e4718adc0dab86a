package fleet.agent.order;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.cluster.Order;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.Outcome.Seen;
import java.time.Duration;
import java.util.Optional;

/// One order, from when it came until it is known what became of it.
///
/// @param before what the unit was when the order came; empty before the first look
/// @param acted whether anything has been asked of systemd for it, by this agent or the one before
/// @param due whether nothing has been asked of systemd for it by this agent, or nobody knows what
///     systemd has done
/// @param answer how it went, as far as that is known; empty if nothing is
public record OrderInHand(
    Order order, Optional<Seen> before, boolean acted, boolean due, Optional<Answer> answer) {

  /// What is known of how an order went, before the unit has been looked at.
  ///
  /// @param result empty if the unit's state will say
  /// @param from the [fleet.cluster.env.Environment#uptime] from which the unit is to be looked at
  /// @param last whether that is all that will become of the order
  public record Answer(Optional<Result> result, String words, Duration from, boolean last) {

    /// The next look at the unit will say.
    static final Answer BY_STATE = byState(Duration.ZERO);

    static Answer byState(Duration from) {
      return new Answer(Optional.empty(), "", from, true);
    }
  }

  /// An order that has just come.
  static OrderInHand given(Order order, boolean due) {
    return new OrderInHand(order, Optional.empty(), false, due, Optional.empty());
  }

  OrderInHand acting() {
    return new OrderInHand(order, before, true, false, Optional.empty());
  }

  OrderInHand due(boolean is) {
    return new OrderInHand(order, before, acted, is, answer);
  }

  OrderInHand answered(Answer by) {
    return new OrderInHand(order, before, acted, due, Optional.of(by));
  }

  /// What did not come to run is tried again.
  OrderInHand ended(Result result, String words, Duration from) {
    boolean triedAgain =
        result == Result.NOT_STARTED
            || (result == Result.FAILED && order.kind() == Order.Kind.START);
    return due(false).answered(new Answer(Optional.of(result), words, from, !triedAgain));
  }

  /// The unit has been looked at.
  OrderInHand foundAs(Seen now) {
    return before.isPresent() ? this : new OrderInHand(order, Optional.of(now), acted, due, answer);
  }

  /// An outcome has been told, and may not be the last.
  OrderInHand told() {
    return new OrderInHand(order, before, acted, due, Optional.empty());
  }

  /// Whether nothing has been done about the order, nor heard of it.
  boolean isUnknown() {
    return !due && !acted && answer.isEmpty();
  }

  /// Whether the next outcome is all that will become of the order.
  boolean isLast() {
    return answer.filter(Answer::last).isPresent();
  }

  /// What became of the order, now that the unit has been looked at; empty if it is not known yet.
  ///
  /// @param began when the look did
  Optional<Outcome> conclude(LocalUnit unit, Duration began) {
    return answer
        .filter(by -> by.from().compareTo(began) <= 0)
        .flatMap(by -> by.result().isPresent() ? told(by, unit) : shown(unit));
  }

  private Optional<Outcome> told(Answer by, LocalUnit unit) {
    return by.result().map(result -> outcome(result, by.words(), unit));
  }

  private Optional<Outcome> shown(LocalUnit unit) {
    boolean goesOn =
        switch (unit.phase()) {
          case RISING, FALLING -> true;
          case RUNNING, RESTING -> false;
        };
    if (goesOn) {
      return Optional.empty();
    }
    return Optional.of(
        switch (order.kind()) {
          case START -> started(unit);
          case RESTART -> restarted(unit);
          case STOP -> stopped(unit);
          case LOAD -> outcome(acted ? Result.DONE : Result.ALREADY, "", unit);
        });
  }

  private Outcome started(LocalUnit unit) {
    if (acted && hasFailed(unit)) {
      return outcome(Result.FAILED, words(unit), unit);
    }
    if (unit.phase() == Phase.RUNNING) {
      return outcome(acted || !ranBefore() ? Result.DONE : Result.ALREADY, "", unit);
    }
    return acted
        ? outcome(Result.DONE, "", unit)
        : outcome(Result.UNCERTAIN, "nobody knows whether it has run for this order", unit);
  }

  private Outcome restarted(LocalUnit unit) {
    if (acted && hasFailed(unit)) {
      return outcome(Result.FAILED, words(unit), unit);
    }
    if (unit.phase() == Phase.RESTING && acted) {
      return outcome(Result.DONE, "", unit);
    }
    boolean anew = !unit.run().invocation().equals(before.map(Seen::invocation).orElse(""));
    if (unit.phase() == Phase.RUNNING && anew) {
      return outcome(Result.DONE, "", unit);
    }
    return outcome(Result.UNCERTAIN, "nobody knows whether it has run anew for this order", unit);
  }

  private Outcome stopped(LocalUnit unit) {
    if (unit.phase() != Phase.RESTING) {
      return outcome(Result.FAILED, "it is active again", unit);
    }
    return outcome(acted || ranBefore() ? Result.DONE : Result.ALREADY, "", unit);
  }

  private boolean ranBefore() {
    return before
        .filter(was -> !was.active().equals("inactive") && !was.active().equals("failed"))
        .isPresent();
  }

  /// Whether a unit that has just been started has failed, if only to be started again: systemd
  /// counts that anew with each start.
  private static boolean hasFailed(LocalUnit unit) {
    return unit.active().equals("failed")
        || unit.sub().startsWith("auto-restart")
        || unit.run().restarts() > 0;
  }

  /// How a unit has failed, in systemd's words.
  private static String words(LocalUnit unit) {
    String result = unit.result().equals("success") ? "" : unit.result();
    String exit = unit.run().exit();
    return result.isEmpty() || exit.isEmpty() ? result + exit : result + ", " + exit;
  }

  private Outcome outcome(Result result, String words, LocalUnit unit) {
    return outcome(result, words, seen(unit));
  }

  Outcome outcome(Result result, String words, Seen after) {
    return new Outcome(order, result, words, before.orElse(Seen.NOTHING), after);
  }

  static Seen seen(LocalUnit unit) {
    return new Seen(unit.active(), unit.sub(), unit.result(), unit.run().invocation());
  }
}
