package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.pace.AgentOptions;
import fleet.agent.presence.AgentStatus.Standing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A machine stays present on a network that loses messages.
final class AgentRenewalTest extends AgentScene {

  @Test
  void machineThatLosesEveryFifthMessageIsNeverGone() {
    within(
        () -> {
          startAgent();
          pass(2_000);
          cable.lose(20);
          long announced = revision();

          for (int second = 0; second < 1_500; second++) {
            pass(1_000);
            assertTrue(present(), "after " + second + " s");
          }

          assertEquals(announced, revision());
        });
  }

  @Test
  void machineThatIsNotToldOfItsAnnouncementStaysPresent() {
    within(
        () -> {
          cable.loseAnswerAndReads(4);
          Agent agent = startAgent();
          pass(20);
          long announced = revision();

          for (int tenth = 0; tenth < 200; tenth++) {
            pass(100);
            assertTrue(present(), "after " + tenth + " tenths of a second");
          }

          assertEquals(announced, revision());
          assertEquals(Standing.PRESENT, agent.status().standing());
        });
  }

  @Test
  void machineThatIsNotToldOfItsAnnouncementLooksAsSoonAsTheStoreAnswers() {
    AgentOptions patient = AgentOptions.DEFAULTS.withTtl(Duration.ofSeconds(60));
    within(
        () -> {
          for (int seconds = 25; seconds < 45; seconds++) {
            cable.loseAnswerAndReads(1);
            Agent agent = startAgent(patient);
            pass(20);
            cable.pull();
            pass(seconds * 1_000L);
            assertEquals(Standing.JOINING, agent.status().standing());

            cable.plug();
            pass(7_000); // a renewal is asked for every five seconds, and given up after one

            assertEquals(Standing.PRESENT, agent.status().standing(), "cut for " + seconds + " s");
          }
        });
  }

  @Test
  void storeThatIsAwayIsNotAskedMoreThanAFewTimesASecond() {
    within(
        () -> {
          startAgent();
          pass(2_000);
          int before = cable.asked();

          cable.pull();
          pass(60_000);

          assertTrue(cable.asked() - before < 60 * 3, cable.asked() - before + " requests");
        });
  }

  @Test
  void calmStoreIsAskedForOneRenewalAtATime() {
    within(
        () -> {
          startAgent();
          pass(2_000);
          int before = cable.asked();

          pass(60_000);

          assertTrue(cable.asked() - before < 60 * 2, cable.asked() - before + " requests");
        });
  }

  private long revision() throws InterruptedException {
    return leader.announced(ID).orElseThrow().entry().createRevision();
  }
}
