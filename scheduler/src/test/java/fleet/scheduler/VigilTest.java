package fleet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.cluster.env.VirtualEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VigilTest {

  private static final MachineId M1 = new MachineId("m1");

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final Vigil vigil = new Vigil(environment);
  private final Cluster cluster = new Cluster();

  VigilTest() {
    cluster.machine("m1", Map.of());
    cluster.unit("db.service", TargetState.LAUNCHED, List.of("Exclusive=true"));
    cluster.carryOut(cluster.plan());
  }

  private void withhold() {
    cluster.machineGone("m1");
    cluster.carryOut(cluster.plan());
  }

  private boolean mayRun() {
    return isWaitedFor(vigil);
  }

  @Test
  void copyHasStoppedForCertainItsGraceAndAMarginAfterItWasSeenToBeWithheld() {
    withhold();

    assertEquals(true, mayRun());
    assertEquals(Optional.of(Duration.ofSeconds(12)), vigil.untilNext());
    environment.run(Duration.ofMillis(11_999));
    assertEquals(true, mayRun());
    environment.run(Duration.ofMillis(1));
    assertEquals(false, mayRun());
    assertEquals(Optional.empty(), vigil.untilNext());
  }

  @Test
  void waitIsByAClockThatNobodyCanSet() {
    var leader = environment.process("leader");
    var waiting = new Vigil(leader);
    withhold();
    waiting.observe(cluster.snapshot());

    leader.moveClock(Duration.ofDays(1));
    assertEquals(true, isWaitedFor(waiting));
    assertEquals(Optional.of(Duration.ofSeconds(12)), waiting.untilNext());
    environment.run(Duration.ofMillis(11_999));
    assertEquals(true, isWaitedFor(waiting));

    leader.moveClock(Duration.ofDays(-2));
    environment.run(Duration.ofMillis(1));
    assertEquals(false, isWaitedFor(waiting));
  }

  private boolean isWaitedFor(Vigil by) {
    return by.observe(cluster.snapshot()).until(M1, Cluster.placeable("db.service")).isPresent();
  }

  @Test
  void anotherLeaderWaitsAnew() {
    withhold();
    mayRun();
    environment.run(Duration.ofSeconds(20));

    assertEquals(true, isWaitedFor(new Vigil(environment)));
  }

  @Test
  void waitBeginsWhenTheMachineHasNothingMoreToSay() {
    cluster.machineLeaves("m1");
    cluster.report("db.service", "m1");
    cluster.carryOut(cluster.plan());
    mayRun();
    environment.run(Duration.ofSeconds(20));

    cluster.forget("db.service", "m1");

    assertEquals(true, mayRun());
  }

  @Test
  void whatIsNotWithheldIsNotWaitedFor() {
    cluster.machineGone("m1");

    assertEquals(false, mayRun());
  }
}
