package fleet.scheduler.lead;

import static fleet.scheduler.lead.EngineScene.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store.Op;
import fleet.scheduler.plan.ClusterScene;
import fleet.unit.UnitFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Engines under virtual time, on the memory store.
class EngineTest {

  private final EngineScene world = new EngineScene(1);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void aFreshUnitIsAssignedWithinMillisecondsOnAQuietCluster() {
    world.node("aaaa").join().compete();
    world.run(SECOND.multipliedBy(10));

    world.launch("web.service");
    world.run(Duration.ofMillis(1));

    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
  }

  @Test
  void oneOfTwoEnginesLeadsAndTheOtherTakesOverWhenItIsLost() {
    var first = world.node("aaaa").join().compete();
    world.run(SECOND);
    var second = world.node("bbbb").join().compete();
    world.run(SECOND);
    world.launch("one.service", "two.service");
    world.run(SECOND.multipliedBy(5));
    assertTrue(first.leads() && !second.leads());
    assertEquals(Map.of("one.service", "aaaa", "two.service", "bbbb"), world.assignments());

    first.powerOff();
    world.run(SECOND.multipliedBy(4));

    assertTrue(second.leads());
    assertEquals(Map.of("one.service", "bbbb", "two.service", "bbbb"), world.assignments());
  }

  @Test
  void aLeaderThatIsStoppedMakesWayAtOnce() {
    var first = world.node("aaaa").join().compete();
    world.run(SECOND);
    var second = world.node("bbbb").join().compete();
    world.run(SECOND);

    first.stopEngine();
    world.run(Duration.ofMillis(100));

    assertTrue(second.leads());
  }

  @Test
  void enginesThatHearOfAVacancyDoNotAllCampaignForIt() {
    var first = world.node("aaaa").compete();
    world.run(SECOND);
    var sent = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      var other = world.node("b" + i).compete();
      other.link.travelTime = Duration.ofMillis(1);
      other.link.sent = sent::add;
    }
    world.run(SECOND.multipliedBy(5));
    sent.clear();

    first.stopEngine();
    world.run(Duration.ofMillis(100));

    long campaigns = sent.stream().filter("grant"::equals).count();
    assertTrue(1 <= campaigns && campaigns <= 10, () -> campaigns + " of 40 campaigned");
    assertTrue(world.leader() != first);
  }

  @Test
  void aFollowerWhoseWatchIsOverHearsOfAVacancyAllTheSame() {
    var first = world.node("aaaa").join().compete();
    world.run(SECOND);
    var second = world.node("bbbb").compete();
    world.run(SECOND);
    second.link.unheard = true;
    world.launch("web.service");
    world.run(SECOND);
    world.store.compact(world.store.range("").revision());
    second.link.unheard = false;

    first.powerOff();
    world.run(SECOND.multipliedBy(5));

    assertTrue(second.leads());
  }

  @Test
  void aLeaderThatWasPausedAndReplacedCannotWrite() {
    var paused = world.node("aaaa").join().compete();
    world.run(SECOND);
    world.node("bbbb").join().compete();
    world.run(SECOND);

    paused.link.pauseAtCommit = SECOND.multipliedBy(20);
    world.launch("web.service");
    world.run(MINUTE);

    assertEquals(Map.of("web.service", "bbbb"), world.assignments());
    assertEquals(0, paused.status().done().assigned());
  }

  @Test
  void aLeaseThatEndsBeforeTheElectionIsFollowedByAnother() {
    var node = world.node("aaaa");
    node.link.pauseAfterGrant = SECOND.multipliedBy(4);
    node.compete();

    world.run(SECOND.multipliedBy(5));

    assertTrue(node.leads());
  }

  @Test
  void afterALostAnswerTheLeaderReadsBeforeItActs() {
    var leader = world.node("aaaa").join().compete();
    world.run(SECOND);

    leader.link.loseAnswer = true;
    world.launch("web.service");
    world.run(SECOND);
    world.launch("app.service");
    world.run(SECOND);

    assertEquals(Map.of("app.service", "aaaa", "web.service", "aaaa"), world.assignments());
    assertEquals(1, leader.status().failures());
    assertEquals(
        1, leader.status().done().assigned(), "the first was written, but not known to be");
  }

  @Test
  void aWriteThatWasLostIsMadeAgain() {
    var leader = world.node("aaaa").join().compete();
    world.run(SECOND);

    leader.link.loseRequest = true;
    world.launch("web.service");
    world.run(SECOND);

    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
  }

  @Test
  void aLeaderWhoseKeyIsTakenAwayCampaignsAnew() {
    var leader = world.node("aaaa").join().compete();
    world.run(SECOND.multipliedBy(5));

    world.delete("leader");
    world.launch("web.service");
    world.run(SECOND);

    assertTrue(leader.leads());
    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
  }

  @Test
  void aLostSignalCostsTenSecondsAtMost() {
    world.node("aaaa").join().compete().link.deaf = true;
    world.run(SECOND.multipliedBy(5));

    world.launch("web.service");
    world.run(SECOND.multipliedBy(11));

    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
  }

  @Test
  void othersMayWriteToTheSameStore() {
    var leader = world.node("aaaa").join().compete();
    world.run(SECOND);
    world.launch("web.service");
    world.run(SECOND);

    for (int i = 0; i < 20; i++) {
      world.store.commit(List.of(), List.of(new Op.Put("/others/" + i, "", 0)));
      world.put("explanations/web.service", "{\"summary\":\"\",\"vetoes\":{}}");
      world.run(SECOND);
    }
    world.launch("app.service");
    world.run(SECOND);

    assertEquals(Map.of("app.service", "aaaa", "web.service", "aaaa"), world.assignments());
    assertEquals(List.of(), world.explained());
    assertEquals(0, leader.status().failures());
  }

  @Test
  void aUnitThatFitsNowhereIsExplainedUntilItFits() {
    var node = world.node("aaaa").compete();
    world.launch("web.service");
    world.run(SECOND);
    assertEquals(List.of("web.service"), world.explained());

    node.join();
    world.run(SECOND);

    assertEquals(List.of(), world.explained());
    assertEquals(Map.of("web.service", "aaaa"), world.assignments());
  }

  @Test
  void explanationsOutliveTheTermThatWroteThemOnlyInTheNext() {
    var first = world.node("aaaa").compete();
    world.run(SECOND);
    world.node("bbbb").compete();
    world.launch("web.service");
    world.run(SECOND);
    assertEquals(List.of("web.service"), world.explained());

    first.powerOff();
    world.run(SECOND.multipliedBy(4));
    assertEquals(List.of("web.service"), world.explained());

    world.leader().powerOff();
    world.run(SECOND.multipliedBy(4));
    assertEquals(List.of(), world.explained());
  }

  @Test
  void aThousandUnitsAreAssignedInOneGo() {
    var leader = world.node("aaaa").join().compete();
    world.node("bbbb").join();
    world.run(SECOND);

    world.launch(
        IntStream.range(0, 1_000).mapToObj(i -> "u" + i + ".service").toArray(String[]::new));
    world.run(SECOND);

    assertEquals(1_000, world.assignments().size());
    assertEquals(1_000, leader.status().done().assigned());
    assertTrue(leader.status().planning().count() < 10, leader.status().toString());
  }

  @Test
  void aBurstOfChangesMakesAPlanEveryTwentyMilliseconds() {
    var leader = world.node("aaaa").join().compete();
    world.run(SECOND.multipliedBy(5));
    long before = leader.status().planning().count();

    for (int i = 0; i < 200; i++) {
      world.launch("u" + i + ".service"); // takes a millisecond
    }

    long plans = leader.status().planning().count() - before;
    assertTrue(9 <= plans && plans <= 11, () -> plans + " plans");
  }

  @Test
  void largeUnitsAreWrittenInSmallerBatches() {
    world.node("aaaa").join().compete();
    world.run(SECOND);
    var large =
        UnitFile.parse("[Service]\nExecStart=/bin/true " + "x".repeat(100_000)).orElseThrow();

    world.submit(
        large, IntStream.range(0, 50).mapToObj(i -> "u" + i + ".service").toArray(String[]::new));
    world.run(SECOND);

    assertEquals(50, world.assignments().size());
  }

  @Test
  void nothingIsWrittenWhenNothingChanges() {
    world.node("aaaa").join().compete();
    world.node("bbbb").join().compete();
    world.launch("web.service");
    world.submit(ClusterScene.file(List.of("MachineID=none")), "waits.service");
    world.run(SECOND.multipliedBy(10));
    long before = world.store.range("").revision();

    world.run(MINUTE.multipliedBy(10));

    assertEquals(before, world.store.range("").revision());
  }

  @Test
  void garbageFromStrangersStopsNobody() {
    world.node("aaaa").join().compete();
    world.launch("web.service");
    world.run(SECOND);

    for (String key :
        List.of("units/web.service", "units/x.service", "units/ü", "machines/aaaa", "jobs/x")) {
      world.put(key, "garbage");
    }
    world.launch("other.service");
    world.node("bbbb").join();
    world.run(SECOND.multipliedBy(10));

    assertEquals(Map.of("other.service", "bbbb", "web.service", "aaaa"), world.assignments());
  }

  @Test
  void aSpoiledLeaderKeyIsTakenForALeader() {
    var node = world.node("aaaa").join();
    world.put("leader", "garbage");
    node.compete();
    world.run(MINUTE);
    assertFalse(node.leads());

    world.delete("leader");
    world.run(Duration.ofMillis(100));

    assertTrue(node.leads());
  }
}
