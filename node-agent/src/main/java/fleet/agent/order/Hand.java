package fleet.agent.order;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.cluster.Order;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.Outcome.Seen;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One order, from when it came until it is known what became of it.
final class Hand {

  /// What is known of how it went, before the unit has been looked at.
  ///
  /// @param result empty if the unit's state will say
  /// @param from the [fleet.cluster.env.Environment#uptime] from which the unit is to be looked at
  /// @param last whether that is all that will become of the order
  record Verdict(Optional<Result> result, String words, Duration from, boolean last) {}

  final Order order;

  /// What the unit was when the order came; null before the first look.
  @Nullable Seen before;

  /// Whether anything has been asked of systemd for it, by this agent or the one before.
  boolean acted;

  /// Whether nothing has been asked of systemd for it by this agent.
  boolean due = true;

  @Nullable Verdict verdict;

  Hand(Order order) {
    this.order = order;
  }

  /// What became of the order, now that the unit has been looked at; empty if it is not known yet.
  Optional<Outcome> conclude(LocalUnit unit, Verdict by) {
    if (by.result().isPresent()) {
      return Optional.of(outcome(by.result().get(), by.words(), unit));
    }
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
    boolean anew = !unit.run().invocation().equals(invocationBefore());
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
    Seen was = before;
    return was != null && !was.active().equals("inactive") && !was.active().equals("failed");
  }

  private String invocationBefore() {
    Seen was = before;
    return was == null ? "" : was.invocation();
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

  Outcome outcome(Result result, String words, LocalUnit unit) {
    return outcome(result, words, seen(unit));
  }

  Outcome outcome(Result result, String words, Seen after) {
    Seen was = before;
    return new Outcome(order, result, words, was == null ? Seen.NOTHING : was, after);
  }

  static Seen seen(LocalUnit unit) {
    return new Seen(unit.active(), unit.sub(), unit.result(), unit.run().invocation());
  }
}
