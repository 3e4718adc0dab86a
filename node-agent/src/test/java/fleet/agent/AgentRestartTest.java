package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import org.junit.jupiter.api.Test;

/// What an agent does when users ask that a unit be restarted.
final class AgentRestartTest extends AgentScene {

  @Test
  void restartIsOneJob() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          assign("web.service", SERVICE, TargetState.LAUNCHED, 2);
          pass(500);

          assertEquals("restart web.service", asked());
        });
  }

  @Test
  void restartIsToldOfWhenTheUnitHasStartedAgain() {
    within(
        () -> {
          startAgent();
          launch("web.service", SLOW_STOP);
          pass(2_000);
          assertEquals(1, state("web.service").generation());

          restart("web.service", 2);
          pass(10_000);
          assertEquals("web.service launched deactivating", states());
          assertEquals(0, state("web.service").generation());

          pass(12_000);
          assertEquals("web.service launched active", states());
          assertEquals(2, state("web.service").generation());
        });
  }

  @Test
  void restartsThatAreAskedForInABurstEndInAStartThatIsLaterThanTheLast() {
    within(
        () -> {
          startAgent();
          launch("web.service", SLOW_STOP);
          pass(2_000);
          asked();

          restart("web.service", 2);
          pass(5_000);
          restart("web.service", 3);
          pass(5_000);
          restart("web.service", 4);
          pass(15_000);

          assertEquals(lines("restart web.service", "restart web.service"), asked());
          pass(30_000);
          assertEquals("", asked());
          assertEquals(4, state("web.service").generation());
        });
  }

  @Test
  void restartThatIsAskedForWhileTheUnitStartsIsCarriedOutAfterwards() {
    within(
        () -> {
          startAgent();
          launch("slow.service", SLOW_START);
          pass(5_000);
          asked();

          restart("slow.service", 2);
          pass(10_000);
          assertEquals("", asked());

          pass(6_000);
          assertEquals("restart slow.service", asked());
          pass(20_000);
          assertEquals(2, state("slow.service").generation());
        });
  }

  @Test
  void restartThatIsAskedForWhileTheAgentIsAwayIsCarriedOutOnce() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          killAgent();
          asked();

          restart("web.service", 2);
          restart("web.service", 3);
          pass(60_000);
          startAgent();
          pass(60_000);

          assertEquals("restart web.service", asked());
          assertEquals(3, state("web.service").generation());
        });
  }

  @Test
  void restartIsCarriedOnByTheNextAgent() {
    within(
        () -> {
          startAgent();
          launch("web.service", SLOW_STOP);
          pass(2_000);
          asked();

          restart("web.service", 2);
          pass(5_000);
          killAgent();
          pass(60_000);
          startAgent();
          pass(3_000);

          assertEquals("restart web.service", asked());
          assertEquals(2, state("web.service").generation());
        });
  }

  @Test
  void restartOfAUnitThatHasEndedStartsIt() {
    within(
        () -> {
          startAgent();
          launch("job.service", ONESHOT);
          pass(2_000);
          asked();

          restart("job.service", 2);
          pass(2_000);

          assertEquals("start job.service", asked());
          assertEquals(2, state("job.service").generation());
        });
  }

  @Test
  void unitThatIsOnlyLoadedHasNothingToRestart() {
    within(
        () -> {
          startAgent();
          assign("web.service", SERVICE, TargetState.LOADED, 1);
          pass(2_000);
          asked();

          assign("web.service", SERVICE, TargetState.LOADED, 2);
          pass(2_000);

          assertEquals("", asked());
          assertEquals(2, state("web.service").generation());
        });
  }

  /// Asks for a restart in the text that the unit was last assigned in.
  private void restart(String unit, long generation) throws InterruptedException {
    Assignment before = assigned(unit);
    assign(unit, before.file().text(), before.target(), generation);
  }
}
