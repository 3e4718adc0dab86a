package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.systemd.Systemd;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Order.Kind;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome.Result;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Decision;
import fleet.unit.UnitFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Agents that are killed while they ask systemd whether it could start another text of what runs:
/// before and after each call.
final class AgentTryoutTest {

  /// More calls than it takes.
  private static final int CALLS = 14;

  @TestFactory
  List<DynamicTest> textThatCannotBeLoadedLeavesTheOldOneWheneverTheAgentIsKilled() {
    return tests(
        AgentScene.BROKEN,
        scene -> {
          LocalUnit web = scene.systemd.peek(AgentScene.unit("web.service"));
          assertEquals(scene.before, web.run().invocation());
          assertEquals("active", web.active());
          assertEquals(new OnDisk.Present(file(AgentScene.SERVICE).hash()), web.file());
          assertEquals("loaded", web.load());
          assertEquals(Result.REFUSED, scene.state("web.service").outcomes().getLast().result());
        });
  }

  @TestFactory
  List<DynamicTest> textThatCanBeLoadedRunsInTheEndWheneverTheAgentIsKilled() {
    return tests(
        AgentScene.OTHER,
        scene -> {
          LocalUnit web = scene.systemd.peek(AgentScene.unit("web.service"));
          assertNotEquals(scene.before, web.run().invocation());
          assertEquals("active", web.active());
          assertEquals(new OnDisk.Present(file(AgentScene.OTHER).hash()), web.file());
          assertEquals(Result.DONE, scene.state("web.service").outcomes().getLast().result());
        });
  }

  private interface Check {
    void check(Scene scene) throws InterruptedException;
  }

  private static List<DynamicTest> tests(String text, Check check) {
    var tests = new ArrayList<DynamicTest>();
    for (int call = 1; call <= CALLS; call++) {
      for (boolean after : List.of(false, true)) {
        int number = call;
        tests.add(
            dynamicTest(
                (after ? "after" : "before") + " call " + call,
                () -> new Scene(number, after).live(text, check)));
      }
    }
    return tests;
  }

  private static UnitFile file(String text) {
    return UnitFile.parse(text).orElseThrow();
  }

  private static final class Scene extends AgentScene {
    private final int deadly;
    private final boolean after;
    private int calls = Integer.MIN_VALUE;
    String before = "";

    Scene(int deadly, boolean after) {
      this.deadly = deadly;
      this.after = after;
    }

    void live(String text, Check check) {
      within(
          () -> {
            startAgent();
            order(SERVICE, 1);
            pass(3_000);
            before = systemd.peek(unit("web.service")).run().invocation();
            calls = 0;
            order(text, 2);
            pass(10_000);
            calls = Integer.MIN_VALUE;
            startAgent();
            pass(30_000);
            check.check(this);
          });
    }

    private void order(String text, long number) throws InterruptedException {
      var order = new Order(number, new OrderId("order-" + number), Kind.START);
      decide(
          new Decision.Assign(
              ID,
              new Assignment(unit("web.service"), file(text), TargetState.LAUNCHED, 1)
                  .by(Optional.of(order))));
    }

    @Override
    Systemd driven() {
      return WatchedSystemd.of(
          systemd,
          (method, _, call) -> {
            boolean counts =
                List.of(method.getExceptionTypes()).contains(InterruptedException.class);
            boolean dies = counts && ++calls == deadly;
            if (dies && !after) {
              die();
            }
            Object answer = call.make();
            if (dies) {
              die();
            }
            return answer;
          });
    }

    private void die() throws InterruptedException {
      killAgent();
      throw new InterruptedException("killed");
    }
  }
}
