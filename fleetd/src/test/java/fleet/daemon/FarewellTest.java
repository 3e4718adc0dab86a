package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.dbus.Custody;
import org.junit.jupiter.api.Test;

class FarewellTest {

  private static Farewell job(String type) {
    return Farewell.of(new Custody.Service("fleet.service", type));
  }

  @Test
  void stoppingTheServiceLeavesTheCluster() {
    assertEquals(new Farewell.Leave("fleet.service is being stopped"), job("stop"));
  }

  @Test
  void restartingTheServiceDoesNot() {
    assertEquals(new Farewell.Stay("fleet.service has a job of type restart"), job("restart"));
    assertEquals(
        new Farewell.Stay("fleet.service has a job of type try-restart"), job("try-restart"));
  }

  @Test
  void aSignalThatSystemdHasNotSentDoesNotEither() {
    assertEquals(
        new Farewell.Stay("a signal that systemd has not sent: it starts fleet.service again"),
        job(""));
  }

  @Test
  void whoeverRunsTheDaemonByHandMeansTheMachine() {
    assertEquals(
        new Farewell.Leave("the daemon was run by hand, and told to end"),
        Farewell.of(new Custody.Free()));
  }

  @Test
  void inDoubtUnitsRunOn() {
    assertEquals(
        new Farewell.Stay("systemd does not say why: no bus"),
        Farewell.of(new Custody.Unknown("no bus")));
  }
}
