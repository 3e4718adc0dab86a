package fleet.scheduler.uncertainty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.scheduler.plan.ClusterScene;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FenceTimersTest {

  private static final MachineId M1 = new MachineId("m1");
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.250Z");

  private final ClusterScene cluster = new ClusterScene();
  private Duration now = Duration.ofSeconds(100);
  private FenceTimers timers = FenceTimers.NONE;

  FenceTimersTest() {
    cluster.machine("m1", Map.of());
    cluster.unit("db.service", TargetState.LAUNCHED, List.of("Exclusive=true"));
    cluster.carryOut(cluster.plan());
  }

  private void withhold() {
    cluster.machineGone("m1");
    cluster.carryOut(cluster.plan());
  }

  private void pass(int millis) {
    now = now.plusMillis(millis);
  }

  private boolean mayRun() {
    timers = timers.after(cluster.snapshot(), now, NOON);
    return until().isPresent();
  }

  private Optional<Instant> until() {
    return timers.unfenced(now).until(M1, ClusterScene.placeable("db.service"));
  }

  @Test
  void copyHasStoppedForCertainItsGraceAndAMarginAfterItWasSeenToBeWithheld() {
    withhold();

    assertEquals(true, mayRun());
    assertEquals(Optional.of(Instant.parse("2026-11-22T12:00:12Z")), until());
    assertEquals(Optional.of(Duration.ofSeconds(12)), timers.untilNext(now));
    pass(11_999);
    assertEquals(true, mayRun());
    pass(1);
    assertEquals(false, mayRun());
    assertEquals(Optional.empty(), timers.untilNext(now));
  }

  @Test
  void waitIsByAClockThatNobodyCanSet() {
    withhold();
    timers = timers.after(cluster.snapshot(), now, NOON);

    timers = timers.after(cluster.snapshot(), now, NOON.plus(Duration.ofDays(1)));

    assertEquals(Optional.of(Duration.ofSeconds(12)), timers.untilNext(now));
    assertEquals(Optional.of(Instant.parse("2026-11-22T12:00:12Z")), until());
  }

  @Test
  void anotherLeaderWaitsAnew() {
    withhold();
    mayRun();
    pass(20_000);
    assertEquals(false, mayRun());

    timers = FenceTimers.NONE;

    assertEquals(true, mayRun());
  }

  @Test
  void waitBeginsWhenTheMachineHasNothingMoreToSay() {
    cluster.machineLeaves("m1");
    cluster.report("db.service", "m1");
    cluster.carryOut(cluster.plan());
    mayRun();
    pass(20_000);

    cluster.forget("db.service", "m1");

    assertEquals(true, mayRun());
  }

  @Test
  void whatIsNotWithheldIsNotWaitedFor() {
    cluster.machineGone("m1");

    assertEquals(false, mayRun());
  }
}
