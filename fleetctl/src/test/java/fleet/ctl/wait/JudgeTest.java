package fleet.ctl.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What one answer of the API says of an order, which is the third of its unit, and of units that
/// are to go. What agents of an earlier fleet say is in [ReportedStateTest].
class JudgeTest {

  private static final boolean SETTLED = true;
  private static final GivenOrderResource THIRD = new GivenOrderResource("three", 3, 0, List.of());

  /// A unit that looks well, and what its machine says of the order.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "done        | ''        | reached",
        "already     | ''        | reached",
        "not-started | ''        | failed: not started",
        "not-started | no socket | failed: not started: no socket",
        "failed      | ''        | failed: failed, result exit-code",
        "failed      | no port   | failed: no port, result exit-code",
        "failed      | exit-code | failed: failed, result exit-code",
        "failed      | exit-code, exit code 3 | failed: failed, result exit-code, exit code 3",
        "refused     | masked    | failed: refused, it is left as it was: masked",
        "superseded  | ''        | failed: superseded by a later order",
        "uncertain   | ''        | failed: its agent ended meanwhile, so that the outcome is"
            + " uncertain",
        "postponed   | ''        | failed: its outcome has a word of a later fleet: postponed"
      })
  void orderIsWhatItsMachineSaysBecameOfIt(String result, String words, String expected) {
    var seen = placed("launched", state("m1", "active", outcome(3, result, words)));

    assertEquals(expected, judge(Goal.LAUNCHED, seen));
  }

  @ParameterizedTest
  @EnumSource(names = {"LAUNCHED", "RESTARTED", "LOADED", "STOPPED"})
  void whatBecameOfAnEarlierOrderIsNoAnswer(Goal goal) {
    var seen = placed(goal.desiredState(), state("m1", "active", outcome(2, "done", "")));

    assertEquals("pending: to be " + goal.done() + ", is active/running on m1", judge(goal, seen));
  }

  @Test
  void problemOfTheMachineIsToldToWhoWaits() {
    var state =
        new State(
            "m1",
            "",
            "",
            "loaded",
            "inactive",
            "dead",
            "",
            "no space",
            0,
            List.of(),
            List.of(outcome(2, "done", "")),
            RunResource.NONE);

    assertEquals(
        "pending: to be started, is inactive/dead: no space on m1",
        judge(Goal.LAUNCHED, placed("launched", state)));
  }

  @Test
  void machineThatHasDealtWithALaterOrderHasLeftOutThis() {
    var seen = placed("launched", state("m1", "active", outcome(4, "done", "")));

    assertEquals("failed: superseded by a later order, to stop", judge(Goal.LAUNCHED, seen));
  }

  @Test
  void outcomeCountsAlsoIfSomebodyWantsSomethingElseByNow() {
    var done = state("m1", "active", outcome(3, "done", ""));

    assertEquals("reached", judge(Goal.LAUNCHED, placed("loaded", done)));
    assertEquals("reached", judge(Goal.LAUNCHED, seen("", "", "", List.of(), List.of(done))));
  }

  @Test
  void failureCountsWhereTheUnitIsToBeAndSuccessEverywhere() {
    var failed = state("m1", "failed", outcome(3, "failed", ""));
    var done = state("m1", "active", outcome(3, "done", ""));
    var next = state("m2", "inactive", outcome(2, "done", ""));

    assertEquals(
        "pending: to be started, is inactive/dead on m2",
        judge(Goal.LAUNCHED, seen("launched", "m2", "", List.of(), List.of(failed, next))));
    assertEquals(
        "pending: to be placed on a machine",
        judge(Goal.LAUNCHED, seen("launched", "", "", List.of(), List.of(failed))));
    assertEquals(
        "reached",
        judge(Goal.LAUNCHED, seen("launched", "m2", "", List.of(), List.of(done, next))));
  }

  @Test
  void failureOfWhatRanHasTheLastLinesOfTheJournal() {
    List<String> log = List.of("reading /etc/web.conf", "no such file");
    var ran = state("m1", "failed", log, outcome(3, "failed", ""));
    var refused = state("m1", "failed", log, outcome(3, "refused", "masked"));

    assertEquals(
        new Verdict.Failed("failed, result exit-code", "m1", true, log),
        verdict(awaited(Goal.LAUNCHED), placed("launched", ran)));
    assertEquals(
        new Verdict.Failed("refused, it is left as it was: masked", "m1", false, List.of()),
        verdict(awaited(Goal.LAUNCHED), placed("launched", refused)));
  }

  @Test
  void orderForOneMachineIsThatMachinesAffair() {
    var here = state("m1", "active", outcome(2, "done", ""));
    var there = state("m2", "active", outcome(3, "done", ""));
    var assigned = List.of(new Assigned("m4", 3));
    var seen = seen("launched", "", "", assigned, List.of(here, there));

    assertEquals("pending: to be restarted, is active/running on m1", judgeOn("m1", seen));
    assertEquals("reached", judgeOn("m2", seen));
    assertEquals("failed: it is no longer there", judgeOn("m3", seen));
    assertEquals("pending: to arrive on m4", judgeOn("m4", seen));
  }

  @Test
  void globalUnitHasAnOutcomeOnEveryMachineThatIsToHaveIt() {
    var well = state("m1", "active", outcome(3, "already", ""));
    var badly = state("m2", "failed", outcome(3, "failed", "no port"));
    var late = state("m2", "inactive", outcome(2, "done", ""));
    var gone = state("m3", "failed", outcome(3, "failed", "no disk"));
    var both = List.of(new Assigned("m1", 3), new Assigned("m2", 3));

    assertEquals(
        "pending: to arrive on m2",
        judgeEverywhere(seen("launched", "", "", both, List.of(well)), SETTLED));
    assertEquals(
        "pending: to be started, is inactive/dead on m2",
        judgeEverywhere(seen("launched", "", "", both, List.of(well, late)), SETTLED));
    assertEquals(
        "several: no port, result exit-code",
        judgeEverywhere(seen("launched", "", "", both, List.of(well, badly, gone)), SETTLED));
    assertEquals(
        "reached",
        judgeEverywhere(
            seen("launched", "", "", List.of(new Assigned("m1", 3)), List.of(well)), SETTLED));
  }

  @Test
  void globalUnitMayHaveYetToBePlacedOnSomeMachines() {
    var well = state("m1", "active", outcome(3, "done", ""));
    var one = List.of(new Assigned("m1", 3));

    assertEquals(
        "pending: to be placed on every machine",
        judgeEverywhere(seen("launched", "", "", one, List.of(well)), !SETTLED));
    assertEquals(
        "pending: to be placed on a machine",
        judgeEverywhere(seen("launched", "", "", List.of(), List.of()), SETTLED));
    assertEquals(
        "unplaced: no machine can take it",
        judgeEverywhere(
            seen("launched", "", "no machine can take it", List.of(), List.of()), SETTLED));
  }

  @Test
  void unitOnItsWayToItsMachineIsPending() {
    assertEquals(
        "pending: to be placed on a machine", judge(Goal.LAUNCHED, unplaced("launched", "")));
    assertEquals(
        "pending: to arrive on m1",
        judge(Goal.LAUNCHED, seen("launched", "m1", "", List.of(), List.of())));
  }

  @Test
  void unitThatNoMachineCanTakeSaysWhyOnceThatCannotBeOldNews() {
    var seen = unplaced("launched", "no machine can take it");

    assertEquals(
        "pending: to be placed on a machine",
        text(Judge.judge(awaited(Goal.LAUNCHED), Optional.of(seen), Optional.of(seen), !SETTLED)));
    assertEquals(
        new Verdict.Unplaced("no machine can take it", List.of(new Veto("m1", "lacks disk=ssd"))),
        verdict(awaited(Goal.LAUNCHED), seen));
    assertEquals(
        "unplaced: no machine can take it",
        judge(Goal.LOADED, unplaced("loaded", "no machine can take it")));
  }

  @Test
  void unitThatHasYetToStopElsewhereIsWaitedFor() {
    var stopping = state("m1", "deactivating");
    var seen =
        new ExplanationResource(
            "web.service",
            "launched",
            "inactive",
            "",
            "it is still stopping on m1",
            List.of(),
            List.of(),
            List.of(stopping));

    assertEquals(
        "pending: to be placed: it is still stopping on m1 on m1", judge(Goal.LAUNCHED, seen));
  }

  @Test
  void unitWhoseMachineIsGoneAndWhichNoOtherCanTakeIsUnplacedOrStopped() {
    var launched = seen("launched", "m9", "its machine m9 is gone", List.of(), List.of());
    var stopped = seen("loaded", "m9", "its machine m9 is gone", List.of(), List.of());

    assertEquals("unplaced: its machine m9 is gone", judge(Goal.LAUNCHED, launched));
    assertEquals("reached", judge(Goal.STOPPED, stopped));
  }

  @Test
  void unitThatIsOnNoMachineIsStopped() {
    var left = seen("loaded", "", "", List.of(), List.of(state("m1", "deactivating")));

    assertEquals("reached", judge(Goal.STOPPED, unplaced("loaded", "no machine can")));
    assertEquals("pending: to be stopped, is deactivating/stop on m1", judge(Goal.STOPPED, left));
  }

  @Test
  void unloadedUnitIsReachedWhenNoMachineReportsIt() {
    var left = seen("inactive", "", "", List.of(), List.of(state("m1", "active")));

    assertEquals(
        "pending: to be stopped, is active/running on m1",
        judgeGoing(Goal.UNLOADED, placed("inactive", state("m1", "active"))));
    assertEquals(
        "pending: to be stopped, is active/running on m1", judgeGoing(Goal.UNLOADED, left));
    assertEquals(
        "pending: to be unloaded on m1",
        judgeGoing(Goal.UNLOADED, seen("inactive", "m1", "", List.of(), List.of())));
    assertEquals("reached", judgeGoing(Goal.UNLOADED, unplaced("inactive", "")));
  }

  @Test
  void destroyedUnitIsGoneWhenNoMachineReportsIt() {
    assertEquals(
        "pending: to be stopped, is deactivating/stop on m1",
        judgeGoing(Goal.GONE, seen("", "", "", List.of(), List.of(state("m1", "deactivating")))));
    assertEquals(
        new Verdict.Reached("", ""),
        Judge.judge(
            Awaited.going("web.service", Goal.GONE), Optional.empty(), Optional.empty(), SETTLED));
    assertEquals(
        "failed: it was submitted again meanwhile",
        judgeGoing(Goal.GONE, unplaced("inactive", "")));
  }

  @Test
  void unitThatRunsOnFailsToGoIfSomethingNewKeepsItFromThat() {
    var old = problem("loaded", "active", "its file is another's");
    var fresh = problem("loaded", "active", "it refuses to be stopped");

    for (Goal goal : List.of(Goal.GONE, Goal.UNLOADED)) {
      assertEquals("pending: to be stopped, is active/running on m1", judgeAfter(old, goal, old));
      assertEquals("failed: it refuses to be stopped", judgeAfter(old, goal, fresh));
    }
  }

  /// While a unit with a broken file was taken away, its agent found other words for what it is, or
  /// had tried to start it once more.
  @Test
  void unitThatGoesNeedNeitherBeLoadableNorStart() {
    for (Goal goal : List.of(Goal.GONE, Goal.UNLOADED)) {
      assertEquals(
          "pending: to be stopped, is inactive/dead on m1",
          judgeAfter(
              problem("bad-setting", "inactive", "Unit web.service has a bad unit file setting."),
              goal,
              problem("bad-setting", "inactive", "systemd cannot load its file: bad-setting")));
      assertEquals(
          "pending: to be stopped, is failed/failed on m1",
          judgeAfter(
              problem("loaded", "failed", "start failed; next try in 1 s"),
              goal,
              problem("loaded", "failed", "start failed; next try in 2 s")));
    }
  }

  @Test
  void whatTheClusterCannotReadIsNotThere() {
    assertEquals(
        "failed: the record of this unit cannot be read",
        judge(
            Goal.LAUNCHED,
            seen("", "", "the record of this unit cannot be read", List.of(), List.of())));
  }

  @Test
  void somebodyElsesWishEndsTheWait() {
    assertEquals(
        "failed: its desired state was set to inactive meanwhile",
        judge(Goal.LAUNCHED, unplaced("inactive", "")));
    assertEquals(
        Verdict.Failed.nowhere("it was destroyed meanwhile"),
        Judge.judge(awaited(Goal.LAUNCHED), Optional.empty(), Optional.empty(), !SETTLED));
  }

  private static Awaited awaited(Goal goal) {
    return Awaited.ordered("web.service", goal, THIRD, false);
  }

  private static String judge(Goal goal, ExplanationResource seen) {
    return text(verdict(awaited(goal), seen));
  }

  private static String judgeOn(String machine, ExplanationResource seen) {
    return text(verdict(Awaited.orderedOn("web.service", Goal.RESTARTED, THIRD, machine), seen));
  }

  private static String judgeEverywhere(ExplanationResource seen, boolean settled) {
    var unit = Awaited.ordered("web.service", Goal.LAUNCHED, THIRD, true);
    return text(Judge.judge(unit, Optional.of(seen), Optional.of(seen), settled));
  }

  private static String judgeGoing(Goal goal, ExplanationResource seen) {
    return text(verdict(Awaited.going("web.service", goal), seen));
  }

  private static String judgeAfter(State before, Goal goal, State now) {
    return text(
        Judge.judge(
            Awaited.going("web.service", goal),
            Optional.of(placed(goal.desiredState(), before)),
            Optional.of(placed(goal.desiredState(), now)),
            SETTLED));
  }

  private static Verdict verdict(Awaited unit, ExplanationResource seen) {
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

  private static OutcomeResource outcome(long number, String result, String words) {
    return new OutcomeResource(
        number,
        "id-" + number,
        number > 3 ? "stop" : "start",
        result,
        words,
        Seen.NOTHING,
        result.equals("failed") ? new Seen("failed", "failed", "exit-code", "") : Seen.NOTHING);
  }

  private static State state(String machine, String active, OutcomeResource... outcomes) {
    return state(machine, active, List.of(), outcomes);
  }

  private static State state(
      String machine, String active, List<String> log, OutcomeResource... outcomes) {
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

  private static State problem(String load, String active, String problem) {
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

  private static String sub(String active) {
    return switch (active) {
      case "active" -> "running";
      case "inactive" -> "dead";
      case "deactivating" -> "stop";
      default -> active;
    };
  }

  private static ExplanationResource placed(String desired, State state) {
    return seen(desired, "m1", "", List.of(), List.of(state));
  }

  private static ExplanationResource unplaced(String desired, String summary) {
    return seen(desired, "", summary, List.of(), List.of());
  }

  private static ExplanationResource seen(
      String desired, String machine, String summary, List<Assigned> assigned, List<State> states) {
    List<Veto> vetoes = summary.isEmpty() ? List.of() : List.of(new Veto("m1", "lacks disk=ssd"));
    return new ExplanationResource(
        "web.service", desired, "inactive", machine, summary, assigned, vetoes, states);
  }
}
