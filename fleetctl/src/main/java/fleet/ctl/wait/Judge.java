package fleet.ctl.wait;

import fleet.api.ExplanationResource;
import fleet.api.ExplanationResource.State;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides how a unit stands to its goal, from one answer of the API. A function.
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
  ///     that time is not news to somebody who wants the unit stopped.
  /// @param seen what the API says of it now; empty if it knows no such unit
  /// @param settled whether enough time has passed since the user's request for the cluster to have
  ///     taken notice. Before that, bad news may be those of the request before.
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
    return new Verdict.Failed("it was destroyed meanwhile");
  }

  private Verdict verdict() {
    if (seen.desiredState().isEmpty() && unit.goal() != Goal.GONE) {
      // What the cluster has of it cannot be read, or machines still report what it has no more.
      return seen.summary().isEmpty() ? destroyed() : new Verdict.Failed(seen.summary());
    }
    if (!seen.desiredState().equals(unit.goal().desiredState())) {
      return new Verdict.Failed(
          unit.goal() == Goal.GONE
              ? "it was submitted again meanwhile"
              : "its desired state was set to " + seen.desiredState() + " meanwhile");
    }
    return switch (unit.goal()) {
      case SUBMITTED -> reached();
      case RESTARTED -> restarted();
      case LAUNCHED, LOADED -> seen.machineId().isEmpty() ? unplaced() : placed();
      case STOPPED -> seen.machineId().isEmpty() ? leaving() : placed();
      case UNLOADED, GONE -> leaving();
    };
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
          ? failed(state.problem(), state)
          : new Verdict.Pending("to be stopped" + now(state), state.machineId());
    }
    return seen.machineId().isEmpty() ? reached() : pending("to be unloaded");
  }

  private Verdict placed() {
    State state = stateOn(seen, seen.machineId());
    if (state == null && seen.summary().isEmpty()) {
      return pending("to arrive");
    }
    if (state == null) {
      // Its machine is gone, and no other can take it.
      return unit.goal() == Goal.STOPPED ? reached() : unplaced();
    }
    boolean arrived = unit.hash().isEmpty() || unit.hash().equals(state.hash());
    boolean current =
        switch (unit.goal()) {
          case LAUNCHED -> settled || arrived;
          case SUBMITTED, LOADED, RESTARTED -> settled;
          case STOPPED, UNLOADED, GONE -> isNews(state);
        };
    if (current && !state.problem().isEmpty()) {
      return failed(problem(state), state);
    }
    if (!arrived) {
      return pending("its new file to arrive");
    }
    if (unit.goal() == Goal.LAUNCHED) {
      return seen.currentState().equals("launched") ? launched(state) : pending("to be started");
    }
    return seen.currentState().equals("loaded") && !changing(state)
        ? reached()
        : pending(unit.goal() == Goal.STOPPED ? "to be stopped" : "to be loaded");
  }

  private Verdict restarted() {
    String machineId = unit.machineId().isEmpty() ? seen.machineId() : unit.machineId();
    if (machineId.isEmpty()) {
      return unplaced();
    }
    State state = stateOn(seen, machineId);
    if (state == null) {
      return unit.machineId().isEmpty()
          ? placed()
          : new Verdict.Failed("it is no longer there", machineId, List.of());
    }
    boolean done = state.generation() >= unit.generation();
    if (!state.problem().isEmpty() && (done || isNews(state))) {
      return failed(problem(state), state);
    }
    return done
        ? launched(state)
        : new Verdict.Pending("to be restarted" + now(state), state.machineId());
  }

  /// Whether systemd is about to start or stop it: for instance a start that was called off.
  private static boolean changing(State state) {
    return switch (state.systemdActiveState()) {
      case "activating", "deactivating", "reloading" -> true;
      default -> false;
    };
  }

  /// What systemd says of a unit whose start has been carried out (org.freedesktop.systemd1(5),
  /// *ActiveState*).
  private Verdict launched(State state) {
    return switch (state.systemdActiveState()) {
      case "active" -> up(state);
      case "inactive" -> endedWell(state) ? up(state) : failed(ended(state), state);
      case "failed" -> failed(ended(state), state);
      default ->
          // systemd waits to start it once more: it has failed, and may go on doing so for ever.
          state.systemdSubState().equals("auto-restart") && !endedWell(state)
              ? failed(ended(state), state)
              : new Verdict.Pending("to become active" + now(state), state.machineId());
    };
  }

  /// What keeps the agent from starting it, with systemd's word for how it ended.
  private static String problem(State state) {
    return endedWell(state) || state.problem().contains(state.result())
        ? state.problem()
        : state.problem() + ", result " + state.result();
  }

  private static boolean endedWell(State state) {
    return state.result().isEmpty() || state.result().equals("success");
  }

  private static String ended(State state) {
    var text = new StringBuilder(state.systemdActiveState());
    if (!state.systemdSubState().isEmpty()
        && !state.systemdSubState().equals(state.systemdActiveState())) {
      text.append(" (").append(state.systemdSubState()).append(')');
    }
    if (!endedWell(state)) {
      text.append(", result ").append(state.result());
    }
    return text.toString();
  }

  /// Whether a problem has come up since the wait began. What keeps a unit from starting is for its
  /// agent to forget once it has stopped the unit, which can take as long as a start may.
  private boolean isNews(State state) {
    State before = stateOn(first, state.machineId());
    return !state.problem().isEmpty()
        && (before == null || !before.problem().equals(state.problem()));
  }

  private static @Nullable State stateOn(ExplanationResource seen, String machineId) {
    for (State state : seen.states()) {
      if (state.machineId().equals(machineId)) {
        return state;
      }
    }
    return null;
  }

  private static Verdict up(State state) {
    return new Verdict.Reached("launched", state.machineId());
  }

  private Verdict reached() {
    return new Verdict.Reached(seen.currentState(), seen.machineId());
  }

  private Verdict pending(String missing) {
    State state = stateOn(seen, seen.machineId());
    return new Verdict.Pending(state == null ? missing : missing + now(state), seen.machineId());
  }

  private static String now(State state) {
    return state.systemdActiveState().isEmpty()
        ? ""
        : ", is " + state.systemdActiveState() + "/" + state.systemdSubState();
  }

  private static Verdict failed(String reason, State state) {
    return new Verdict.Failed(reason, state.machineId(), state.log());
  }
}
