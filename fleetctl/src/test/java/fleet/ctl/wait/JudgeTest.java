package fleet.ctl.wait;

import static fleet.ctl.wait.JudgeScene.SETTLED;
import static fleet.ctl.wait.JudgeScene.awaited;
import static fleet.ctl.wait.JudgeScene.judge;
import static fleet.ctl.wait.JudgeScene.judgeEverywhere;
import static fleet.ctl.wait.JudgeScene.judgeOn;
import static fleet.ctl.wait.JudgeScene.outcome;
import static fleet.ctl.wait.JudgeScene.placed;
import static fleet.ctl.wait.JudgeScene.seen;
import static fleet.ctl.wait.JudgeScene.state;
import static fleet.ctl.wait.JudgeScene.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.api.ExplanationResource.Assigned;
import fleet.api.ExplanationResource.State;
import fleet.api.RunResource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What one answer of the API says of an order, which is the third of its unit. What agents of an
/// earlier fleet say is in [ReportedStateTest].
class JudgeTest {

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
}
