package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.TargetState;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What an agent does with the copy of its assignments that it keeps on disk.
final class AgentDiskTest extends AgentScene {

  @Test
  void machineThatBootsWithoutAStoreRunsWhatWasAssignedLast() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("db.service", SERVICE);
          pass(2_000);
          reboot("boot-2");
          asked();
          cable.pull();

          startAgent();
          pass(9_000);
          assertEquals("", asked());
          pass(3_000);

          assertEquals("[db.service, web.service]", running());
          unassign("db.service");
          plug();
          pass(10_000);
          assertEquals("[web.service]", running());
        });
  }

  @Test
  void garbageInTheCopyIsIgnoredAndTheRestIsUsed() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          reboot("boot-2");
          asked();
          assignments.write(
              assignments.read().text() + "no unit\ndb.service\t{\"contents\":\n\u0000\u0000\n");
          cable.pull();

          startAgent();
          pass(15_000);

          assertEquals("[web.service]", running());
        });
  }

  @Test
  void copyOfAnotherMachinesAssignmentsIsNotUsed() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          reboot("boot-2");
          asked();
          assignments.write(assignments.read().text().replace(ID.text(), "00".repeat(16)));
          cable.pull();

          startAgent();
          pass(60_000);

          assertEquals("", asked());
        });
  }

  @Test
  void fullDiskStopsNothing() {
    within(
        () -> {
          assignments.failing(Optional.of("No space left on device"));
          applied.failing(Optional.of("No space left on device"));
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          assertEquals("web.service launched active", states());

          assignments.failing(Optional.empty());
          pass(61_000);
          assertTrue(assignments.read().text().contains("web.service"));
        });
  }

  @Test
  void notesThatCouldNotBeWrittenStopNothingWhenTheNextAgentReadsThem() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("db.service", SERVICE);
          pass(2_000);
          applied.failing(Optional.of("No space left on device"));
          assign("web.service", SERVICE, TargetState.LAUNCHED, 2);
          assign("db.service", OTHER, TargetState.LAUNCHED, 1);
          pass(2_000);
          asked();

          killAgent();
          startAgent();
          pass(10_000);
          assertEquals("", asked());
          assertEquals("db.service launched active; web.service launched active", states());
          assertEquals(2, state("web.service").generation());

          applied.failing(Optional.empty());
          pass(61_000);
          killAgent();
          startAgent();
          pass(10_000);
          assertEquals("", asked());
          assertFalse(applied.read().stale());
        });
  }

  @Test
  void restartIsCarriedOnThoughTheAgentIsKilledAndNothingCouldBeNoted() {
    within(
        () -> {
          startAgent();
          launch("web.service", SLOW_STOP);
          pass(2_000);
          applied.failing(Optional.of("No space left on device"));
          assign("web.service", SLOW_STOP, TargetState.LAUNCHED, 2);
          pass(5_000);

          killAgent();
          pass(60_000);
          assertEquals("[web.service]", running());
          startAgent();
          pass(10_000);

          assertEquals("web.service launched active", states());
          assertTrue(asked().endsWith("restart web.service"));
        });
  }

  @Test
  void notesThatCouldNotBeWrittenAreWrittenOnceThereIsRoomThoughNothingHasChanged() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          applied.failing(Optional.of("No space left on device"));
          launch("db.service", SERVICE);
          pass(5_000);
          assertTrue(applied.read().stale());

          applied.failing(Optional.empty());
          pass(80_000);

          assertFalse(applied.read().stale());
          assertTrue(applied.read().text().contains("db.service"));
        });
  }
}
