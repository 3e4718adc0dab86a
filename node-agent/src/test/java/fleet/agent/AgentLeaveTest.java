package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.presence.AgentStatus.Standing;
import fleet.cluster.Machine;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What an agent does when it is to leave the cluster.
final class AgentLeaveTest extends AgentScene {

  private static final Duration MINUTE = Duration.ofSeconds(60);

  @Test
  void machineIsThereNoMoreAtOnceAndEachUnitIsToldOfUntilItHasStopped() {
    within(
        () -> {
          var agent = startAgent();
          launch("web.service", SERVICE);
          launch("slow.service", SLOW_STOP);
          pass(2_000);

          environment.fork("leave", () -> agent.leave(MINUTE));
          pass(200);
          assertFalse(present());
          assertEquals(Standing.LEAVING, agent.status().standing());
          pass(300);
          assertEquals("slow.service launched deactivating", states());
          assertEquals("[slow.service]", running());

          pass(18_000);
          assertFalse(present());
          assertEquals("slow.service launched deactivating", states());

          pass(3_000);
          assertEquals("", states());
          assertEquals("[]", running());
          assertEquals(Standing.LEFT, agent.status().standing());
          assertTrue(asked().endsWith(lines("remove slow.service", "reload")));
          assertFalse(assignments.read().text().contains("service"));
          assertTrue(contents().keySet().stream().noneMatch(key -> key.contains("states/")));
          pass(30_000);
          assertFalse(present());
          assertEquals("[]", running());
        });
  }

  /// Its record, which it does not know of, ends with the lease rather than with the last unit.
  @Test
  void machineThatWasNotToldOfItsAnnouncementIsThereNoMoreSoonAfterItLeaves() {
    within(
        () -> {
          startAgent();
          launch("slow.service", SLOW_STOP);
          pass(2_000);
          cable.loseAnswerAndReads(10);
          var agent = startAgent();
          pass(1_500);
          assertTrue(present());

          environment.fork("leave", () -> agent.leave(MINUTE));
          pass(6_000);

          assertFalse(present());
          assertEquals("[slow.service]", running());
        });
  }

  @Test
  void machineThatHasNoUnitsLeavesAtOnce() {
    within(
        () -> {
          var agent = startAgent();
          pass(2_000);

          assertTrue(timeToLeave(agent) < 500);

          assertFalse(present());
          assertEquals(Standing.LEFT, agent.status().standing());
        });
  }

  @Test
  void machineThatHasNoUnitsLeavesAtOnceHoweverLongItHasHadNothingToDo() {
    within(
        () -> {
          var agent = startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          unassign("web.service");
          pass(300_000);

          assertTrue(timeToLeave(agent) < 500);
        });
  }

  @Test
  void machineLeavesAtOnceThatHasJustBeenStarted() {
    within(
        () -> {
          var agent = startAgent();

          assertTrue(timeToLeave(agent) < 500);
        });
  }

  @Test
  void machineWithOneUnitLeavesWhenThatHasStopped() {
    within(
        () -> {
          var agent = startAgent();
          launch("web.service", SERVICE);
          pass(2_000);

          assertTrue(timeToLeave(agent) < 1_000);

          assertEquals("[]", running());
        });
  }

  @Test
  void machineWithOneUnitThatStopsSlowlyLeavesWhenThatHasStopped() {
    within(
        () -> {
          var agent = startAgent();
          launch("slow.service", SLOW_STOP);
          pass(2_000);

          long took = timeToLeave(agent);

          assertTrue(20_000 <= took && took < 21_000, took + " ms");
          assertEquals("[]", running());
        });
  }

  @Test
  void machineThatHasNoUnitsLeavesAtOnceAlsoWhileTheStoreIsAway() {
    within(
        () -> {
          var agent = startAgent();
          pass(2_000);
          cable.pull();
          pass(60_000);

          assertTrue(timeToLeave(agent) < 5_000);
        });
  }

  @Test
  void machineThatWasNeverPresentLeavesAtOnce() {
    within(
        () -> {
          cable.pull();
          var agent = startAgent();
          pass(60_000);

          assertTrue(timeToLeave(agent) < 5_000);
        });
  }

  /// In milliseconds.
  private long timeToLeave(Agent agent) throws InterruptedException {
    Duration began = environment.uptime();
    agent.leave(MINUTE);
    return environment.uptime().minus(began).toMillis();
  }

  @Test
  void unitsStopSideBySide() {
    within(
        () -> {
          var agent = startAgent();
          for (int i = 0; i < 20; i++) {
            launch("slow@" + i + ".service", SLOW_STOP);
          }
          pass(5_000);

          Duration began = environment.uptime();
          agent.leave(MINUTE);

          assertEquals("[]", running());
          assertTrue(environment.uptime().minus(began).compareTo(Duration.ofSeconds(25)) < 0);
        });
  }

  @Test
  void whatTakesLongerThanTheLimitGoesOnStopping() {
    within(
        () -> {
          var agent = startAgent();
          launch("slow.service", SLOW_STOP);
          pass(2_000);

          agent.leave(Duration.ofSeconds(5));

          assertFalse(present());
          assertEquals("", states());
          assertEquals("[slow.service]", running());
          pass(20_000);
          assertEquals("[]", running());
        });
  }

  @Test
  void leaseOfAnExclusiveUnitThatGoesOnStoppingEndsByItself() {
    within(
        () -> {
          var agent = startAgent();
          launch("slow.service", SLOW_STOP + "\n[X-Fleet]\nExclusive=true\n");
          pass(2_000);

          agent.leave(Duration.ofSeconds(1));

          assertFalse(present());
          assertEquals("slow.service launched deactivating", states());
          assertEquals("[slow.service]", running());
          pass(3_000);
          assertEquals("", states());
        });
  }

  @Test
  void unitsStopAlsoWhileTheStoreIsAway() {
    within(
        () -> {
          var agent = startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          cable.pull();

          Duration began = environment.uptime();
          agent.leave(MINUTE);

          assertEquals("[]", running());
          assertTrue(environment.uptime().minus(began).compareTo(Duration.ofSeconds(5)) < 0);
          assertEquals(Standing.LEFT, agent.status().standing());
          assertFalse(assignments.read().text().contains("service"));
          pass(5_000);
          assertFalse(present());
        });
  }

  @Test
  void machineThatHasNotYetBeenPresentLeavesWithoutATrace() {
    within(
        () -> {
          cable.pull();
          var agent = startAgent();
          pass(2_000);

          agent.leave(MINUTE);
          plug();
          pass(30_000);

          assertFalse(present());
        });
  }

  @Test
  void namesakeThatLeavesTakesNothingFromTheOther() {
    within(
        () -> {
          var original = new Machine(ID, "10.0.0.9", new TreeMap<>(), "2.0.0", "another boot");
          leader.announce(original, memory.grant(Duration.ofHours(1)), Optional.empty());
          var copy = startAgent();
          pass(2_000);
          assertEquals(Standing.NAMESAKE, copy.status().standing());

          copy.leave(MINUTE);
          pass(2_000);

          assertTrue(present());
        });
  }

  @Test
  void agentThatStartsAfterItsMachineHasLeftJoinsAtOnce() {
    within(
        () -> {
          var agent = startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          agent.leave(MINUTE);

          startAgent();
          pass(500);

          assertTrue(present());
          assertEquals("web.service launched active", states());
        });
  }
}
