package fleet.scheduler.lead;

import static fleet.scheduler.lead.EngineScene.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.scheduler.lead.EngineScene.Node;
import fleet.scheduler.plan.ClusterScene;
import fleet.unit.UnitFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A unit that fails as often as it may is moved, and every leader remembers where it failed.
class EngineFailureTest {

  private static final UnitFile FILE =
      ClusterScene.file(List.of("ExecStart=/bin/x", "FailureLimit=2"));

  private final EngineScene world = new EngineScene(1);
  private final Node first = world.node("aaaa").join().compete();
  private final Node second = world.node("bbbb").join();
  private final Node third = world.node("cccc").join().compete();

  private void submit() {
    world.run(SECOND.multipliedBy(5));
    world.submit(FILE, "web.service");
    world.run(SECOND);
    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
  }

  @Test
  void aUnitThatHasFailedTooOftenIsMovedWhenItHasStopped() {
    submit();

    first.fail("web.service", FILE, 1);
    world.run(SECOND);
    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
    first.fail("web.service", FILE, 2);
    world.run(SECOND);
    assertEquals(Map.of(), world.assignments());
    first.forget("web.service");
    world.run(SECOND);

    assertEquals(Map.of("web.service", "bbbb"), world.assignments());
  }

  @Test
  void theNextLeaderRemembersWhereAUnitHasFailed() {
    submit();
    first.fail("web.service", FILE, 2);
    first.forget("web.service");
    world.run(SECOND);

    world.leader().stopEngine();
    world.run(SECOND.multipliedBy(5));
    second.fail("web.service", FILE, 3);
    second.forget("web.service");
    world.run(SECOND);

    assertEquals(Map.of("web.service", "cccc"), world.assignments());
  }

  @Test
  void aUnitThatHasNowhereElseToGoStays() {
    submit();
    first.fail("web.service", FILE, 2);
    first.forget("web.service");
    world.run(SECOND);
    second.powerOff();
    third.powerOff();
    world.run(SECOND.multipliedBy(10));

    first.fail("web.service", FILE, 7);
    world.run(SECOND);

    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
  }
}
