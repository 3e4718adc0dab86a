package fleet.ctl.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.api.ExplanationResource;
import fleet.api.ExplanationResource.State;
import fleet.api.ExplanationResource.Veto;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {

  private static final String HASH = "1111111111111111111111111111111111111111";
  private static final String OTHER = "2222222222222222222222222222222222222222";
  private static final boolean SETTLED = true;

  /// What systemd says of a unit whose start has been carried out, and what it means to `start`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "active       | running      | success    | reached",
        "active       | exited       | success    | reached",
        "active       | listening    | ''         | reached",
        "inactive     | dead         | success    | reached",
        "inactive     | dead         | ''         | reached",
        "inactive     | dead         | exec-condition | failed: inactive (dead), result"
            + " exec-condition",
        "failed       | failed       | exit-code  | failed: failed, result exit-code",
        "failed       | failed       | start-limit-hit | failed: failed, result start-limit-hit",
        "failed       | failed       | ''         | failed: failed",
        "activating   | start-pre    | success    | pending: to become active, is"
            + " activating/start-pre",
        "activating   | auto-restart | success    | pending: to become active, is"
            + " activating/auto-restart",
        "activating   | auto-restart | exit-code  | failed: activating (auto-restart), result"
            + " exit-code",
        "reloading    | reload       | success    | pending: to become active, is reloading/reload",
        "deactivating | stop-sigterm | success    | pending: to become active, is"
            + " deactivating/stop-sigterm",
        "''           | ''           | ''         | pending: to become active"
      })
  void aLaunchedUnitIsWhatSystemdSays(String active, String sub, String result, String expected) {
    var seen = placed("launched", "launched", state(HASH, active, sub, result, ""));

    assertEquals(expected, judge(Goal.LAUNCHED, seen, !SETTLED));
  }

  @Test
  void aUnitOnItsWayToItsStartIsPending() {
    var unplaced = unplaced("launched", "");
    var unreported = seen("launched", "inactive", "m1", "", List.of());
    var linked = placed("launched", "loaded", state(HASH, "inactive", "dead", "success", ""));
    var failedBefore = placed("launched", "loaded", state(HASH, "failed", "failed", "timeout", ""));

    assertEquals("pending: to be placed on a machine", judge(Goal.LAUNCHED, unplaced, SETTLED));
    assertEquals("pending: to arrive", judge(Goal.LAUNCHED, unreported, SETTLED));
    assertEquals("pending: to be started, is inactive/dead", judge(Goal.LAUNCHED, linked, SETTLED));
    assertEquals(
        "pending: to be started, is failed/failed", judge(Goal.LAUNCHED, failedBefore, SETTLED));
  }

  @Test
  void whatTheMachineSaysOfAnOlderFileIsNoAnswer() {
    var running = placed("launched", "launched", state(OTHER, "active", "running", "success", ""));
    var failed = placed("launched", "launched", state(OTHER, "failed", "failed", "timeout", ""));
    var stuck = placed("launched", "launched", state("", "failed", "failed", "", "cannot write"));

    assertEquals(
        "pending: its new file to arrive, is active/running",
        judge(Goal.LAUNCHED, running, SETTLED));
    assertEquals(
        "pending: its new file to arrive, is failed/failed", judge(Goal.LAUNCHED, failed, SETTLED));
    assertEquals(
        "pending: its new file to arrive, is failed/failed", judge(Goal.LAUNCHED, stuck, !SETTLED));
    assertEquals("failed: cannot write", judge(Goal.LAUNCHED, stuck, SETTLED));
  }

  @Test
  void aProblemOfTheAgentFailsAStartAtOnce() {
    var seen =
        placed("launched", "loaded", state(HASH, "failed", "failed", "", "start failed: timeout"));

    assertEquals("failed: start failed: timeout", judge(Goal.LAUNCHED, seen, !SETTLED));
  }

  @Test
  void aProblemFailsALoadOnceItCannotBeThatOfTheRequestBefore() {
    var seen = placed("loaded", "inactive", state(HASH, "inactive", "dead", "", "bad setting"));

    assertEquals("pending: to be loaded, is inactive/dead", judge(Goal.LOADED, seen, !SETTLED));
    assertEquals("failed: bad setting", judge(Goal.LOADED, seen, SETTLED));
  }

  @Test
  void aProblemFailsAStopIfItWasNotThereWhenTheWaitBegan() {
    var old = state(HASH, "failed", "failed", "", "its start failed");
    var fresh = state(HASH, "failed", "failed", "", "its stop failed");

    assertEquals(
        "pending: to be stopped, is failed/failed",
        judgeAfter(old, Goal.STOPPED, placed("loaded", "launched", old)));
    assertEquals(
        "failed: its stop failed",
        judgeAfter(old, Goal.STOPPED, placed("loaded", "launched", fresh)));
  }

  @Test
  void aUnitThatRunsOnFailsToGoIfSomethingNewKeepsItFromThat() {
    var old = state(HASH, "active", "running", "", "its file is another's");
    var fresh = state(HASH, "active", "running", "", "it refuses to be stopped");

    for (Goal goal : List.of(Goal.GONE, Goal.UNLOADED)) {
      assertEquals(
          "pending: to be stopped, is active/running",
          judgeAfter(old, goal, placed(goal.desiredState(), "", old)));
      assertEquals(
          "failed: it refuses to be stopped",
          judgeAfter(old, goal, placed(goal.desiredState(), "", fresh)));
    }
  }

  /// While a unit with a broken file was taken away, its agent found other words for what it is, or
  /// had tried to start it once more.
  @Test
  void aUnitThatGoesNeedNeitherBeLoadableNorStart() {
    for (Goal goal : List.of(Goal.GONE, Goal.UNLOADED)) {
      assertEquals(
          "pending: to be stopped, is inactive/dead",
          judgeAfter(
              broken("Unit web.service has a bad unit file setting."),
              goal,
              placed(
                  goal.desiredState(), "", broken("systemd cannot load its file: bad-setting"))));
      assertEquals(
          "pending: to be stopped, is failed/failed",
          judgeAfter(
              state(HASH, "failed", "failed", "", "start failed; next try in 1 s"),
              goal,
              placed(
                  goal.desiredState(),
                  "",
                  state(HASH, "failed", "failed", "", "start failed; next try in 2 s"))));
    }
  }

  private static State broken(String problem) {
    return new State("m1", HASH, "bad-setting", "inactive", "dead", "", problem, 0, List.of());
  }

  @Test
  void aUnitThatNoMachineCanTakeSaysWhyOnceThatCannotBeOldNews() {
    var seen = unplaced("launched", "no machine can take it");

    assertEquals("pending: to be placed on a machine", judge(Goal.LAUNCHED, seen, !SETTLED));
    assertEquals(
        new Verdict.Unplaced("no machine can take it", List.of(new Veto("m1", "lacks disk=ssd"))),
        Judge.judge(awaited(Goal.LAUNCHED), Optional.empty(), Optional.of(seen), SETTLED));
    assertEquals(
        "unplaced: no machine can take it",
        judge(Goal.LOADED, withDesired(seen, "loaded"), SETTLED));
  }

  @Test
  void aUnitThatHasYetToStopElsewhereIsWaitedFor() {
    var stopping = state(HASH, "deactivating", "stop", "success", "");
    var seen =
        new ExplanationResource(
            "web.service",
            "launched",
            "inactive",
            "",
            "it is still stopping on m1",
            List.of(),
            List.of(stopping));

    assertEquals(
        "pending: to be placed: it is still stopping on m1", judge(Goal.LAUNCHED, seen, SETTLED));
  }

  @Test
  void aUnitWhoseMachineIsGoneAndWhichNoOtherCanTakeIsUnplaced() {
    var seen = seen("launched", "inactive", "m9", "its machine m9 is gone", List.of());

    assertEquals("pending: to be placed on a machine", judge(Goal.LAUNCHED, seen, !SETTLED));
    assertEquals("unplaced: its machine m9 is gone", judge(Goal.LAUNCHED, seen, SETTLED));
  }

  @Test
  void aLoadedUnitIsReachedWhenItsMachineHasItsFile() {
    var state = state(HASH, "inactive", "dead", "success", "");
    var older = state(OTHER, "inactive", "dead", "success", "");

    assertEquals("reached", judge(Goal.LOADED, placed("loaded", "loaded", state), !SETTLED));
    assertEquals(
        "pending: its new file to arrive, is inactive/dead",
        judge(Goal.LOADED, placed("loaded", "loaded", older), !SETTLED));
    assertEquals(
        "pending: to be loaded, is inactive/dead",
        judge(Goal.LOADED, placed("loaded", "launched", state), !SETTLED));
  }

  @Test
  void aStoppedUnitIsReachedWhenItHasStopped() {
    var stopping = state(OTHER, "deactivating", "stop-sigterm", "success", "");
    var calledOff = state(OTHER, "activating", "start-pre", "success", "");
    var stopped = state(OTHER, "inactive", "dead", "success", "");

    assertEquals(
        "pending: to be stopped, is deactivating/stop-sigterm",
        judgeAnyFile(Goal.STOPPED, placed("loaded", "loaded", stopping)));
    assertEquals(
        "pending: to be stopped, is activating/start-pre",
        judgeAnyFile(Goal.STOPPED, placed("loaded", "loaded", calledOff)));
    assertEquals("reached", judgeAnyFile(Goal.STOPPED, placed("loaded", "loaded", stopped)));
    assertEquals("reached", judgeAnyFile(Goal.STOPPED, unplaced("loaded", "no machine can")));
    assertEquals(
        "pending: to be stopped, is deactivating/stop-sigterm",
        judgeAnyFile(Goal.STOPPED, seen("loaded", "inactive", "", "", List.of(stopping))));
    assertEquals(
        "reached",
        judgeAnyFile(Goal.STOPPED, seen("loaded", "inactive", "m9", "m9 is gone", List.of())));
  }

  @Test
  void anUnloadedUnitIsReachedWhenNoMachineReportsIt() {
    var state = state(HASH, "active", "running", "success", "");
    var left = seen("inactive", "inactive", "", "", List.of(state));

    assertEquals(
        "pending: to be stopped, is active/running",
        judge(Goal.UNLOADED, placed("inactive", "launched", state), SETTLED));
    assertEquals("pending: to be stopped, is active/running", judge(Goal.UNLOADED, left, SETTLED));
    assertEquals(
        "pending: to be unloaded",
        judge(Goal.UNLOADED, seen("inactive", "inactive", "m1", "", List.of()), SETTLED));
    assertEquals("reached", judge(Goal.UNLOADED, unplaced("inactive", ""), SETTLED));
  }

  @Test
  void aDestroyedUnitIsGoneWhenNoMachineReportsIt() {
    var state = state(HASH, "deactivating", "stop", "success", "");

    assertEquals(
        "pending: to be stopped, is deactivating/stop",
        judge(Goal.GONE, seen("", "", "", "", List.of(state)), SETTLED));
    assertEquals(
        new Verdict.Reached("", ""),
        Judge.judge(awaited(Goal.GONE), Optional.empty(), Optional.empty(), !SETTLED));
    assertEquals(
        "failed: it was submitted again meanwhile",
        judge(Goal.GONE, unplaced("inactive", ""), SETTLED));
  }

  /// What a machine says of a unit that it was asked to restart, as the second time.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "1 | active       | running | ''        | pending: to be restarted, is active/running",
        "0 | deactivating | stop    | ''        | pending: to be restarted, is deactivating/stop",
        "1 | failed       | failed  | old story | pending: to be restarted, is failed/failed",
        "0 | failed       | failed  | no memory | failed: no memory",
        "2 | active       | running | ''        | reached",
        "3 | active       | running | ''        | reached",
        "2 | inactive     | dead    | ''        | reached",
        "2 | failed       | failed  | ''        | failed: failed",
        "2 | failed       | failed  | old story | failed: old story",
        "2 | activating   | start   | ''        | pending: to become active, is activating/start"
      })
  void aRestartedUnitIsWhatItsMachineSaysOnceItHasCarriedThatOut(
      long generation, String active, String sub, String problem, String expected) {
    var before = restarted("m1", 1, "failed", "failed", "old story");
    var state = restarted("m1", generation, active, sub, problem);
    var first = placed("launched", "launched", before);
    var seen = placed("launched", "launched", state);

    for (String machine : List.of("", "m1")) {
      var unit = new Awaited("web.service", Goal.RESTARTED, "", machine, 2);
      assertEquals(
          expected, text(Judge.judge(unit, Optional.of(first), Optional.of(seen), SETTLED)));
    }
  }

  @Test
  void aRestartOnOneMachineIsThatMachinesAffair() {
    var here = restarted("m1", 1, "active", "running", "");
    var there = restarted("m2", 2, "active", "running", "");
    var seen = seen("launched", "inactive", "", "", List.of(here, there));

    assertEquals(
        new Verdict.Pending("to be restarted, is active/running", "m1"), judgeRestart("m1", seen));
    assertEquals(new Verdict.Reached("launched", "m2"), judgeRestart("m2", seen));
    assertEquals(
        new Verdict.Failed("it is no longer there", "m3", List.of()), judgeRestart("m3", seen));
  }

  @Test
  void aUnitThatMovesWhileItIsRestartedIsFollowed() {
    assertEquals(
        new Verdict.Pending("to arrive", "m2"),
        judgeRestart("", seen("launched", "inactive", "m2", "", List.of())));
    assertEquals(
        new Verdict.Unplaced("no machine can take it", List.of(new Veto("m1", "lacks disk=ssd"))),
        judgeRestart("", unplaced("launched", "no machine can take it")));
  }

  @Test
  void aFailureHasTheLastLinesOfTheJournal() {
    List<String> log = List.of("reading /etc/web.conf", "no such file");
    var state = new State("m1", HASH, "loaded", "failed", "failed", "exit-code", "", 0, log);
    var seen = placed("launched", "launched", state);

    assertEquals(
        new Verdict.Failed("failed, result exit-code", "m1", log),
        Judge.judge(awaited(Goal.LAUNCHED), Optional.of(seen), Optional.of(seen), SETTLED));
  }

  @Test
  void whatTheClusterCannotReadIsNotThere() {
    var unreadable = seen("", "", "", "the record of this unit cannot be read", List.of());

    assertEquals(
        "failed: the record of this unit cannot be read",
        judge(Goal.LAUNCHED, unreadable, !SETTLED));
  }

  @Test
  void somebodyElsesWishEndsTheWait() {
    assertEquals(
        "failed: its desired state was set to inactive meanwhile",
        judge(Goal.LAUNCHED, unplaced("inactive", ""), !SETTLED));
    assertEquals(
        new Verdict.Failed("it was destroyed meanwhile"),
        Judge.judge(awaited(Goal.LAUNCHED), Optional.empty(), Optional.empty(), !SETTLED));
  }

  private static Awaited awaited(Goal goal) {
    return new Awaited("web.service", goal, HASH);
  }

  private static Verdict judgeRestart(String machine, ExplanationResource seen) {
    var unit = new Awaited("web.service", Goal.RESTARTED, "", machine, 2);
    return Judge.judge(unit, Optional.of(seen), Optional.of(seen), SETTLED);
  }

  private static State restarted(
      String machine, long generation, String active, String sub, String problem) {
    return new State(machine, HASH, "loaded", active, sub, "", problem, generation, List.of());
  }

  private static String judge(Goal goal, ExplanationResource seen, boolean settled) {
    return text(Judge.judge(awaited(goal), Optional.of(seen), Optional.of(seen), settled));
  }

  private static String judgeAfter(State before, Goal goal, ExplanationResource seen) {
    var first = placed(seen.desiredState(), seen.currentState(), before);
    return text(Judge.judge(awaited(goal), Optional.of(first), Optional.of(seen), SETTLED));
  }

  private static String judgeAnyFile(Goal goal, ExplanationResource seen) {
    var unit = new Awaited("web.service", goal, "");
    return text(Judge.judge(unit, Optional.of(seen), Optional.of(seen), SETTLED));
  }

  private static String text(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Reached _ -> "reached";
      case Verdict.Pending(var missing, _) -> "pending: " + missing;
      case Verdict.Unplaced(var summary, _) -> "unplaced: " + summary;
      case Verdict.Failed(var reason, _, _) -> "failed: " + reason;
    };
  }

  private static ExplanationResource placed(String desired, String current, State state) {
    return seen(desired, current, "m1", "", List.of(state));
  }

  private static ExplanationResource unplaced(String desired, String summary) {
    return seen(desired, "inactive", "", summary, List.of());
  }

  private static ExplanationResource withDesired(ExplanationResource seen, String desired) {
    return seen(desired, seen.currentState(), seen.machineId(), seen.summary(), seen.states());
  }

  private static ExplanationResource seen(
      String desired, String current, String machine, String summary, List<State> states) {
    List<Veto> vetoes = summary.isEmpty() ? List.of() : List.of(new Veto("m1", "lacks disk=ssd"));
    return new ExplanationResource(
        "web.service", desired, current, machine, summary, vetoes, states);
  }

  private static State state(
      String hash, String active, String sub, String result, String problem) {
    return new State("m1", hash, "loaded", active, sub, result, problem, 0, List.of());
  }
}
