package fleet.agent.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.Environment;
import fleet.testing.time.VirtualEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
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

  /// However late the answer comes.
  @Test
  void itLapsesATimeToLiveAfterTheLastRenewalThatSucceededWasAskedFor() {
    granted(7);
    lease.joined(7);
    Duration asked = environment.sinceBoot();
    pass(2_900);

    lease.renewed(7, asked.plusMillis(1_000));
    assertEquals(Duration.ofMillis(1_100), lease.untilLapse());
    lease.renewed(7, asked);
    assertEquals(Duration.ofMillis(1_100), lease.untilLapse(), "an earlier one shortens nothing");
    lease.renewed(8, environment.sinceBoot());
    assertEquals(Duration.ofMillis(1_100), lease.untilLapse(), "nor does another lease count");

    environment.run(Duration.ofMillis(1_100).minusNanos(1));
    assertFalse(lease.lapsed());
    environment.run(Duration.ofNanos(1));
    assertTrue(lease.lapsed());
    assertEquals(7, lease.id());
    assertEquals(0, lease.renewable());
  }

  @Test
  void timeThatTheMachineSleepsCounts() {
    var process = new Sleeper(environment);
    var asleep = new Lease(process, TTL);
    asleep.granted(7, process.sinceBoot());
    asleep.joined(7);
    assertFalse(asleep.lapsed());

    process.slept = TTL;
    assertTrue(asleep.lapsed());
  }

  /// A machine on which time since boot runs ahead of uptime.
  private static final class Sleeper implements Environment {
    private final VirtualEnvironment awake;
    private Duration slept = Duration.ZERO;

    Sleeper(VirtualEnvironment awake) {
      this.awake = awake;
    }

    @Override
    public Instant now() {
      return awake.now();
    }

    @Override
    public Duration uptime() {
      return awake.uptime();
    }

    @Override
    public Duration sinceBoot() {
      return awake.uptime().plus(slept);
    }

    @Override
    public RandomGenerator random() {
      return awake.random();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      awake.sleep(duration);
    }

    @Override
    public Signal signal(String name) {
      return awake.signal(name);
    }

    @Override
    public Task fork(String name, Body body) {
      return awake.fork(name, body);
    }
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

  /// What stood on the lease may have changed meanwhile, as often as that.
  @Test
  void eachLapseCountsOnceItIsRenewedOrGivenUp() {
    assertEquals(0, lease.lapses());
    granted(7);
    lease.joined(7);
    pass(2_900);
    lease.renewed(7, environment.sinceBoot());
    assertEquals(0, lease.lapses());

    pass(4_000);
    lease.renewed(7, environment.sinceBoot());
    assertEquals(1, lease.lapses());

    lease.ended();
    assertEquals(2, lease.lapses());
    lease.ended();
    assertEquals(2, lease.lapses());
  }
}
