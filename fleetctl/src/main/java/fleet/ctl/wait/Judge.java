package fleet.ctl.wait;

import fleet.api.ExplanationResource;
import fleet.api.ExplanationResource.Assigned;
import fleet.api.ExplanationResource.State;
import fleet.api.OutcomeResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides how a unit stands to its goal, from one answer of the API. A function.
///
/// What was ordered is done when the machine that has the unit says what became of that very order.
/// How the unit looks proves nothing: it may look so from before, or for a moment. Only agents of
/// an earlier fleet, which know no orders, are judged by that ([ReportedState]), and only if it
/// lasts ([Verdict.Unconfirmed]).
///
/// That a unit goes is no order: it is gone when no machine says anything of it any more.
///
/// fleet 1.0 (`fleetctl/start.go`) waited for the agent to say `launched` and then two seconds for
/// systemd to say `active`: it failed for one-shot units that had finished and for all that take
/// longer to start, and waited for ever for those that no machine could take.
final class Judge {

  private final Awaited unit;
  private final ExplanationResource first;
  private final ExplanationResource seen;
  private final boolean settled;

  private Judge(
      Awaited unit, ExplanationResource first, ExplanationResource seen, boolean settled) {
    this.unit = unit;
    this.first = first;
    this.seen = seen;
    this.settled = settled;
  }

  /// Judges one unit.
  ///
  /// @param first what the API said of it when the wait began, if it knew of it then. A problem of
  ///     that time is not news to somebody who wants the unit to go.
  /// @param seen what the API says of it now; empty if it knows no such unit
  /// @param settled whether enough time has passed since the user's request for the leader to have
  ///     taken notice. Before that, its bad news may be those of the request before.
  static Verdict judge(
      Awaited unit,
      Optional<ExplanationResource> first,
      Optional<ExplanationResource> seen,
      boolean settled) {
    if (seen.isEmpty()) {
      return unit.goal() == Goal.GONE ? new Verdict.Reached("", "") : destroyed();
    }
    return new Judge(unit, first.orElse(seen.get()), seen.get(), settled).verdict();
  }

  private static Verdict destroyed() {
    return Verdict.Failed.nowhere("it was destroyed meanwhile");
  }

  private Verdict verdict() {
    Optional<Verdict> answer = unit.everywhere() ? Optional.empty() : answer();
    if (answer.isPresent()) {
      return answer.get();
    }
    if (seen.desiredState().isEmpty() && unit.goal() != Goal.GONE) {
      // What the cluster has of it cannot be read, or machines still report what it has no more.
      return seen.summary().isEmpty() ? destroyed() : Verdict.Failed.nowhere(seen.summary());
    }
    if (!seen.desiredState().equals(unit.goal().desiredState())) {
      return Verdict.Failed.nowhere(
          unit.goal() == Goal.GONE
              ? "it was submitted again meanwhile"
              : "its desired state was set to " + seen.desiredState() + " meanwhile");
    }
    return switch (unit.goal()) {
      case SUBMITTED -> reached();
      case UNLOADED, GONE -> leaving();
      case LOADED, LAUNCHED, RESTARTED, STOPPED -> unit.everywhere() ? everywhere() : ordered();
    };
  }

  /// What the machines say of the order. That it went well counts from any; a failure is that of
  /// the machine that is to have the unit, since elsewhere it is tried again.
  private Optional<Verdict> answer() {
    if (unit.order() == 0) {
      return Optional.empty();
    }
    for (State state : seen.states()) {
      boolean here = state.machineId().equals(place());
      Optional<Verdict> told = unit.machineId().isEmpty() || here ? told(state) : Optional.empty();
      if (told.isPresent() && (here || told.get() instanceof Verdict.Reached)) {
        return told;
      }
    }
    return Optional.empty();
  }

  /// The machine that is to carry out the order; empty if none is yet.
  private String place() {
    return unit.machineId().isEmpty() ? seen.machineId() : unit.machineId();
  }

  /// What one machine says of the order, or that it has dealt with a later one.
  private Optional<Verdict> told(State state) {
    Optional<Verdict> later = Optional.empty();
    for (OutcomeResource outcome : state.outcomes()) {
      if (outcome.number() == unit.order()) {
        return Optional.of(verdict(outcome, state));
      }
      if (outcome.number() > unit.order()) {
        later =
            Optional.of(
                Verdict.Failed.before(
                    "superseded by a later order, to " + outcome.kind(), state.machineId()));
      }
    }
    return later;
  }

  private Verdict verdict(OutcomeResource outcome, State state) {
    return switch (outcome.result()) {
      case "done", "already" -> new Verdict.Reached(unit.goal().desiredState(), state.machineId());
      case "failed" ->
          new Verdict.Failed(ReportedState.failure(outcome), state.machineId(), true, state.log());
      case "not-started" -> Verdict.Failed.before(words("not started", outcome), state.machineId());
      case "refused" ->
          Verdict.Failed.before(words("refused, it is left as it was", outcome), state.machineId());
      case "superseded" ->
          Verdict.Failed.before(words("superseded by a later order", outcome), state.machineId());
      case "uncertain" ->
          Verdict.Failed.before(
              words("its agent ended meanwhile, so that the outcome is uncertain", outcome),
              state.machineId());
      default ->
          Verdict.Failed.before(
              "its outcome has a word of a later fleet: " + words(outcome.result(), outcome),
              state.machineId());
    };
  }

  private static String words(String what, OutcomeResource outcome) {
    return outcome.words().isEmpty() ? what : what + ": " + outcome.words();
  }

  /// Of an order that the unit's one machine has not answered.
  private Verdict ordered() {
    if (place().isEmpty()) {
      return unit.goal() == Goal.STOPPED ? leaving() : unplaced();
    }
    Optional<State> state = stateOn(seen, place());
    if (state.isPresent()) {
      return unanswered(state.get());
    }
    if (isAssigned(place()) || (unit.machineId().isEmpty() && seen.summary().isEmpty())) {
      return new Verdict.Pending("to arrive", place());
    }
    if (!unit.machineId().isEmpty()) {
      return Verdict.Failed.before("it is no longer there", place());
    }
    // Its machine is gone, and no other can take it.
    return unit.goal() == Goal.STOPPED ? reached() : unplaced();
  }

  private boolean isAssigned(String machineId) {
    return seen.assigned().stream().anyMatch(each -> each.machineId().equals(machineId));
  }

  private Verdict unanswered(State state) {
    return state.outcomes().isEmpty()
        ? ReportedState.verdict(unit, seen, state)
        : new Verdict.Pending(
            unit.goal().missing() + ReportedState.now(state) + ReportedState.problem(state),
            state.machineId());
  }

  /// Of a unit that is to be on every machine that can take it.
  private Verdict everywhere() {
    if (seen.assigned().isEmpty()) {
      return unit.goal() == Goal.STOPPED ? leaving() : unplaced();
    }
    var failures = new ArrayList<Verdict.Failed>();
    boolean unconfirmed = false;
    for (Assigned each : seen.assigned()) {
      Optional<State> state = stateOn(seen, each.machineId());
      if (state.isEmpty()) {
        return new Verdict.Pending("to arrive", each.machineId());
      }
      Verdict verdict = told(state.get()).orElseGet(() -> unanswered(state.get()));
      if (verdict instanceof Verdict.Unconfirmed(var likely)) {
        unconfirmed = true;
        verdict = likely;
      }
      if (verdict instanceof Verdict.Pending) {
        return verdict;
      }
      if (verdict instanceof Verdict.Failed failed) {
        failures.add(failed);
      }
    }
    if (!settled) {
      return new Verdict.Pending("to be placed on every machine", "");
    }
    Verdict all = failures.isEmpty() ? reached() : new Verdict.Several(failures);
    return unconfirmed ? new Verdict.Unconfirmed(all) : all;
  }

  private Verdict unplaced() {
    if (seen.summary().isEmpty() || !settled) {
      return new Verdict.Pending("to be placed on a machine", "");
    }
    // Machines could take it, but one has it still: that takes as long as the unit's own stop.
    for (State state : seen.vetoes().isEmpty() ? seen.states() : List.<State>of()) {
      return new Verdict.Pending("to be placed: " + seen.summary(), state.machineId());
    }
    return new Verdict.Unplaced(seen.summary(), seen.vetoes());
  }

  private Verdict leaving() {
    for (State state : seen.states()) {
      // What keeps it from starting, or from being loaded, keeps it from going no more.
      return isNews(state) && state.systemdActiveState().equals("active")
          ? new Verdict.Failed(state.problem(), state.machineId(), false, List.of())
          : new Verdict.Pending("to be stopped" + ReportedState.now(state), state.machineId());
    }
    return seen.machineId().isEmpty()
        ? reached()
        : new Verdict.Pending("to be unloaded", seen.machineId());
  }

  /// Whether a problem has come up since the wait began. What keeps a unit from starting is for its
  /// agent to forget once it has stopped the unit, which can take as long as a start may.
  private boolean isNews(State state) {
    Optional<State> before = stateOn(first, state.machineId());
    return !state.problem().isEmpty()
        && (before.isEmpty() || !before.get().problem().equals(state.problem()));
  }

  private static Optional<State> stateOn(ExplanationResource seen, String machineId) {
    return seen.states().stream().filter(each -> each.machineId().equals(machineId)).findFirst();
  }

  private Verdict reached() {
    return new Verdict.Reached(seen.currentState(), seen.machineId());
  }
}
