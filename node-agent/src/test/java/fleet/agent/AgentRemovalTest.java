package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import fleet.agent.systemd.Systemd;
import fleet.cluster.TargetState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Units whose files are removed, while others start them, or the agent is killed over it.
final class AgentRemovalTest extends AgentScene {

  private boolean startedBefore;
  private boolean hangsAfter;

  @Override
  Systemd driven() {
    return WatchedSystemd.of(
        systemd,
        (method, _, call) -> {
          boolean removes = method.getName().equals("remove");
          if (removes && startedBefore) {
            startedBefore = false;
            systemd.start(unit("web.service"), Duration.ofSeconds(1));
          }
          Object answer = call.make();
          if (removes && hangsAfter) {
            environment.sleep(Duration.ofHours(1));
          }
          return answer;
        });
  }

  @Test
  void unitThatIsStartedJustBeforeItsFileIsRemovedIsStopped() {
    within(
        () -> {
          startAgent();
          assign("web.service", SERVICE, TargetState.LOADED, 1);
          pass(1_000);
          startedBefore = true;

          unassign("web.service");
          pass(1_000);

          assertFalse(startedBefore, "its file was removed");
          assertEquals("[]", running());
        });
  }

  /// Nothing is running that the next agent could see, nor is it noted that anything should be.
  @Test
  void unitThatHadEndedIsStartedWhenItComesBackThoughTheAgentWasKilledOverItsRemoval() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(1_000);
          systemd.stop(unit("web.service"), "", Duration.ofSeconds(1));
          pass(1_000);
          hangsAfter = true;
          unassign("web.service");
          pass(1_000);
          killAgent();
          hangsAfter = false;

          assign("web.service", SERVICE, TargetState.LAUNCHED, 1);
          startAgent();
          pass(5_000);

          assertEquals("[web.service]", running());
        });
  }
}
