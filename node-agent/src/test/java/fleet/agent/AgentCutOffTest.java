package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// What an agent does with units that must not run where the lease has lapsed.
final class AgentCutOffTest extends AgentScene {

  private static final String STOPPING = SERVICE + "\n[X-Fleet]\nDisconnect=stop\n";
  private static final String EXCLUSIVE = SERVICE + "\n[X-Fleet]\nExclusive=true\n";

  @Test
  void unitsStopWhenTheLeaseHasLapsedIfTheyAskForItAndStartWhenItIsBack() {
    within(
        () -> {
          startAgent();
          launch("keep.service", SERVICE);
          launch("stop.service", STOPPING);
          launch("only.service", EXCLUSIVE);
          pass(2_000);
          assertEquals("[keep.service, only.service, stop.service]", running());

          cable.pull();
          pass(1_500);
          assertEquals("[keep.service, only.service, stop.service]", running());
          pass(2_500);
          assertEquals("[keep.service]", running());

          plug();
          pass(10_000);
          assertEquals("[keep.service, only.service, stop.service]", running());
        });
  }

  @Test
  void exclusiveUnitOfADeadAgentIsKilledAndTheNextAgentStartsItAgain() {
    within(
        () -> {
          startAgent();
          launch("keep.service", SERVICE);
          launch("only.service", EXCLUSIVE);
          pass(2_000);

          killAgent();
          pass(15_000);
          assertEquals("[keep.service]", running());

          startAgent();
          pass(10_000);
          assertEquals("[keep.service, only.service]", running());
        });
  }

  /// By the switch of an agent before it, of which it knows nothing.
  @Test
  void exclusiveUnitThatIsKilledWhenTheNextAgentHasJustAdoptedItIsStartedAgain() {
    within(
        () -> {
          startAgent();
          launch("keep.service", SERVICE);
          launch("only.service", EXCLUSIVE);
          pass(20_000);

          for (int dead = 10_500; dead < 13_500; dead += 100) {
            killAgent();
            pass(dead);
            startAgent();
            pass(20_000);
            assertEquals("[keep.service, only.service]", running(), "dead for " + dead + " ms");
          }
        });
  }

  /// A oneshot that runs for some time, for instance.
  @Test
  void exclusiveUnitThatHasEndedByItselfStaysSoUnderTheNextAgent() {
    within(
        () -> {
          startAgent();
          launch("only.service", ONESHOT + "\n[X-Fleet]\nExclusive=true\n");
          pass(20_000);
          asked();

          for (int i = 0; i < 5; i++) {
            startAgent();
            pass(20_000);
          }

          assertEquals("", asked());
        });
  }

  @Test
  void agentThatIsReplacedInTimeDisturbsNoExclusiveUnit() {
    within(
        () -> {
          startAgent();
          launch("only.service", EXCLUSIVE);
          pass(2_000);
          asked();

          for (int i = 0; i < 20; i++) {
            startAgent();
            pass(5_000);
          }

          assertEquals("", asked());
          assertEquals("[only.service]", running());
        });
  }
}
