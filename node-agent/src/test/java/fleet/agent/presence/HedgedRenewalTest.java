package fleet.agent.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.store.StoreException;
import fleet.testing.store.FaultyStore;
import fleet.testing.store.MemoryStore;
import fleet.testing.time.VirtualEnvironment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How a renewal is asked for again while the first ones are not answered.
class HedgedRenewalTest {

  private static final Duration TTL = Duration.ofSeconds(60);

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final MemoryStore memory = new MemoryStore(environment);
  private final Lease lease = new Lease(environment, TTL);
  private int asked;
  private final HedgedRenewal renewals =
      new HedgedRenewal(
          environment, new FaultyStore(memory, new Hanging()), lease, TTL, _ -> {}, _ -> {});

  /// Until 80 s have passed, nothing is answered.
  private final class Hanging implements FaultyStore.Weather {
    private final Duration end = environment.uptime().plusSeconds(80);

    @Override
    public void out(String request) throws InterruptedException {
      asked++;
      if (environment.uptime().compareTo(end) < 0) {
        environment.sleep(end.minus(environment.uptime()));
        throw new StoreException.Unavailable("there was no answer");
      }
    }
  }

  @Test
  void soManyRequestsAreUnansweredAtMostAndOthersFollowWhenThoseHaveEnded() {
    long id = memory.grant(TTL);
    lease.granted(id, environment.sinceBoot());
    lease.joined(id);
    environment.fork("renewals", renewals::run);

    environment.run(Duration.ofSeconds(39));
    assertEquals(13, asked, "8 quickly, then one every 5 s");
    memory.keepAlive(id);
    lease.renewed(id, environment.sinceBoot()); // by somebody else
    environment.run(Duration.ofMillis(40_900));
    assertEquals(16, asked);

    environment.run(Duration.ofSeconds(10));
    assertEquals(17, asked);
    assertEquals(true, lease.untilLapse().compareTo(Duration.ofSeconds(50)) > 0);
  }
}
