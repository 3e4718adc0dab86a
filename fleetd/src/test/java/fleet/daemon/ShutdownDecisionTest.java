package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.dbus.ProcessManager;
import org.junit.jupiter.api.Test;

class ShutdownDecisionTest {

  private static ShutdownDecision job(String type) {
    return ShutdownDecision.of(new ProcessManager.Service("fleet.service", type));
  }

  @Test
  void stoppingTheServiceLeavesTheCluster() {
    assertEquals(new ShutdownDecision.Leave("fleet.service is being stopped"), job("stop"));
  }

  @Test
  void restartingTheServiceDoesNot() {
    assertEquals(
        new ShutdownDecision.Stay("fleet.service has a job of type restart"), job("restart"));
    assertEquals(
        new ShutdownDecision.Stay("fleet.service has a job of type try-restart"),
        job("try-restart"));
  }

  @Test
  void aSignalThatSystemdHasNotSentDoesNotEither() {
    assertEquals(
        new ShutdownDecision.Stay(
            "a signal that systemd has not sent: it starts fleet.service again"),
        job(""));
  }

  @Test
  void whoeverRunsTheDaemonByHandMeansTheMachine() {
    assertEquals(
        new ShutdownDecision.Leave("the daemon was run by hand, and told to end"),
        ShutdownDecision.of(new ProcessManager.Free()));
  }

  @Test
  void inDoubtUnitsRunOn() {
    assertEquals(
        new ShutdownDecision.Stay("systemd does not say why: no bus"),
        ShutdownDecision.of(new ProcessManager.Unknown("no bus")));
  }
}
