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
