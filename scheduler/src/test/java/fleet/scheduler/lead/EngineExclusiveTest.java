package fleet.scheduler.lead;

import static fleet.scheduler.lead.EngineScene.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store.Entry;
import fleet.scheduler.lead.EngineScene.Node;
import fleet.scheduler.plan.ClusterScene;
import fleet.unit.UnitFile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How a leader moves a unit of which two copies must never run (docs/decisions, 0020).
class EngineExclusiveTest {

  private static final Duration MOMENT = Duration.ofMillis(30);
  private static final String UNIT = "db.service";
  private static final UnitFile EXCLUSIVE = ClusterScene.file(List.of("Exclusive=true"));
  private static final UnitFile FOR_B =
      ClusterScene.file(List.of("Exclusive=true", "MachineID=bbbb"));

  /// The grace of a unit that says nothing of it, and what a leader adds.
  private static final Duration WAIT = SECOND.multipliedBy(12);

  private final EngineScene world = new EngineScene(1);
  private final Node a = world.node("aaaa").join();
  private final Node b = world.node("bbbb").compete();

  private void launchOnA() {
    world.run(SECOND.multipliedBy(5));
    world.submit(EXCLUSIVE, UNIT);
    world.run(SECOND);
    assertEquals(Map.of(UNIT, "aaaa"), world.assignments());
    a.report(UNIT, "running");
    b.join();
    world.run(SECOND);
  }

  private Optional<Entry> assignedToA() {
    return world.store.read("/fleet/assignments/aaaa/" + UNIT);
  }

  private boolean isWithheld() {
    return assignedToA().filter(entry -> entry.value().contains("\"inactive\"")).isPresent();
  }

  private void untilAIsGone() {
    for (int i = 0; i < 400 && world.store.read("/fleet/machines/aaaa").isPresent(); i++) {
      world.run(Duration.ofMillis(10));
    }
  }

  @Test
  void theAssignmentStaysWithheldUntilTheMachineHasReleasedTheUnit() {
    launchOnA();

    world.rewrite(UNIT, FOR_B);
    world.run(SECOND.multipliedBy(90));
    assertTrue(isWithheld());
    assertEquals(Map.of(UNIT, "aaaa"), world.assignments());

    a.release(UNIT, assignedToA().orElseThrow().modRevision());
    world.run(MOMENT);
    assertEquals(Map.of(UNIT, "bbbb"), world.assignments());
  }

  @Test
  void aReleaseThatDoesNotNameTheRevisionThatWithheldItCountsForNothing() {
    launchOnA();
    world.rewrite(UNIT, FOR_B);
    world.run(MOMENT);
    long first = assignedToA().orElseThrow().modRevision();
    world.rewrite(UNIT, EXCLUSIVE);
    world.run(MOMENT);
    assertEquals(false, isWithheld());

    world.rewrite(UNIT, FOR_B);
    world.run(MOMENT);
    a.release(UNIT, first);
    world.run(SECOND.multipliedBy(90));

    assertTrue(isWithheld());
    assertEquals(Map.of(UNIT, "aaaa"), world.assignments());
  }

  @Test
  void aStateThatIsNoReleaseReleasesNothing() {
    launchOnA();
    world.rewrite(UNIT, FOR_B);
    world.run(MOMENT);

    a.forget(UNIT);
    world.run(SECOND.multipliedBy(90));

    assertTrue(isWithheld());
    assertEquals(Map.of(UNIT, "aaaa"), world.assignments());
  }

  @Test
  void aUnitOfALostMachineGoesElsewhereItsGraceAndTwoSecondsAfterTheEndOfTheLease() {
    launchOnA();

    a.powerOff();
    untilAIsGone();
    world.run(MOMENT);
    assertTrue(isWithheld());
    world.run(WAIT.minus(MOMENT).minus(Duration.ofMillis(20)));
    assertEquals(Map.of(UNIT, "aaaa"), world.assignments());

    world.run(Duration.ofMillis(100));
    assertEquals(Map.of(UNIT, "bbbb"), world.assignments());
  }

  @Test
  void aLeaderThatTakesOverMeanwhileWaitsAnew() {
    launchOnA();
    Node c = world.node("cccc").join().compete();
    world.run(SECOND.multipliedBy(5));
    a.powerOff();
    untilAIsGone();
    world.run(WAIT.minus(SECOND));

    b.stopEngine();
    world.run(WAIT.minus(SECOND));
    assertTrue(c.leads());
    assertEquals(Map.of(UNIT, "aaaa"), world.assignments());

    world.run(SECOND.multipliedBy(5));
    assertEquals(1, world.assignments().size());
    assertTrue(assignedToA().isEmpty());
  }

  @Test
  void aMachineThatComesAndGoesWhileTheUnitIsWithheldIsWaitedForAnew() {
    launchOnA();
    a.powerOff();
    untilAIsGone();
    world.rewrite(UNIT, FOR_B);
    world.run(WAIT.minus(SECOND));

    a.powerOn();
    a.join();
    world.run(SECOND);
    a.powerOff();
    untilAIsGone();
    world.run(WAIT.minus(SECOND));
    assertEquals(Map.of(UNIT, "aaaa"), world.assignments());

    world.run(SECOND.multipliedBy(2));
    assertEquals(Map.of(UNIT, "bbbb"), world.assignments());
  }
}
