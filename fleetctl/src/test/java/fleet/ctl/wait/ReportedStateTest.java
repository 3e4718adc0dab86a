package fleet.ctl.wait;

import static fleet.ctl.wait.JudgeScene.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.api.ExplanationResource;
import fleet.api.ExplanationResource.Assigned;
import fleet.api.ExplanationResource.State;
import fleet.api.GivenOrderResource;
import fleet.api.RunResource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the reported state of a unit means whose agent says nothing of orders.
class ReportedStateTest {

  /// What systemd says of a unit whose start has been carried out, and what it means to `start`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "active       | running      | success    | unconfirmed reached",
        "active       | exited       | success    | unconfirmed reached",
        "active       | listening    | ''         | unconfirmed reached",
        "inactive     | dead         | success    | unconfirmed reached",
        "inactive     | dead         | ''         | unconfirmed reached",
        "inactive     | dead         | exec-condition | unconfirmed failed: inactive (dead), result"
            + " exec-condition",
        "failed       | failed       | exit-code  | unconfirmed failed: failed, result exit-code",
        "failed       | failed       | ''         | unconfirmed failed: failed",
        "activating   | start-pre    | success    | pending: to become active, is"
            + " activating/start-pre on m1",
        "activating   | auto-restart | success    | pending: to become active, is"
            + " activating/auto-restart on m1",
        "activating   | auto-restart | exit-code  | unconfirmed failed: activating (auto-restart),"
            + " result exit-code",
        "reloading    | reload       | success    | pending: to become active, is"
            + " reloading/reload on m1",
        "deactivating | stop-sigterm | success    | pending: to become active, is"
            + " deactivating/stop-sigterm on m1",
        "''           | ''           | ''         | pending: to become active on m1"
      })
  void launchedUnitIsWhatSystemdSays(String active, String sub, String result, String expected) {
    var state =
        new State(
            "m1",
            "",
            "",
            "loaded",
            active,
            sub,
            result,
            "",
            0,
            List.of(),
            List.of(),
            RunResource.NONE);

    assertEquals(expected, judge(Goal.LAUNCHED, "launched", state));
  }

  @Test
  void unitOnItsWayIsPendingUntilSomethingKeepsItFromThat() {
    var resting = state("inactive", "dead", "", 0);
    var stuck = state("failed", "failed", "start failed: timeout", 0);

    assertEquals(
        "pending: to be started, is inactive/dead on m1", judge(Goal.LAUNCHED, "loaded", resting));
    assertEquals(
        "unconfirmed failed: start failed: timeout", judge(Goal.LAUNCHED, "loaded", stuck));
    assertEquals(
        "pending: to be loaded, is inactive/dead on m1", judge(Goal.LOADED, "inactive", resting));
    assertEquals(
        "unconfirmed failed: start failed: timeout", judge(Goal.LOADED, "inactive", stuck));
  }

  @Test
  void loadedAndStoppedUnitsAreAsFarAsTheirAgentSaysOnceNothingChanges() {
    for (Goal goal : List.of(Goal.LOADED, Goal.STOPPED)) {
      assertEquals("unconfirmed reached", judge(goal, "loaded", state("inactive", "dead", "", 0)));
      assertEquals(
          "pending: to be " + goal.done() + ", is activating/start-pre on m1",
          judge(goal, "loaded", state("activating", "start-pre", "", 0)));
      assertEquals(
          "pending: to be " + goal.done() + ", is active/running on m1",
          judge(goal, "launched", state("active", "running", "", 0)));
    }
  }

  @Test
  void problemOfAUnitThatIsToStopIsThatOfItsStart() {
    assertEquals(
        "pending: to be stopped, is failed/failed: its start failed on m1",
        judge(Goal.STOPPED, "launched", state("failed", "failed", "its start failed", 0)));
  }

  /// What a machine says of a unit that it was asked to restart, as the second time.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "1 | active       | running | ''        | pending: to be restarted, is active/running on"
            + " m1",
        "0 | deactivating | stop    | ''        | pending: to be restarted, is deactivating/stop"
            + " on m1",
        "1 | failed       | failed  | old story | pending: to be restarted, is failed/failed: old"
            + " story on m1",
        "2 | active       | running | ''        | unconfirmed reached",
        "3 | active       | running | ''        | unconfirmed reached",
        "2 | inactive     | dead    | ''        | unconfirmed reached",
        "2 | failed       | failed  | ''        | unconfirmed failed: failed",
        "2 | failed       | failed  | old story | unconfirmed failed: old story",
        "2 | activating   | start   | ''        | pending: to become active, is activating/start"
            + " on m1"
      })
  void restartedUnitIsWhatItsMachineSaysOnceItHasCarriedThatOut(
      long generation, String active, String sub, String problem, String expected) {
    assertEquals(
        expected, judge(Goal.RESTARTED, "launched", state(active, sub, problem, generation)));
  }

  /// What each machine says of a unit that is to be on all of them; an agent that is at its start
  /// for a long time says no more than that.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "launched | active     | running | ''       | unconfirmed reached",
        "launched | inactive   | dead    | ''       | unconfirmed reached",
        "launched | failed     | failed  | ''       | unconfirmed several: failed",
        "launched | activating | start   | ''       | pending: to become active, is"
            + " activating/start on m1",
        "loaded   | activating | start   | ''       | pending: to be started, is activating/start"
            + " on m1",
        "loaded   | inactive   | dead    | ''       | pending: to be started, is inactive/dead on"
            + " m1",
        "loaded   | inactive   | dead    | no space | unconfirmed several: no space"
      })
  void globalUnitIsAsFarAsEachMachineSays(
      String current, String active, String sub, String problem, String expected) {
    assertEquals(expected, judgeEverywhere(Goal.LAUNCHED, state(current, active, sub, problem, 0)));
  }

  @Test
  void globalUnitIsStoppedOnceEachMachineHasDoneSo() {
    assertEquals(
        "pending: to be stopped, is active/running on m1",
        judgeEverywhere(Goal.STOPPED, state("launched", "active", "running", "", 0)));
    assertEquals(
        "pending: to be stopped, is deactivating/stop on m1",
        judgeEverywhere(Goal.STOPPED, state("loaded", "deactivating", "stop", "", 0)));
    assertEquals(
        "unconfirmed reached",
        judgeEverywhere(Goal.STOPPED, state("loaded", "inactive", "dead", "", 0)));
  }

  @Test
  void nobodyKnowsMoreOfAGlobalUnitFromAnEarlierServerThanWhetherSomethingIsWrong() {
    assertEquals(
        "unconfirmed reached", judgeEverywhere(Goal.LAUNCHED, state("inactive", "dead", "", 0)));
    assertEquals(
        "unconfirmed several: no space",
        judgeEverywhere(Goal.LAUNCHED, state("inactive", "dead", "no space", 0)));
  }

  private static String judge(Goal goal, String current, State state) {
    var unit =
        Awaited.ordered("web.service", goal, new GivenOrderResource("one", 1, 2, List.of()), false);
    return text(verdict(unit, current, "m1", state));
  }

  private static String judgeEverywhere(Goal goal, State state) {
    var order = new GivenOrderResource("one", 1, 0, List.of());
    var unit = Awaited.ordered("web.service", goal, order, true);
    return text(verdict(unit, "", "", state));
  }

  private static Verdict verdict(Awaited unit, String current, String machine, State state) {
    var seen =
        Optional.of(
            new ExplanationResource(
                "web.service",
                unit.goal().desiredState(),
                current,
                machine,
                "",
                List.of(new Assigned("m1", 1)),
                List.of(),
                List.of(state)));
    return Judge.judge(unit, seen, seen, true);
  }

  private static State state(String active, String sub, String problem, long generation) {
    return state("", active, sub, problem, generation);
  }

  private static State state(
      String current, String active, String sub, String problem, long generation) {
    return new State(
        "m1",
        "",
        current,
        "loaded",
        active,
        sub,
        "",
        problem,
        generation,
        List.of(),
        List.of(),
        RunResource.NONE);
  }
}
