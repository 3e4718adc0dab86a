package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.TargetState;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an agent does about units that fail, strangers that meddle, and a systemd that will not.
final class AgentTroubleTest extends AgentScene {

  @Test
  void oneFailingUnitAmongFiftyDisturbsNobody() {
    within(
        () -> {
          startAgent();
          launch("bad.service", FAILING);
          launch("empty.service", BROKEN);
          launch("unable.service", SERVICE + "\n[Install]\nAlias=unable.socket\n");
          for (int i = 0; i < 47; i++) {
            launch("web@" + i + ".service", SERVICE);
          }
          pass(3_000);

          assertEquals(47, systemd.running().size());
          assertEquals("", problem("bad.service"));
          assertEquals("Unit empty.service has a bad unit file setting.", problem("empty.service"));
          assertEquals(
              "Failed to enable systemd unit unable.service: Invalid cross-device link",
              problem("unable.service"));
          assertEquals("", problem("web@1.service"));
        });
  }

  @Test
  void unitThatFailsTellsItsLastWordsUntilItIsUpAgain() {
    within(
        () -> {
          startAgent();
          launch("bad.service", FAILING);
          launch("web.service", SERVICE);
          pass(700);

          List<String> words = List.of("bad.service: Failed with result 'exit-code'.");
          assertEquals(words, state("bad.service").log());
          assertEquals(List.of(), state("web.service").log());

          systemd.fail(unit("web.service"));
          pass(700);
          assertEquals(
              List.of("web.service: Failed with result 'exit-code'."), state("web.service").log());

          assign("web.service", SERVICE, TargetState.LAUNCHED, 2);
          pass(700);
          assertEquals(List.of(), state("web.service").log());
        });
  }

  @Test
  void journalThatCannotBeReadKeepsNothingFromBeingTold() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);

          systemd.withoutJournal();
          systemd.fail(unit("web.service"));
          pass(700);

          assertEquals("web.service launched failed", states());
          assertEquals(List.of(), state("web.service").log());
        });
  }

  @Test
  void unitThatCannotStartIsTriedAgainLessAndLessOften() {
    within(
        () -> {
          startAgent();
          launch("bad.service", BROKEN);
          pass(300_000);

          long starts = systemd.history().stream().filter("start bad.service"::equals).count();

          // After 1, 2, 4, 8, 16, 32 s and then every minute, give or take a quarter.
          assertTrue(starts >= 8 && starts <= 12, () -> starts + " starts");
        });
  }

  @Test
  void unitThatRanAndFailedIsLeftToSystemd() {
    within(
        () -> {
          startAgent();
          launch("bad.service", FAILING);
          pass(300_000);

          assertEquals("bad.service launched failed", states());
          assertEquals("exit-code", state("bad.service").result());
          assertEquals(1, state("bad.service").generation());
          assertEquals(1, systemd.history().stream().filter("start bad.service"::equals).count());
        });
  }

  @Test
  void newFileForAUnitThatCannotStartIsTriedAtOnce() {
    within(
        () -> {
          startAgent();
          launch("bad.service", BROKEN);
          pass(60_000);
          asked();

          launch("bad.service", SERVICE);
          pass(300);

          assertEquals("bad.service launched active", states());
          assertEquals("", problem("bad.service"));
        });
  }

  @Test
  void fileThatSomebodySpoilsIsWrittenAnewWithoutARestart() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("db.service", SERVICE);
          pass(2_000);
          asked();

          systemd.write(unit("web.service"), "garbage");
          systemd.delete(unit("db.service"));
          pass(80_000);

          assertEquals(lines("install db.service, web.service", "reload"), asked());
          assertEquals("db.service launched active; web.service launched active", states());
        });
  }

  @Test
  void strangersInTheUnitsDirectoryAreRemoved() {
    within(
        () -> {
          systemd.write(unit("old.service"), "garbage");
          startAgent();
          launch("web.service", SERVICE);
          pass(3_000);

          assertEquals("web.service launched active", states());
        });
  }

  @Test
  void assignmentThatCannotBeUnderstoodLeavesItsUnitAsItIs() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          launch("db.service", SERVICE);
          pass(2_000);
          asked();

          scribble("assignments/" + ID + "/web.service", "not JSON", 0);
          scribble("assignments/" + ID + "/no-unit", "whatever", 0);
          scribble("assignments/" + ID + "/new.service", "{}", 0);
          pass(3_000);
          killAgent();
          startAgent();
          pass(10_000);

          assertEquals("", asked());
          assertEquals("[db.service, web.service]", running());
        });
  }

  @Test
  void assignmentThatCannotBeUnderstoodLeavesItsUnitAsItIsAlsoIfTheCopyIsLost() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          scribble("assignments/" + ID + "/web.service", "not JSON", 0);
          killAgent();
          pass(1);
          assignments.write("");
          startAgent();
          pass(5_000);

          assertEquals("", asked());
          assertEquals("[web.service]", running());
          assertTrue(
              problem("web.service").startsWith("its assignment cannot be understood: "),
              problem("web.service"));
        });
  }

  @Test
  void systemdThatGoesAwayIsWaitedFor() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();

          systemd.away(true);
          launch("db.service", SERVICE);
          pass(30_000);
          assertTrue(present());
          systemd.away(false);
          pass(300);

          assertEquals(lines("install db.service", "reload", "start db.service"), asked());
          assertEquals(List.of("[db.service, web.service]"), List.of(running()));
        });
  }

  @Test
  void unitThatSomethingElseKeepsStartingIsNotStoppedOverAndOver() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          asked();
          systemd.startsAgain(unit("web.service"));

          unassign("web.service");
          pass(30_000);

          long stops = systemd.history().stream().filter("stop web.service"::equals).count();
          assertTrue(stops >= 3 && stops <= 8, () -> stops + " stops");
          assertEquals("it was stopped and is active again", problem("web.service"));
        });
  }

  @Test
  void reloadThatIsRefusedIsAskedForAgain() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          systemd.refuseReloads(3);

          launch("db.service", SERVICE);
          pass(700);
          assertEquals(
              "systemd will not reload: Reload() request rejected due to rate limit.",
              problem("db.service"));
          assertEquals("web.service launched active", states().split("; ")[1]);

          pass(30_000);
          assertEquals("db.service launched active; web.service launched active", states());
        });
  }
}
