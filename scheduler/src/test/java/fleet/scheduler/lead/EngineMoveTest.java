package fleet.scheduler.lead;

import static fleet.scheduler.lead.EngineScene.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.scheduler.lead.EngineScene.Node;
import fleet.scheduler.plan.ClusterScene;
import fleet.unit.UnitFile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Units that move from a machine that is still there: they start elsewhere when they have stopped.
class EngineMoveTest {

  private static final Duration MOMENT = Duration.ofMillis(30);
  private static final UnitFile FOR_B = ClusterScene.file(List.of("MachineID=bbbb"));

  private final EngineScene world = new EngineScene(1);
  private final Node a = world.node("aaaa").join().compete();
  private final Node b = world.node("bbbb").join();

  private void launchOnA() {
    world.run(SECOND);
    world.launch("web.service");
    world.run(SECOND);
    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
    a.report("web.service", "running");
  }

  @Test
  void aUnitIsAssignedElsewhereAtOnceWhenItHasStopped() {
    launchOnA();

    world.rewrite("web.service", FOR_B);
    world.run(SECOND.multipliedBy(90));
    assertEquals(Map.of(), world.assignments());
    assertEquals(List.of("web.service"), world.explained());

    a.forget("web.service");
    world.run(MOMENT);
    assertEquals(Map.of("web.service", "bbbb"), world.assignments());
    assertEquals(List.of(), world.explained());
  }

  @Test
  void aMachineThatIsLostWhileItStopsAUnitIsNotWaitedForLonger() {
    launchOnA();
    world.run(SECOND.multipliedBy(5));
    b.compete();
    world.rewrite("web.service", FOR_B);
    world.run(SECOND);

    a.powerOff();
    world.run(SECOND.multipliedBy(4));

    assertEquals(Map.of("web.service", "bbbb"), world.assignments());
  }

  @Test
  void aMachineThatLeavesGivesUpEachUnitWhenItHasStopped() {
    launchOnA();
    world.launch("app.service", "db.service");
    world.run(SECOND);
    assertEquals("aaaa", world.assignments().get("db.service"));
    a.report("db.service", "running");
    world.run(SECOND.multipliedBy(5));

    a.withdraw();
    world.run(SECOND);
    assertEquals("aaaa", world.assignments().get("web.service"));

    a.forget("web.service");
    world.run(MOMENT);
    assertEquals("bbbb", world.assignments().get("web.service"));
    assertEquals("aaaa", world.assignments().get("db.service"));

    a.forget("db.service");
    world.run(MOMENT);
    assertEquals("bbbb", world.assignments().get("db.service"));
  }

  @Test
  void whatMachinesSayOfTheirUnitsMakesNoPlans() {
    launchOnA();
    world.run(SECOND.multipliedBy(5)); // until nobody may still be about to come back
    long plans = a.status().planning().count();

    for (int i = 0; i < 100; i++) {
      a.report("web.service", i % 2 == 0 ? "running" : "exited");
      b.report("stranger@" + i + ".service", "running");
      b.forget("stranger@" + i + ".service");
      world.run(Duration.ofMillis(100));
    }

    assertEquals(plans, a.status().planning().count());
  }

  @Test
  void metadataThatUsersSetCountsAtOnce() {
    launchOnA();
    world.overlay("bbbb", "disk", "ssd");

    world.rewrite("web.service", ClusterScene.file(List.of("MachineMetadata=disk=ssd")));
    world.run(MOMENT);
    a.forget("web.service");
    world.run(MOMENT);
    assertEquals(Map.of("web.service", "bbbb"), world.assignments());

    world.overlay("aaaa", "disk", "ssd");
    world.overlay("bbbb", "disk", "hdd");
    world.run(MOMENT);
    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
  }

  @Test
  void metadataThatUsersHideIsMissingAtOnce() {
    var c = world.node("cccc").carrying("disk", "ssd").join();
    world.run(SECOND);
    world.submit(ClusterScene.file(List.of("MachineMetadata=disk=ssd")), "db.service");
    world.run(SECOND);
    assertEquals(Map.of("db.service", "cccc"), world.assignments());
    c.report("db.service", "running");

    world.overlay("cccc", "disk", "");
    world.run(MOMENT);

    assertEquals(Map.of(), world.assignments());
    assertEquals(List.of("db.service"), world.explained());
  }

  @Test
  void aStateThatCannotBeUnderstoodIsOneAllTheSame() {
    launchOnA();
    world.put("states/aaaa/web.service", "garbage");

    world.rewrite("web.service", FOR_B);
    world.run(SECOND);
    assertEquals(Map.of(), world.assignments());

    world.delete("states/aaaa/web.service");
    world.run(MOMENT);
    assertEquals(Map.of("web.service", "bbbb"), world.assignments());
    assertTrue(a.leads());
  }
}
