package fleet.scheduler.lead;

import static fleet.scheduler.lead.EngineScene.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.cluster.store.Store.Op;
import fleet.scheduler.lead.EngineScene.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What becomes of units when the store fails the machines: nothing. And how soon they move when
/// it is a machine that fails.
class EngineOutageTest {

  /// Three machines, an engine on each, six units that have been there for a while.
  private static EngineScene quiet(long seed) {
    var world = new EngineScene(seed);
    Stream.of("aaaa", "bbbb", "cccc").forEach(id -> world.node(id).join().compete());
    world.run(SECOND);
    IntStream.range(0, 6).forEach(i -> world.launch("u" + i + ".service"));
    world.run(SECOND.multipliedBy(10).plusMillis(seed * 97));
    return world;
  }

  private static Stream<DynamicTest> outages(Consumer<Outage> test) {
    return IntStream.rangeClosed(1, 60)
        .mapToObj(i -> new Outage(i, Duration.ofMillis(i * 125L)))
        .map(outage -> dynamicTest(outage.length.toMillis() + " ms", () -> test.accept(outage)));
  }

  private record Outage(int seed, Duration length) {}

  private static Stream<DynamicTest> seeds(IntConsumer test) {
    return IntStream.range(0, 30).mapToObj(i -> dynamicTest("seed " + i, () -> test.accept(i)));
  }

  /// Time goes on in the store: leases expire.
  @TestFactory
  Stream<DynamicTest> nothingMovesWhileTheStoreCannotBeReached() {
    return outages(
        outage -> {
          var world = quiet(outage.seed);
          var before = world.assignments();

          world.nodes.forEach(node -> node.link.cut = true);
          world.run(outage.length);
          world.nodes.forEach(node -> node.link.cut = false);
          world.run(SECOND.multipliedBy(20));

          assertEquals(before, world.assignments());
          assertNothingWasTakenAway(world);
        });
  }

  /// All have to come back at once, and take longer for it than a lease lives.
  @TestFactory
  Stream<DynamicTest> whoIsTheSlowestToComeBackKeepsItsUnits() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          var before = world.assignments();

          world.nodes.forEach(node -> node.link.cut = true);
          world.run(SECOND.multipliedBy(5));
          for (Node node : world.nodes) {
            node.link.cut = false;
            world.run(SECOND.multipliedBy(2));
          }
          world.run(SECOND.multipliedBy(20));

          assertEquals(before, world.assignments());
          assertNothingWasTakenAway(world);
        });
  }

  /// The store answers nothing, then everything, and time has gone on in it.
  @TestFactory
  Stream<DynamicTest> nothingMovesWhileTheStoreHangs() {
    return outages(
        outage -> {
          var world = quiet(outage.seed);
          var before = world.assignments();

          Duration end = world.environment.uptime().plus(outage.length);
          world.nodes.forEach(node -> node.link.pausedUntil = end);
          world.run(outage.length.plusSeconds(20));

          assertEquals(before, world.assignments());
          assertNothingWasTakenAway(world);
        });
  }

  /// As if the store's watches were slow: what comes next must not be decided by a view in which it
  /// is still undecided.
  @TestFactory
  Stream<DynamicTest> whatALeaderDecidesAndDoesNotHearOfIsNotDecidedAgain() {
    return IntStream.range(0, 60)
        .mapToObj(i -> Duration.ofMillis(100L * i))
        .map(
            age ->
                dynamicTest(
                    "a leader of " + age.toMillis() + " ms",
                    () -> {
                      var world = new EngineScene(1);
                      Node leader = world.node("aaaa").join().compete();
                      world.node("bbbb").join();
                      world.run(age);
                      var decided = new ArrayList<Op>();
                      leader.link.witness =
                          ops -> {
                            ops.stream()
                                .filter(op -> op.key().startsWith("/fleet/assignments/"))
                                .forEach(decided::add);
                            leader.link.unheard |= !decided.isEmpty();
                          };

                      world.launch("web.service");
                      world.run(SECOND.multipliedBy(5));

                      assertEquals(1, decided.size(), decided::toString);
                    }));
  }

  private static void assertNothingWasTakenAway(EngineScene world) {
    world.leader();
    world.nodes.forEach(
        node -> assertEquals(0, node.status().done().unassigned(), node.toString()));
  }

  @Test
  void aMachineThatIsLostWhileTheStoreIsAwayIsGivenUpOnceTheOthersHaveReported() {
    var world = quiet(1);

    world.nodes.forEach(node -> node.link.cut = true);
    world.run(SECOND.multipliedBy(30));
    world.nodes.get(2).powerOff();
    world.nodes.forEach(node -> node.link.cut = false);
    world.run(SECOND.multipliedBy(10));

    assertFalse(world.assignments().containsValue("cccc"), world.assignments().toString());
    assertEquals(
        2, world.nodes.stream().mapToLong(node -> node.status().done().unassigned()).sum());
  }

  @Test
  void aClusterThatStartsAsAWholeMovesNothing() {
    var world = quiet(1);
    var before = world.assignments();
    world.nodes.forEach(Node::powerOff);
    world.run(SECOND.multipliedBy(30));

    for (Node node : world.nodes) {
      node.powerOn();
      node.compete();
      world.run(Duration.ofMillis(500));
      node.join();
    }
    world.run(SECOND.multipliedBy(20));

    assertEquals(before, world.assignments());
    assertNothingWasTakenAway(world);
  }

  @TestFactory
  Stream<DynamicTest> aMachineThatIsLostIsGivenUpWithItsLease() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          Node lost = world.nodes.stream().filter(node -> !node.leads()).findFirst().orElseThrow();

          lost.powerOff();
          world.run(Duration.ofMillis(3_025));

          assertFalse(world.assignments().containsValue(lost.id.text()));
        });
  }

  @TestFactory
  Stream<DynamicTest> aLeaderThatIsLostCostsItsLeaseAndATenthOfASecond() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          Node lost = world.leader();

          lost.powerOff();
          world.run(Duration.ofMillis(3_100));

          assertFalse(world.assignments().containsValue(lost.id.text()));
        });
  }
}
