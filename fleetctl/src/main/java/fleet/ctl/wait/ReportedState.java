package fleet.ctl.wait;

import fleet.api.ExplanationResource;
import fleet.api.ExplanationResource.State;
import fleet.api.OutcomeResource;
import fleet.ctl.wait.Verdict.Failed;
import fleet.ctl.wait.Verdict.Pending;
import fleet.ctl.wait.Verdict.Reached;
import fleet.ctl.wait.Verdict.Unconfirmed;
import java.util.List;

/// How a machine reports a unit, in words; and what that means if the machine's agent says nothing
/// of orders, as agents of an earlier fleet do. Functions.
final class ReportedState {

  private ReportedState() {}

  /// What an order seems to have come to, by how the unit is reported.
  static Verdict verdict(Awaited unit, ExplanationResource seen, State state) {
    if (!isCarriedOut(unit, seen, state)) {
      return unit.goal() == Goal.LAUNCHED || unit.goal() == Goal.LOADED
          ? failedOr(new Pending(unit.goal().missing() + now(state), state.machineId()), state)
          : new Pending(unit.goal().missing() + now(state) + problem(state), state.machineId());
    }
    boolean starts = unit.goal() == Goal.LAUNCHED || unit.goal() == Goal.RESTARTED;
    return failedOr(starts ? launched(state) : seemsReached(unit, state), state);
  }

  /// Whether the agent has done what it was to do, by its own account of how far it has come.
  private static boolean isCarriedOut(Awaited unit, ExplanationResource seen, State state) {
    return switch (unit.goal()) {
      case LAUNCHED -> current(unit, seen, state).equals("launched");
      case RESTARTED -> state.generation() >= unit.generation();
      case LOADED, STOPPED -> current(unit, seen, state).equals("loaded") && !isChanging(state);
      case SUBMITTED, UNLOADED, GONE ->
          throw new IllegalArgumentException("expected what is an order, found " + unit.goal());
    };
  }

  /// How far the agent says that it has come. Of a unit that is on every machine a server of an
  /// earlier fleet does not tell, and nobody waited for those: what it should be then counts.
  private static String current(Awaited unit, ExplanationResource seen, State state) {
    if (!unit.everywhere()) {
      return seen.currentState();
    }
    return state.currentState().isEmpty() ? unit.goal().desiredState() : state.currentState();
  }

  private static Verdict failedOr(Verdict other, State state) {
    return state.problem().isEmpty() ? other : seemsFailed(problemAndResult(state), state);
  }

  /// What systemd says of a unit whose start has been carried out (org.freedesktop.systemd1(5),
  /// *ActiveState*).
  private static Verdict launched(State state) {
    return switch (state.systemdActiveState()) {
      case "active" -> new Unconfirmed(new Reached("launched", state.machineId()));
      case "inactive" ->
          endedWell(state.result())
              ? new Unconfirmed(new Reached("launched", state.machineId()))
              : seemsFailed(ended(state), state);
      case "failed" -> seemsFailed(ended(state), state);
      default ->
          // systemd waits to start it once more: it has failed, and may go on doing so for ever.
          state.systemdSubState().equals("auto-restart") && !endedWell(state.result())
              ? seemsFailed(ended(state), state)
              : new Pending("to become active" + now(state), state.machineId());
    };
  }

  private static Verdict seemsReached(Awaited unit, State state) {
    return new Unconfirmed(new Reached(unit.goal().desiredState(), state.machineId()));
  }

  private static Verdict seemsFailed(String reason, State state) {
    return new Unconfirmed(new Failed(reason, state.machineId(), true, state.log()));
  }

  /// Whether systemd is about to start or stop it: for instance a start that was called off.
  private static boolean isChanging(State state) {
    return List.of("activating", "deactivating", "reloading").contains(state.systemdActiveState());
  }

  /// Why an order has failed, with systemd's word for how the unit ended.
  static String failure(OutcomeResource outcome) {
    String how =
        ended(
            outcome.after().systemdActiveState(),
            outcome.after().systemdSubState(),
            outcome.after().result());
    String result = outcome.after().result();
    String words = outcome.words();
    if (words.isEmpty()) {
      return how.isEmpty() ? "it has failed" : how;
    }
    if (!endedWell(result) && words.startsWith(result)) {
      return how + words.substring(result.length());
    }
    return endedWell(result) || words.contains(result) ? words : words + ", result " + result;
  }

  /// What keeps the agent from starting it, with systemd's word for how it ended.
  private static String problemAndResult(State state) {
    return endedWell(state.result()) || state.problem().contains(state.result())
        ? state.problem()
        : state.problem() + ", result " + state.result();
  }

  private static boolean endedWell(String result) {
    return result.isEmpty() || result.equals("success");
  }

  private static String ended(State state) {
    return ended(state.systemdActiveState(), state.systemdSubState(), state.result());
  }

  private static String ended(String active, String sub, String result) {
    var text = new StringBuilder(active);
    if (!sub.isEmpty() && !sub.equals(active)) {
      text.append(" (").append(sub).append(')');
    }
    if (!endedWell(result)) {
      text.append(text.isEmpty() ? "result " : ", result ").append(result);
    }
    return text.toString();
  }

  /// How the unit is, to be put behind what it is waited for.
  static String now(State state) {
    return state.systemdActiveState().isEmpty()
        ? ""
        : ", is " + state.systemdActiveState() + "/" + state.systemdSubState();
  }

  /// What its agent has met with, to be put behind that.
  static String problem(State state) {
    return state.problem().isEmpty() ? "" : ": " + state.problem();
  }
}
