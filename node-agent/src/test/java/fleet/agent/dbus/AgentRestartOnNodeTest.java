package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.TargetState;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Restarts that users ask for, on a real machine.
final class AgentRestartOnNodeTest extends AgentNodeScene {

  /// Tells what is done to it.
  private static final String TELLING =
      """
      [Service]
      ExecStartPre=/bin/sh -c 'echo pre >>/run/told'
      ExecStart=/bin/sleep infinity
      ExecStartPost=/bin/sh -c 'echo start >>/run/told'
      ExecStop=/bin/sh -c 'sleep 0.3; echo stop >>/run/told'
      ExecStopPost=/bin/sh -c 'sleep 0.3; echo post >>/run/told'
      """;

  @BeforeEach
  void tellNothing() throws IOException, InterruptedException {
    node.run("rm", "-f", "/run/told");
  }

  private String told() throws IOException, InterruptedException {
    return node.run("cat", "/run/told");
  }

  @Test
  void restartStopsInFullBeforeItStarts() throws IOException, InterruptedException {
    launch("again.service", TELLING);
    until("again.service", state -> state.generation() == 1);

    assign("again.service", TELLING, TargetState.LAUNCHED, 2);
    until("again.service", state -> state.generation() == 2);

    assertEquals("pre\nstart\nstop\npost\npre\nstart\n", told());
    assertEquals("active", state("again.service").active());
  }

  @Test
  void restartsInABurstEndInAStartAfterTheLast() throws IOException, InterruptedException {
    launch("again.service", TELLING);
    until("again.service", state -> state.generation() == 1);

    for (int generation = 2; generation < 9; generation++) {
      assign("again.service", TELLING, TargetState.LAUNCHED, generation);
    }
    node.run("sh", "-c", "echo asked >>/run/told");
    until("again.service", state -> state.generation() == 8);

    String told = told();
    assertTrue(told.endsWith("stop\npost\npre\nstart\n"), told);
    assertTrue(told.lastIndexOf("asked") < told.lastIndexOf("pre"), told);
  }

  @Test
  void restartThatWasAskedForWhileTheAgentWasAwayIsCarriedOutOnce()
      throws IOException, InterruptedException {
    launch("again.service", TELLING);
    until("again.service", state -> state.generation() == 1);
    task.interrupt();

    assign("again.service", TELLING, TargetState.LAUNCHED, 2);
    startAgent();
    until("again.service", state -> state.generation() == 2);
    launch("later.service", SERVICE);
    until("later.service", state -> state.generation() == 1);

    assertEquals("pre\nstart\nstop\npost\npre\nstart\n", told());
  }
}
