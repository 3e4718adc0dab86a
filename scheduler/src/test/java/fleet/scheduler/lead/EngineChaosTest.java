package fleet.scheduler.lead;

import static fleet.scheduler.lead.EngineScene.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Explanation;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Reasons;
import fleet.cluster.store.Store.Op;
import fleet.scheduler.lead.EngineScene.Node;
import fleet.scheduler.plan.ClusterScene;
import fleet.scheduler.plan.Plan;
import fleet.scheduler.plan.Plan.Step;
import fleet.scheduler.plan.Planner;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// Engines whose requests are delayed, suspended, lost or answered to nobody, while users change
/// their minds: only who leads writes, and when gate returns everything comes to rest as planned.
///
/// Each history follows from its seed. Try more of them with `-Dfleet.seeds=1000`.
@Tag("slow")
class EngineChaosTest {

  private static final int SEEDS = Integer.getInteger("fleet.seeds", 20);
  private static final List<String> NAMES =
      List.of("a.service", "b.service", "c.service", "web@1.service", "web@2.service");
  private static final List<String> OPTIONS =
      List.of(
          "Conflicts=web@*.service",
          "MachineOf=a.service",
          "MachineOf=b.service",
          "Replaces=c.service",
          "Global=true",
          "MachineID=cccc");

  private static final List<TargetState> TARGETS = List.of(TargetState.values());

  @TestFactory
  Stream<DynamicTest> everythingComesToRest() {
    return LongStream.range(0, SEEDS)
        .mapToObj(seed -> dynamicTest("seed " + seed, () -> live(seed)));
  }

  private static void live(long seed) {
    var world = new EngineScene(seed);
    for (String id : List.of("aaaa", "bbbb", "cccc", "dddd")) {
      Node node = world.node(id).join().compete();
      node.link.faults = 20;
      node.link.witness = ops -> onlyTheLeaderDecides(world, node, ops);
    }
    boolean[] gate = {false};
    world.environment.fork(
        "users",
        () -> {
          while (!gate[0]) {
            world.environment.sleep(Duration.ofMillis(world.environment.random().nextInt(1_000)));
            change(world, one(NAMES, world), one(TARGETS, world));
          }
          for (String name : NAMES) {
            change(world, name, TargetState.LAUNCHED);
          }
        });
    world.run(Duration.ofMinutes(2));

    gate[0] = true;
    world.nodes.forEach(node -> node.link.faults = 0);
    world.nodes.getLast().powerOff();
    world.run(SECOND.multipliedBy(30));

    world.leader();
    assertTrue(world.nodes.stream().anyMatch(node -> node.status().done().assigned() > 0));
    assertAtRest(world);
  }

  private static void onlyTheLeaderDecides(EngineScene world, Node writer, List<Op> ops) {
    boolean decides =
        ops.stream()
            .anyMatch(
                op ->
                    op.key().startsWith("/fleet/assignments/")
                        || op.key().startsWith("/fleet/explanations/")
                        || op.key().startsWith("/fleet/reasons/"));
    if (decides) {
      assertEquals(
          "{\"machine\":\"" + writer.id + "\"}",
          world.store.read("/fleet/leader").map(entry -> entry.value()).orElse("nobody"));
    }
  }

  private static <T> T one(List<T> reasons, EngineScene world) {
    return reasons.get(world.environment.random().nextInt(reasons.size()));
  }

  private static void change(EngineScene world, String text, TargetState target)
      throws InterruptedException {
    RandomGenerator random = world.environment.random();
    UnitName name = ClusterScene.unitName(text);
    List<String> options =
        OPTIONS.stream().filter(_ -> random.nextInt(OPTIONS.size()) == 0).toList();
    var unit = DesiredUnit.of(name, ClusterScene.file(options), target, Restarts.NONE);
    var stored = world.registry.unit(name);
    if (stored.isEmpty()) {
      world.registry.create(unit);
    } else if (target == TargetState.INACTIVE && random.nextBoolean()) {
      world.registry.destroy(name, stored.get().revision());
    } else {
      world.registry.replace(unit, stored.get().revision());
    }
  }

  /// The leader would change nothing, and has explained what it cannot do.
  private static void assertAtRest(EngineScene world) {
    world.act(
        () -> {
          try (var mirror = world.registry.mirror(world.environment.signal("judge"))) {
            ClusterSnapshot cluster = mirror.snapshot();
            Plan plan = Planner.plan(cluster);
            assertTrue(plan.changesNothing(), plan::toString);
            var expected = new TreeMap<UnitName, Explanation>();
            var reasons = new TreeSet<String>();
            for (Step step : plan.steps()) {
              if (step instanceof Step.Leave leave) {
                expected.put(leave.unit(), leave.obstacle().explanation());
              }
            }
            assertEquals(expected, cluster.explanations());
            expected
                .values()
                .forEach(why -> Reasons.of(why).ifPresent(shared -> reasons.add(shared.name())));
            assertEquals(reasons, cluster.reasons());
          }
        });
  }
}
