package fleet.ctl.wait;

import static fleet.ctl.wait.JudgeScene.SETTLED;
import static fleet.ctl.wait.JudgeScene.awaited;
import static fleet.ctl.wait.JudgeScene.judge;
import static fleet.ctl.wait.JudgeScene.judgeAfter;
import static fleet.ctl.wait.JudgeScene.judgeGoing;
import static fleet.ctl.wait.JudgeScene.placed;
import static fleet.ctl.wait.JudgeScene.problem;
import static fleet.ctl.wait.JudgeScene.seen;
import static fleet.ctl.wait.JudgeScene.state;
import static fleet.ctl.wait.JudgeScene.text;
import static fleet.ctl.wait.JudgeScene.unplaced;
import static fleet.ctl.wait.JudgeScene.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.api.ExplanationResource;
import fleet.api.ExplanationResource.Veto;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What one answer of the API says of a unit that is on its way to a machine, that no machine can
/// take, or that is to go.
class JudgeMovesTest {

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
}
