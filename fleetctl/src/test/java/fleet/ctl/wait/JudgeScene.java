package fleet.ctl.wait;

import fleet.api.ExplanationResource;
import fleet.api.ExplanationResource.Assigned;
import fleet.api.ExplanationResource.State;
import fleet.api.ExplanationResource.Veto;
import fleet.api.GivenOrderResource;
import fleet.api.OutcomeResource;
import fleet.api.OutcomeResource.Seen;
import fleet.api.RunResource;
import java.util.List;
import java.util.Optional;

/// Answers of the API to judge, about a unit whose third order is waited for.
final class JudgeScene {

  static final boolean SETTLED = true;
  static final GivenOrderResource THIRD = new GivenOrderResource("three", 3, 0, List.of());

  private JudgeScene() {}

  static Awaited awaited(Goal goal) {
    return Awaited.ordered("web.service", goal, THIRD, false);
  }

  static String judge(Goal goal, ExplanationResource seen) {
    return text(verdict(awaited(goal), seen));
  }

  static String judgeOn(String machine, ExplanationResource seen) {
    return text(verdict(Awaited.orderedOn("web.service", Goal.RESTARTED, THIRD, machine), seen));
  }

  static String judgeEverywhere(ExplanationResource seen, boolean settled) {
    var unit = Awaited.ordered("web.service", Goal.LAUNCHED, THIRD, true);
    return text(Judge.judge(unit, Optional.of(seen), Optional.of(seen), settled));
  }

  static String judgeGoing(Goal goal, ExplanationResource seen) {
    return text(verdict(Awaited.going("web.service", goal), seen));
  }

  static String judgeAfter(State before, Goal goal, State now) {
    return text(
        Judge.judge(
            Awaited.going("web.service", goal),
            Optional.of(placed(goal.desiredState(), before)),
            Optional.of(placed(goal.desiredState(), now)),
            SETTLED));
  }

  static Verdict verdict(Awaited unit, ExplanationResource seen) {
    return Judge.judge(unit, Optional.of(seen), Optional.of(seen), SETTLED);
  }

  /// A verdict in short.
  static String text(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Reached _ -> "reached";
      case Verdict.Pending(var missing, var machine) ->
          "pending: " + missing + (machine.isEmpty() ? "" : " on " + machine);
      case Verdict.Unplaced(var summary, _) -> "unplaced: " + summary;
      case Verdict.Failed(var reason, _, _, _) -> "failed: " + reason;
      case Verdict.Several(var failures) ->
          "several: " + String.join("; ", failures.stream().map(Verdict.Failed::reason).toList());
      case Verdict.Unconfirmed(var likely) -> "unconfirmed " + text(likely);
    };
  }

  static OutcomeResource outcome(long number, String result, String words) {
    return new OutcomeResource(
        number,
        "id-" + number,
        number > 3 ? "stop" : "start",
        result,
        words,
        Seen.NOTHING,
        result.equals("failed") ? new Seen("failed", "failed", "exit-code", "") : Seen.NOTHING);
  }

  static State state(String machine, String active, OutcomeResource... outcomes) {
    return state(machine, active, List.of(), outcomes);
  }

  static State state(String machine, String active, List<String> log, OutcomeResource... outcomes) {
    return new State(
        machine,
        "",
        "",
        "loaded",
        active,
        sub(active),
        "",
        "",
        0,
        log,
        List.of(outcomes),
        RunResource.NONE);
  }

  static State problem(String load, String active, String problem) {
    return new State(
        "m1",
        "",
        "",
        load,
        active,
        sub(active),
        "",
        problem,
        0,
        List.of(),
        List.of(),
        RunResource.NONE);
  }

  static String sub(String active) {
    return switch (active) {
      case "active" -> "running";
      case "inactive" -> "dead";
      case "deactivating" -> "stop";
      default -> active;
    };
  }

  static ExplanationResource placed(String desired, State state) {
    return seen(desired, "m1", "", List.of(), List.of(state));
  }

  static ExplanationResource unplaced(String desired, String summary) {
    return seen(desired, "", summary, List.of(), List.of());
  }

  static ExplanationResource seen(
      String desired, String machine, String summary, List<Assigned> assigned, List<State> states) {
    List<Veto> vetoes = summary.isEmpty() ? List.of() : List.of(new Veto("m1", "lacks disk=ssd"));
    return new ExplanationResource(
        "web.service", desired, "inactive", machine, summary, assigned, vetoes, states);
  }
}
