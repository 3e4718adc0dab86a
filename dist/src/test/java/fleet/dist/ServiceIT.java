package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster.StoreKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What an administrator who knows systemd does to the service on a machine, and expects of it.
class ServiceIT extends ClusterTest {

  /// A fifth of what units are given to stop.
  private static final Duration NOT_FOR_UNITS = Duration.ofSeconds(20);

  ServiceIT() {
    super("service", 30, StoreKind.EMBEDDED, 1);
  }

  @Test
  void aMachineWithoutUnitsIsStoppedAtOnce() throws Exception {
    start("once.service", SLEEPER);
    fleetctl("destroy", "once.service").orFail();
    await("it has told that it has no units", SOON, "", () -> list("list-units"));

    stop();
  }

  @Test
  void aMachineWithAUnitIsStoppedWhenThatHasStopped() throws Exception {
    start("one.service", SLEEPER);

    stop();

    assertEquals("inactive", cluster.unit("n1", "one.service").active());
  }

  @Test
  void theDaemonIsFoundByItsName() throws Exception {
    String daemon = mainPid("n1");

    assertEquals(daemon, cluster.exec("n1", "pidof", "fleetd").orFail());
    assertEquals(daemon, cluster.exec("n1", "pgrep", "-x", "fleetd").orFail());
    assertEquals(daemon, cluster.exec("n1", "ps", "-C", "fleetd", "-o", "pid=").orFail());
    String status = cluster.exec("n1", "systemctl", "status", "--no-pager", "fleet").orFail();
    assertTrue(status.contains("Main PID: " + daemon + " (fleetd)"), status);
  }

  private void stop() throws Exception {
    afterwards(() -> cluster.exec("n1", "systemctl", "start", "fleet").orFail());
    assertEquals(
        0,
        cluster.exec(NOT_FOR_UNITS, "", "n1", "systemctl", "stop", "fleet").status(),
        () -> "it has not stopped within " + NOT_FOR_UNITS.toSeconds() + " s");
  }
}
