package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.TargetState;
import fleet.cluster.UnitState.Trial;
import org.junit.jupiter.api.Test;

/// A unit that says `FailureLimit=` is tried again and again where it is, ever less often, and
/// tells how often it has failed.
class AgentFailureLimitTest extends AgentScene {

  private static final String LIMIT = "\n[X-Fleet]\nFailureLimit=3\n";

  private long starts() {
    return systemd.history().stream().filter("start web.service"::equals).count();
  }

  @Test
  void unitThatFailsIsStartedAgainLessAndLessOften() {
    within(
        () -> {
          startAgent();
          launch("web.service", FAILING + LIMIT);
          pass(300_000);

          // After 1, 2, 4, … 128 s, give or take a quarter.
          assertTrue(starts() >= 8 && starts() <= 10, () -> starts() + " starts");
          assertEquals(new Trial((int) starts(), false), state("web.service").trial());
          assertEquals("web.service launched failed", states());
          assertTrue(
              problem("web.service")
                  .matches("it has failed, \\d+ times in a row here; it is started again at .*Z"),
              problem("web.service"));
        });
  }

  @Test
  void unitThatCannotStartAtAllHasFailedToo() {
    within(
        () -> {
          startAgent();
          launch("web.service", BROKEN + LIMIT);
          pass(10_000);

          assertTrue(state("web.service").trial().failures() >= 3, state("web.service").toString());
        });
  }

  @Test
  void serviceThatFailsAfterItsStartIsStartedAgain() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE + LIMIT);
          pass(2_000);

          systemd.fail(unit("web.service"));
          pass(300);
          assertEquals("web.service launched failed", states());
          pass(2_000);

          assertEquals("web.service launched active", states());
          assertEquals(new Trial(1, false), state("web.service").trial());
          assertEquals("", problem("web.service"));
        });
  }

  @Test
  void pausesEndAtFiveMinutes() {
    within(
        () -> {
          startAgent();
          launch("web.service", FAILING + LIMIT);
          pass(600_000);
          long before = starts();

          pass(1_100_000);

          assertTrue(starts() - before >= 2 && starts() - before <= 5, () -> starts() + " starts");
        });
  }

  @Test
  void whatIsNewOrRestartedIsTriedAtOnceAndBeginsAnew() {
    within(
        () -> {
          startAgent();
          launch("web.service", FAILING + LIMIT);
          pass(60_000);
          long before = starts();

          assign("web.service", FAILING + LIMIT, TargetState.LAUNCHED, 2);
          pass(300);
          assertEquals(before + 1, starts());
          assertEquals(new Trial(1, false), state("web.service").trial());

          pass(60_000);
          launch("web.service", SERVICE + LIMIT);
          pass(300);
          assertEquals(Trial.OPEN, state("web.service").trial());
          assertEquals("web.service launched active", states());
        });
  }

  @Test
  void unitThatIsUpForLongHasProvenItself() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE + LIMIT);
          pass(2_000);
          systemd.fail(unit("web.service"));
          pass(240_000);
          assertEquals(new Trial(1, false), state("web.service").trial());

          pass(180_000);

          assertEquals(new Trial(0, true), state("web.service").trial());
        });
  }

  @Test
  void unitThatEndsWellHasProvenItselfAndIsNotStartedAgain() {
    within(
        () -> {
          startAgent();
          launch("web.service", ONESHOT + LIMIT);
          pass(10_000);

          assertEquals(new Trial(0, true), state("web.service").trial());
          assertEquals(1, starts());
        });
  }

  @Test
  void unitThatIsTakenAwayGoesAtOnceHoweverLongItsPause() {
    within(
        () -> {
          startAgent();
          launch("web.service", FAILING + LIMIT);
          pass(200_000);

          unassign("web.service");
          pass(300);

          assertEquals("", states());
        });
  }

  @Test
  void withoutTheStoreItIsTriedOn() {
    within(
        () -> {
          startAgent();
          launch("web.service", FAILING + LIMIT);
          pass(2_000);
          cable.pull();
          long before = starts();

          pass(60_000);

          assertTrue(starts() - before >= 3, () -> starts() + " starts");
        });
  }
}
