package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.Order.Kind;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import org.junit.jupiter.api.Test;

/// What becomes of orders to start, to stop and to load, in virtual time.
final class AgentOrdersTest extends OrdersScene {

  private static final String LOOPING =
      "[Service]\nExecStart=/bin/false\nRestart=always\nRestartSec=100ms\n";
  private static final String TIMER = "[Timer]\nOnActiveSec=1h\n";

  @Test
  void startIsDoneWhenTheUnitRuns() {
    within(
        () -> {
          startAgent();

          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);

          assertEquals("start#1 done", outcomes("web.service"));
          Outcome outcome = last("web.service");
          assertEquals("inactive", outcome.before().active());
          assertEquals("active running", outcome.after().active() + " " + outcome.after().sub());
          assertEquals(
              systemd.peek(unit("web.service")).run().invocation(), outcome.after().invocation());
        });
  }

  @Test
  void startOfWhatRunsIsDoneAlready() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          asked();

          order("web.service", SERVICE, Kind.START, 2, 1);
          pass(2_000);

          assertEquals("start#1 done; start#2 already", outcomes("web.service"));
          assertEquals("", asked());
        });
  }

  @Test
  void startStartsWhatSomethingElseHasStopped() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          systemd.stopsByItself(unit("web.service"));
          pass(2_000);
          assertEquals("[]", running());

          order("web.service", SERVICE, Kind.START, 2, 1);
          pass(2_000);

          assertEquals("start#1 done; start#2 done", outcomes("web.service"));
          assertEquals("[web.service]", running());
        });
  }

  @Test
  void oneshotRunsOnceForEachOrderAlsoIfItsAgentIsKilled() {
    within(
        () -> {
          startAgent();
          order("job.service", ONESHOT, Kind.START, 1, 1);
          pass(2_000);
          order("job.service", ONESHOT, Kind.START, 2, 1);
          pass(2_000);
          killAgent();
          startAgent();
          pass(20_000);

          assertEquals("start#1 done; start#2 done", outcomes("job.service"));
          assertEquals(2, count("start job.service"));
        });
  }

  @Test
  void startOfWhatRunsAndFailsHasFailedAndIsNotRepeated() {
    within(
        () -> {
          startAgent();

          order("job.service", FAILING, Kind.START, 1, 1);
          pass(60_000);

          assertEquals("start#1 failed: exit-code, exit code 1", outcomes("job.service"));
          assertEquals(1, count("start job.service"));
        });
  }

  @Test
  void serviceThatDiesAtOnceHasFailedThoughItsJobIsDone() {
    within(
        () -> {
          startAgent();

          order("dies.service", "[Service]\nExecStart=/bin/false\n", Kind.START, 1, 1);
          order("loops.service", LOOPING, Kind.START, 1, 1);
          pass(2_000);

          assertEquals("start#1 failed: exit-code, exit code 1", outcomes("dies.service"));
          assertEquals(Result.FAILED, last("loops.service").result());
          assertTrue(last("loops.service").words().endsWith("exit code 1"));
        });
  }

  @Test
  void timerStartsAsSoonAsItsServiceIsThere() {
    within(
        () -> {
          startAgent();
          order("t.timer", TIMER, Kind.START, 1, 1);
          pass(8_500);

          assertEquals(
              "start#1 not-started: Refusing to start, unit t.service to trigger not loaded.",
              outcomes("t.timer"));
          assertEquals("loaded", state("t.timer").reached().text());
          assertTrue(problem("t.timer").contains("Refusing to start"), problem("t.timer"));

          order("t.service", ONESHOT, Kind.LOAD, 1, 1);
          pass(500);

          assertEquals("start#1 done", outcomes("t.timer"));
          assertEquals("", problem("t.timer"));
        });
  }

  @Test
  void timerAndServiceThatComeTogetherStartAtTheFirstAttempt() {
    within(
        () -> {
          startAgent();
          pass(2_000);
          decide(
              assignment("t.timer", TIMER, Kind.START, 1, 1),
              assignment("t.service", SERVICE, Kind.START, 1, 1));
          pass(2_000);

          assertEquals("start#1 done", outcomes("t.timer"));
          assertEquals("start#1 done", outcomes("t.service"));
          assertEquals(1, count("start t.timer"));
        });
  }

  @Test
  void whatCannotBeLoadedIsNotStartedInSystemdsWords() {
    within(
        () -> {
          startAgent();
          order("broken.service", BROKEN, Kind.START, 1, 1);
          pass(3_000);

          assertEquals(
              "start#1 not-started: Unit broken.service has a bad unit file setting.",
              outcomes("broken.service"));
        });
  }

  @Test
  void stopStopsWhatFleetHasLaunchedAndLeavesItLoaded() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);

          order("web.service", SERVICE, Kind.STOP, 2, 1);
          pass(2_000);

          assertEquals("start#1 done; stop#2 done", outcomes("web.service"));
          assertEquals("web.service loaded inactive", states());
        });
  }

  @Test
  void stopStopsWhatSomethingElseHasStarted() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.LOAD, 1, 1);
          pass(2_000);
          systemd.startsByItself(unit("web.service"));
          pass(2_000);
          assertEquals("[web.service]", running());

          order("web.service", SERVICE, Kind.STOP, 2, 1);
          pass(2_000);

          assertEquals("load#1 done; stop#2 done", outcomes("web.service"));
          assertEquals("[]", running());
          systemd.startsByItself(unit("web.service"));
          pass(2_000);
          assertEquals("[web.service]", running());
        });
  }

  @Test
  void stopOfWhatRestsIsDoneAlready() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.LOAD, 1, 1);
          pass(2_000);
          order("web.service", SERVICE, Kind.STOP, 2, 1);
          pass(2_000);

          assertEquals("load#1 done; stop#2 already", outcomes("web.service"));
        });
  }

  @Test
  void loadLeavesWhatSomethingElseHasStarted() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.LOAD, 1, 1);
          pass(2_000);
          systemd.startsByItself(unit("web.service"));
          pass(1_000);
          order("web.service", SERVICE, Kind.LOAD, 2, 1);
          pass(2_000);

          assertEquals("load#1 done; load#2 already", outcomes("web.service"));
          assertEquals("[web.service]", running());
        });
  }

  @Test
  void stopOfWhatSomethingElseStartsAgainHasFailed() {
    within(
        () -> {
          startAgent();
          order("web.service", SERVICE, Kind.START, 1, 1);
          pass(2_000);
          systemd.startsAgain(unit("web.service"));

          order("web.service", SERVICE, Kind.STOP, 2, 1);
          pass(3_000);

          assertEquals("start#1 done; stop#2 failed: it is active again", outcomes("web.service"));
        });
  }

  @Test
  void unitThatIsRestartedAgainAndAgainIsInACrashLoop() {
    within(
        () -> {
          startAgent();
          order("loops.service", LOOPING, Kind.START, 1, 1);
          pass(5_000);

          assertTrue(state("loops.service").invocation().crashLooping());
          assertTrue(state("loops.service").invocation().restarts() >= 3);
          assertEquals("exit code 1", state("loops.service").invocation().exit());
        });
  }

  @Test
  void nameThatTheMachineHasForItselfIsAnOutcomeToo() {
    within(
        () -> {
          systemd.ownUnits().put("/etc/systemd/system/mine.service", unit("mine.service"), SERVICE);
          startAgent();
          order("mine.service", OTHER, Kind.START, 1, 1);
          pass(3_000);

          assertEquals(
              "start#1 not-started: this machine has a mine.service of its own:"
                  + " /etc/systemd/system/mine.service",
              outcomes("mine.service"));
        });
  }
}
