package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.presence.AgentStatus;
import fleet.agent.presence.AgentStatus.Standing;
import fleet.cluster.Machine;
import fleet.cluster.TargetState;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What an agent does when the store, its own process or its machine is not what it was.
final class AgentAndStoreTest extends AgentScene {

  @Test
  void machineIsPresentAsLongAsItsAgentRuns() {
    within(
        () -> {
          var agent = startAgent();
          pass(100);
          assertTrue(present());
          assertEquals(new AgentStatus(Standing.PRESENT, Optional.empty(), ""), agent.status());

          pass(60_000);
          assertTrue(present());

          killAgent();
          pass(2_000);
          assertTrue(present());
          pass(1_500);
          assertFalse(present());
        });
  }

  @Test
  void storeThatIsAwayStopsNothing() {
    within(
        () -> {
          var agent = startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          cable.pull();
          pass(120_000);

          assertEquals("", asked());
          assertEquals("[web.service]", running());
          assertFalse(present());
          assertTrue(agent.status().storeAwaySince().isPresent());
          assertEquals("the cable is pulled", agent.status().problem());
        });
  }

  @Test
  void storeThatComesBackFindsTheMachineAndAllItsStatesAgain() {
    within(
        () -> {
          var agent = startAgent();
          launch("web.service", SERVICE);
          launch("db.service", SERVICE);
          pass(2_000);
          asked();

          cable.pull();
          pass(60_000);
          assertEquals("", states());
          plug();
          pass(3_000);

          assertTrue(present());
          assertEquals("db.service launched active; web.service launched active", states());
          assertEquals("", asked());
          assertEquals(new AgentStatus(Standing.PRESENT, Optional.empty(), ""), agent.status());
        });
  }

  @Test
  void whatWasDecidedWhileTheStoreWasAwayAppliesWhenItIsBack() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("db.service", SERVICE);
          pass(2_000);

          cable.pull();
          pass(30_000);
          unassign("web.service");
          launch("new.service", SERVICE);
          plug();
          pass(3_000);

          assertEquals("[db.service, new.service]", running());
        });
  }

  @Test
  void unitsAreKeptWhileTheStoreIsAway() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("bad.service", BROKEN);
          pass(2_000);
          cable.pull();
          asked();

          pass(20_000);

          assertTrue(asked().startsWith("start bad.service"));
        });
  }

  @Test
  void lostAnswersAreNoLostStates() {
    within(
        () -> {
          startAgent();
          pass(1_000);
          cable.loseAnswers(3);

          launch("web.service", SERVICE);
          pass(3_000);
          assertEquals("web.service launched active", states());

          cable.loseAnswers(2);
          unassign("web.service");
          pass(3_000);
          assertEquals("", states());
        });
  }

  @Test
  void onlyItsOwnKeysAreWritten() {
    within(
        () -> {
          scribble("states/other/web.service", "a stranger's", 0);
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          unassign("web.service");
          pass(2_000);

          assertEquals(
              "[/fleet/machines/" + ID + ", /fleet/states/other/web.service]",
              contents().keySet().toString());
        });
  }

  @Test
  void agentThatWasKilledTakesOverAtOnceAndRestartsNothing() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("job.service", ONESHOT);
          assign("loaded.service", SERVICE, TargetState.LOADED, 1);
          pass(2_000);
          asked();
          var before = contents();

          killAgent();
          startAgent();
          pass(500);

          assertTrue(present());
          assertEquals("", asked());
          pass(10_000);
          assertEquals("", asked());
          assertEquals(
              "job.service launched inactive; loaded.service loaded inactive; web.service"
                  + " launched active",
              states());
          assertNotEquals(before, contents());
        });
  }

  @Test
  void agentWhoseNotesAreLostRestartsNothingThatRuns() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();
          killAgent();
          applied.write("\u0000garbage\nweb.service\tno hash\n");

          startAgent();
          pass(5_000);

          assertEquals("", asked());
          assertEquals("web.service launched active", states());
        });
  }

  @Test
  void agentWithAllItsUnitsIsKilledInTheMiddleOfAReplacement() {
    within(
        () -> {
          startAgent();
          launch("web.service", SLOW_STOP);
          pass(2_000);
          launch("web.service", OTHER);
          pass(5_000);
          asked();

          killAgent();
          startAgent();
          pass(10_000);
          assertEquals("", asked());

          pass(7_000);
          assertEquals(lines("install web.service", "reload", "start web.service"), asked());
        });
  }

  @Test
  void rebootedMachineWaitsForItsOwnGhostAndRunsWhatIsStillAssigned() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          reboot("boot-2");
          asked();

          var agent = startAgent();
          pass(1_000);
          assertEquals(Standing.NAMESAKE, agent.status().standing());
          assertEquals("", asked());

          pass(4_000);
          assertEquals(Standing.PRESENT, agent.status().standing());
          assertEquals(lines("install web.service", "reload", "start web.service"), asked());
        });
  }

  @Test
  void rebootedMachineTakesThePlaceOfItsGhostBeforeItCountsAsLost() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          reboot("boot-2");

          startAgent();
          for (int i = 0; i < 60; i++) {
            pass(100);
            assertTrue(leader.announced(ID).isPresent());
          }

          assertEquals(
              "boot-2", leader.announced(ID).orElseThrow().machine().orElseThrow().bootId());
          assertEquals("[web.service]", running());
        });
  }

  @Test
  void machineWhosePlaceWasTakenWhileItWasSilentSeesThatAtOnce() {
    within(
        () -> {
          var agent = startAgent();
          pass(2_000);
          cable.pull();
          pass(2_500);
          var copy = new Machine(ID, "10.0.0.9", new TreeMap<>(), "2.0.0", "another boot");
          leader.announce(copy, memory.grant(Duration.ofHours(1)), leader.announced(ID));

          plug();
          pass(2_000);

          assertEquals(Standing.NAMESAKE, agent.status().standing());
        });
  }

  @Test
  void copyOfAMachineWaitsForEverAndRunsNothing() {
    within(
        () -> {
          var original = new Machine(ID, "10.0.0.9", new TreeMap<>(), "2.0.0", "another boot");
          long lease = memory.grant(Duration.ofHours(1));
          leader.announce(original, lease, Optional.empty());
          launch("web.service", SERVICE);

          var copy = startAgent();
          pass(200_000);

          assertEquals("", asked());
          assertEquals(lease, leader.announced(ID).orElseThrow().lease());
          assertEquals(Standing.NAMESAKE, copy.status().standing());
          assertEquals(
              "a machine with the same ID "
                  + ID
                  + " is present, address=10.0.0.9 boot=another boot",
              copy.status().problem());

          memory.revoke(lease);
          pass(2_000);
          assertEquals(Standing.PRESENT, copy.status().standing());
          assertEquals("[web.service]", running());
        });
  }

  @Test
  void copyThatIsAnnouncedJustBeforeTheMachineIsWaitedFor() {
    within(
        () -> {
          var agent = startAgent();
          pass(2); // it has seen that nobody is there, and asks for a lease
          var copy = new Machine(ID, "10.0.0.9", new TreeMap<>(), "2.0.0", "another boot");
          leader.announce(copy, memory.grant(Duration.ofHours(1)), Optional.empty());
          pass(5_000);

          assertEquals(Standing.NAMESAKE, agent.status().standing());
          assertEquals(copy, leader.announced(ID).orElseThrow().machine().orElseThrow());
        });
  }

  @Test
  void copyThatComesWhileTheOriginalIsCutOffStopsNothingThere() {
    within(
        () -> {
          var agent = startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();
          cable.pull();
          pass(10_000);
          var copy = new Machine(ID, "10.0.0.9", new TreeMap<>(), "2.0.0", "another boot");
          leader.announce(copy, memory.grant(Duration.ofHours(1)), Optional.empty());
          unassign("web.service");

          plug();
          pass(60_000);

          assertEquals(Standing.NAMESAKE, agent.status().standing());
          assertEquals("", asked());
        });
  }

  @Test
  void recordThatAStrangerSpoiledIsWrittenAnew() {
    within(
        () -> {
          scribble("machines/" + ID, "garbage", 0);
          startAgent();
          pass(2_000);
          assertEquals(
              Optional.of(machine()),
              leader.announced(ID).map(record -> record.machine().orElseThrow()));

          scribble("machines/" + ID, "garbage", 0);
          pass(90_000);
          assertEquals(
              Optional.of(machine()),
              leader.announced(ID).map(record -> record.machine().orElseThrow()));
        });
  }

  @Test
  void machineThatChangesIsAnnouncedAnew() {
    within(
        () -> {
          startAgent();
          pass(2_000);

          boot = "boot-1"; // the same machine
          address = "10.0.0.2";
          pass(2_000);

          assertEquals(
              "10.0.0.2", leader.announced(ID).orElseThrow().machine().orElseThrow().address());
        });
  }
}
