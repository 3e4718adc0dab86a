package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.TargetState;
import org.junit.jupiter.api.Test;

/// Units that go up and down all the time cost the store little, and what is told of them is true
/// soon.
class AgentFlappingTest extends AgentScene {

  private static final int UNITS = 20;

  private static String flapping(int number) {
    return "flap@" + number + ".service";
  }

  /// Has all of them fail and come up again ten times a second.
  private void flap(int seconds) throws InterruptedException {
    for (int i = 0; i < seconds * 10; i++) {
      for (int unit = 0; unit < UNITS; unit++) {
        systemd.fail(unit(flapping(unit)));
      }
      pass(50);
      for (int unit = 0; unit < UNITS; unit++) {
        systemd.comesUp(unit(flapping(unit)));
      }
      pass(50);
    }
  }

  private void launchAll() throws InterruptedException {
    for (int unit = 0; unit < UNITS; unit++) {
      launch(flapping(unit), SERVICE);
    }
  }

  @Test
  void unitsThatFlapTenTimesASecondAreToldOfEveryTwoSecondsAtMost() {
    within(
        () -> {
          startAgent();
          launchAll();
          pass(10_000);
          flap(10);
          long before = memory.range("").revision();

          flap(60);

          long writes = memory.range("").revision() - before;
          assertTrue(writes <= 40, () -> writes + " writes in a minute");
        });
  }

  @Test
  void whatIsToldOfThemIsTrueSoonAfterTheyHaveComeToRest() {
    within(
        () -> {
          startAgent();
          launchAll();
          pass(10_000);
          flap(20);

          systemd.fail(unit(flapping(0)));
          pass(2_500);

          assertEquals("failed", state(flapping(0)).active());
          assertEquals("active", state(flapping(1)).active());
        });
  }

  @Test
  void whatOthersWaitForIsToldAtOnce() {
    within(
        () -> {
          startAgent();
          launchAll();
          pass(10_000);
          flap(20);

          assign(flapping(0), SERVICE, TargetState.LAUNCHED, 2);
          pass(500);

          assertEquals(2, state(flapping(0)).generation());
        });
  }
}
