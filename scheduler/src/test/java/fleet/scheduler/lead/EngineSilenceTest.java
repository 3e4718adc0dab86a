package fleet.scheduler.lead;

import static fleet.scheduler.lead.EngineScene.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.cluster.store.Store.Commit;
import fleet.scheduler.lead.EngineScene.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What becomes of units when many machines fall silent at once: nothing, until they are back or an
/// operator evicts them. And that machines which are lost one by one are evicted at once.
class EngineSilenceTest {

  /// Five machines, an engine on each, that renew their leases at times of their own; ten units.
  private static EngineScene quiet(long seed) {
    return quiet(seed, 10);
  }

  private static EngineScene quiet(long seed, int units) {
    var world = new EngineScene(seed);
    for (String id : List.of("aaaa", "bbbb", "cccc", "dddd", "eeee")) {
      world.node(id).join().compete();
      world.run(Duration.ofMillis(world.environment.random().nextInt(750)));
    }
    world.run(SECOND.multipliedBy(4));
    IntStream.range(0, units).forEach(i -> world.launch("u" + i + ".service"));
    world.run(SECOND.multipliedBy(5).plusMillis(seed * 97));
    return world;
  }

  private static Stream<DynamicTest> seeds(IntConsumer test) {
    return IntStream.range(0, 30).mapToObj(i -> dynamicTest("seed " + i, () -> test.accept(i)));
  }

  /// So many that do not lead.
  private static List<Node> followers(EngineScene world, int count) {
    return new ArrayList<>(
        world.nodes.stream().filter(node -> !node.leads()).limit(count).toList());
  }

  /// Three machines that do not lead fall silent, and have been for ten seconds.
  private static List<Node> threeFallSilent(EngineScene world) {
    var lost = followers(world, 3);
    lost.forEach(Node::powerOff);
    world.run(SECOND.multipliedBy(10));
    return lost;
  }

  @TestFactory
  Stream<DynamicTest> machinesThatFallSilentTogetherKeepTheirUnits() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          var before = world.assignments();

          followers(world, 3).forEach(Node::powerOff);
          world.run(SECOND.multipliedBy(20));

          assertEquals(before, world.assignments());
          assertEquals(3, world.leader().status().silent());
          assertEquals(
              "3 of 5 machines are silent, more than evict_share=0.5",
              world.leader().status().pause().orElseThrow().text());
        });
  }

  @TestFactory
  Stream<DynamicTest> theyDoSoIfTheLeaderIsAmongThem() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          var before = world.assignments();
          var lost = followers(world, 2);
          lost.add(world.leader());

          lost.forEach(Node::powerOff);
          world.run(SECOND.multipliedBy(20));

          assertEquals(before, world.assignments());
          assertTrue(world.leader().status().pause().isPresent());
        });
  }

  /// No assignment tells of them once their leases have ended, which may be before all others'.
  @TestFactory
  Stream<DynamicTest> machinesThatHaveNoUnitsCountWhenTheyFallSilentWithOneThatHas() {
    return seeds(
        seed -> {
          var world = quiet(seed, 2);
          var before = world.assignments();
          var holders =
              world.nodes.stream().filter(n -> before.containsValue(n.id.text())).toList();
          Node holder = holders.stream().filter(node -> !node.leads()).findFirst().orElseThrow();

          world.nodes.stream()
              .filter(node -> !node.leads() && !holders.contains(node))
              .limit(2)
              .forEach(Node::powerOff);
          holder.powerOff();
          world.run(SECOND.multipliedBy(20));

          assertEquals(before, world.assignments());
          assertTrue(world.leader().status().pause().isPresent());
        });
  }

  @TestFactory
  Stream<DynamicTest> whatIsNewIsPlacedAllTheSame() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          var _ = threeFallSilent(world);

          world.launch("new.service");
          world.run(SECOND);

          assertTrue(world.assignments().containsKey("new.service"));
        });
  }

  @TestFactory
  Stream<DynamicTest> thePauseOutlivesItsLeader() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          var before = world.assignments();
          var _ = threeFallSilent(world);

          world.leader().powerOff();
          world.run(SECOND.multipliedBy(20));

          assertEquals(before, world.assignments());
          assertEquals(4, world.leader().status().silent());
        });
  }

  @TestFactory
  Stream<DynamicTest> whenEnoughAreBackTheOthersAreEvictedAndWhoIsBackKeepsItsUnits() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          var before = world.assignments();
          var lost = threeFallSilent(world);

          Node back = lost.removeFirst();
          back.powerOn();
          back.join();
          world.run(SECOND.multipliedBy(5));

          var after = world.assignments();
          assertUnmoved(before, after, back);
          lost.forEach(node -> assertFalse(after.containsValue(node.id.text()), after.toString()));
          assertTrue(world.leader().status().pause().isEmpty());
        });
  }

  @TestFactory
  Stream<DynamicTest> machinesThatComeBackOneAfterTheOtherAllKeepTheirUnits() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          var before = world.assignments();
          var lost = threeFallSilent(world);

          for (Node back : lost) {
            back.powerOn();
            back.join();
            world.run(SECOND);
          }
          world.run(SECOND.multipliedBy(10));

          assertEquals(before, world.assignments());
          assertTrue(world.leader().status().pause().isEmpty());
        });
  }

  private static void assertUnmoved(
      SortedMap<String, String> before, SortedMap<String, String> after, Node node) {
    before.forEach(
        (unit, machine) -> {
          if (machine.equals(node.id.text())) {
            assertEquals(machine, after.get(unit), unit);
          }
        });
  }

  @Test
  void whomAnOperatorGivesUpIsEvictedAndNobodyElse() {
    var world = quiet(1);
    var before = world.assignments();
    var lost = threeFallSilent(world);

    Node evicted = lost.removeFirst();
    world.act(() -> world.registry.evict(evicted.id));
    world.run(SECOND.multipliedBy(10));

    var after = world.assignments();
    assertFalse(after.containsValue(evicted.id.text()), after.toString());
    lost.forEach(node -> assertUnmoved(before, after, node));
    assertTrue(world.leader().status().pause().isPresent());
  }

  @Test
  void aMachineThatIsThereCannotBeGivenUp() {
    var world = quiet(1);

    world.act(
        () ->
            assertTrue(world.registry.evict(world.nodes.getFirst().id) instanceof Commit.Refused));
  }

  @Test
  void whoWasGivenUpAndIsBackIsWaitedForAgain() {
    var world = quiet(1);
    var lost = threeFallSilent(world);
    world.act(() -> world.registry.evict(lost.getFirst().id));
    lost.forEach(Node::powerOn);
    lost.forEach(Node::join);
    world.run(SECOND.multipliedBy(5));
    IntStream.range(10, 20).forEach(i -> world.launch("u" + i + ".service"));
    world.run(SECOND.multipliedBy(5));
    var before = world.assignments();

    lost.forEach(Node::powerOff);
    world.run(SECOND.multipliedBy(10));

    assertEquals(before, world.assignments());
  }

  @TestFactory
  Stream<DynamicTest> asManyAsTheShareAllowsAreEvictedWithTheirLeases() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          var lost = followers(world, 2);

          lost.forEach(Node::powerOff);
          world.run(Duration.ofMillis(3_100));

          lost.forEach(
              node -> assertFalse(world.assignments().containsValue(node.id.text()), "" + node));
        });
  }

  @TestFactory
  Stream<DynamicTest> machinesThatAreLostOneByOneAreEvictedAtOnce() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          for (int i = 0; i < 4; i++) {
            Node lost = followers(world, 4).getLast();

            lost.powerOff();
            world.nodes.remove(lost);
            world.run(Duration.ofMillis(3_100));

            assertFalse(world.assignments().containsValue(lost.id.text()), "" + lost);
          }
        });
  }

  @Test
  void machinesThatLeaveAreNotSilent() {
    var world = quiet(1);
    var leaving = followers(world, 4);

    leaving.forEach(Node::withdraw);
    world.run(SECOND);

    assertEquals(
        List.of(world.leader().id.text()),
        world.assignments().values().stream().distinct().toList());
  }

  @TestFactory
  Stream<DynamicTest> whatWasSubmittedBetweenTwoTermsIsPlacedWithinASecondOfTheNext() {
    return seeds(
        seed -> {
          var world = quiet(seed);
          world.leader().powerOff();
          world.launch("new.service");
          while (world.nodes.stream().noneMatch(node -> node.leads() && !node.link.dead)) {
            world.run(Duration.ofMillis(10));
          }

          world.run(SECOND);

          assertTrue(world.assignments().containsKey("new.service"));
        });
  }

  @Test
  void aPauseInWhichNothingHappensCostsNoPlans() {
    var world = quiet(1);
    var _ = threeFallSilent(world);
    world.run(Duration.ofMinutes(1));
    long before = world.leader().status().planning().count();

    world.run(Duration.ofMinutes(1));

    assertTrue(world.leader().status().pause().isPresent());
    assertEquals(before, world.leader().status().planning().count());
  }

  /// Nothing changes in the store when a lease is kept alive.
  @Test
  void whoWasOnlyLateIsHeardOfAtOnceAndWhoIsLostIsEvictedThen() {
    var world = quiet(1);
    var late = followers(world, 3);
    for (int i = 0; i < 400 && world.leader().status().pause().isEmpty(); i++) {
      Duration soon = world.environment.uptime().plusMillis(20);
      late.forEach(node -> node.link.pausedUntil = soon);
      world.run(Duration.ofMillis(10));
    }
    assertEquals(1, world.leader().status().silent());
    Node lost = late.stream().filter(node -> !isThere(world, node)).findFirst().orElseThrow();

    lost.powerOff();
    world.run(SECOND);

    assertTrue(world.leader().status().pause().isEmpty());
    assertFalse(world.assignments().containsValue(lost.id.text()), "" + lost);
  }

  private static boolean isThere(EngineScene world, Node node) {
    return world.store.read("/fleet/machines/" + node.id.text()).isPresent();
  }

  /// More than are asked for whether they are overdue, and those that sort first are well.
  @Test
  void whoIsAskedOfVeryManyMachinesSpeaksForAll() {
    var world = new EngineScene(1);
    world.node("a").compete();
    IntStream.range(0, 64).forEach(i -> world.node("b" + i).join());
    var lost = new ArrayList<Node>();
    for (int i = 0; i < 136; i++) {
      lost.add(world.node("c" + i).join());
      world.run(Duration.ofMillis(3));
    }
    world.run(SECOND.multipliedBy(3));
    world.launch(
        IntStream.range(0, 200).mapToObj(i -> "u" + i + ".service").toArray(String[]::new));
    world.run(SECOND.multipliedBy(3));
    var before = world.assignments();

    lost.forEach(Node::powerOff);
    world.run(SECOND.multipliedBy(10));

    assertEquals(before, world.assignments());
    assertEquals(136, world.leader().status().silent());
  }
}
