package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.VirtualEnvironment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {

  private static final Duration TTL = Duration.ofSeconds(3);

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final Lease lease = new Lease(environment, TTL);

  private void granted(long id) {
    lease.granted(id, environment.sinceBoot());
  }

  private void pass(long milliseconds) {
    environment.run(Duration.ofMillis(milliseconds));
  }

  @Test
  void aLeaseToJoinUnderIsRenewedAndAllowsNothing() {
    pass(3_000);
    granted(7);
    pass(2_000);
    lease.renewed(7, environment.sinceBoot());
    pass(2_000);

    assertEquals(7, lease.joining());
    assertEquals(7, lease.renewable());
    assertEquals(0, lease.id());
    assertTrue(lease.lapsed());

    assertTrue(lease.joined(7));
    assertEquals(7, lease.id());
    assertEquals(0, lease.joining());
    assertEquals(Duration.ofSeconds(1), lease.untilLapse());
  }

  /// As when the process hung meanwhile: the store may have the lease yet, and it is not given up.
  @Test
  void aLeaseThatHasLapsedAsTheMachineJoinedCanBeRenewed() {
    granted(7);
    pass(4_000);

    assertEquals(0, lease.joining());
    assertTrue(lease.joined(7));
    assertTrue(lease.lapsed());
    assertEquals(0, lease.renewable());

    lease.renewed(7, environment.sinceBoot());
    assertFalse(lease.lapsed());
    assertEquals(7, lease.renewable());
  }

  @Test
  void nobodyJoinsUnderALeaseThatIsNoMore() {
    granted(7);
    lease.refused(7);
    assertEquals(0, lease.renewable());
    assertFalse(lease.joined(7));

    granted(8);
    lease.refused(7);
    assertEquals(8, lease.joining());
    lease.ended();
    assertFalse(lease.joined(8));
  }
}
