package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.Machine;
import fleet.testing.time.ThreadLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an agent writes into its log while trouble lasts: as much as a person wants to read.
final class AgentLogTest extends AgentScene {

  private static final Logger AGENT = Logger.getLogger("fleet.agent");

  private final ThreadLog log = new ThreadLog();

  @BeforeEach
  void listen() {
    AGENT.addHandler(log);
  }

  @AfterEach
  void endListening() {
    AGENT.removeHandler(log);
  }

  private List<String> lines() {
    return log.records().stream().map(LogRecord::getMessage).toList();
  }

  /// How many lines begin so.
  private long count(String beginning) {
    return lines().stream().filter(line -> line.startsWith(beginning)).count();
  }

  @Test
  void storeThatIsAwayIsToldOfAtDoublingIntervalsAndWhenItIsBack() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);

          cable.pull();
          systemd.fail(unit("web.service"));
          pass(600_000);
          plug();
          pass(5_000);

          // At once, and after 1, 3 and 7 minutes.
          long told = count("the store does not answer");
          assertTrue(2 <= told && told <= 4, () -> lines().toString());
          assertTrue(count("cannot publish states") <= 4, () -> lines().toString());
          assertEquals(1, count("the store answers again, after "), () -> lines().toString());
        });
  }

  @Test
  void systemdThatIsAwayIsToldOfAtDoublingIntervalsAndWhenItIsBack() {
    within(
        () -> {
          startAgent();
          launch("web.service", SERVICE);
          pass(2_000);

          systemd.away(true);
          pass(600_000);
          systemd.away(false);
          pass(120_000);

          long told = count("systemd does not answer");
          assertTrue(2 <= told && told <= 4, () -> lines().toString());
          assertEquals(1, count("systemd answers again, after 1"), () -> lines().toString());
        });
  }

  @Test
  void leavingWhileTheStoreIsAwayIsToldOfAtDoublingIntervals() {
    within(
        () -> {
          var agent = startAgent();
          launch("slow.service", SLOW_STOP.replace("20", "500"));
          pass(2_000);

          cable.pull();
          agent.leave(Duration.ofMinutes(5));

          long told = count("leaving, and cannot say so");
          assertTrue(1 <= told && told <= 3, () -> lines().toString());
        });
  }

  @Test
  void diskThatFailsIsToldOfOnceWhateverItsTextAndWhenItIsWellAgain() {
    within(
        () -> {
          startAgent();
          for (int i = 0; i < 20; i++) {
            applied.failing(Optional.of("no space left, found for the " + i + "th time"));
            launch("web@" + i + ".service", SERVICE);
            pass(1_000);
          }
          applied.failing(Optional.empty());
          launch("last.service", SERVICE);
          pass(2_000);

          assertEquals(1, count("cannot note what was done"), () -> lines().toString());
          assertEquals(1, count("what was done is noted again, after "), () -> lines().toString());
        });
  }

  @Test
  void copyThatCannotBeKeptIsToldOfOnceAndWhenItIsKeptAgain() {
    within(
        () -> {
          startAgent();
          assignments.failing(Optional.of("no space left"));
          launch("web.service", SERVICE);
          pass(100_000);
          assignments.failing(Optional.empty());
          pass(61_000);

          assertTrue(lines().contains("cannot keep a copy of what is assigned: no space left"));
          assertEquals(
              1, count("a copy of what is assigned is kept again"), () -> lines().toString());
        });
  }

  @Test
  void assignmentThatCannotBeUnderstoodIsToldOfOnce() {
    within(
        () -> {
          startAgent();
          pass(2_000);
          scribble("assignments/" + ID + "/web.service", "not JSON", 0);
          pass(2_000);
          assertEquals(1, count("the assignment cannot be understood"), () -> lines().toString());

          launch("db.service", SERVICE);
          pass(2_000);

          assertEquals(1, count("the assignment cannot be understood"), () -> lines().toString());
          assertEquals("[db.service]", running());
        });
  }

  @Test
  void eachLineOfTheNotesThatCannotBeUnderstoodIsToldOf() {
    within(
        () -> {
          applied.write(
              "web.service\tno hash\nweb.service\truns\t1\tnobodys\nweb.service\torders\tx\n");
          startAgent();
          pass(2_000);

          assertEquals(3, count("ignored in "), () -> lines().toString());
        });
  }

  @Test
  void switchThatCannotBeExtendedIsToldOfAndWhenItIsAgain() {
    within(
        () -> {
          startAgent();
          launch("only.service", SERVICE + "[X-Fleet]\nExclusive=true\n");
          pass(5_000);
          assertEquals(0, count("cannot extend"), () -> lines().toString());

          systemd.away(true);
          pass(5_000);
          systemd.away(false);
          pass(20_000);

          assertEquals(1, count("cannot extend dead man's switches"), () -> lines().toString());
          assertEquals(
              1, count("dead man's switches are extended again"), () -> lines().toString());
        });
  }

  @Test
  void machineThatLeavesTellsOfWhatHasNotStopped() {
    within(
        () -> {
          var agent = startAgent();
          launch("web.service", SERVICE);
          pass(2_000);
          agent.leave(Duration.ofSeconds(30));
          assertEquals(0, count("leaving, though"), () -> lines().toString());

          agent = startAgent();
          launch("slow.service", SLOW_STOP);
          pass(2_000);
          agent.leave(Duration.ofSeconds(5));

          assertEquals(1, count("leaving, though units have not stopped within 5 s"));
        });
  }

  @Test
  void machineThatWaitsForAnotherOfItsIdTellsWhatToDoOnceItIsNoGhost() {
    within(
        () -> {
          var original = new Machine(ID, "10.0.0.9", new TreeMap<>(), "2.0.0", "another boot");
          leader.announce(original, memory.grant(Duration.ofHours(1)), Optional.empty());
          startAgent();
          pass(5_000);
          assertEquals(0, count("waiting for "), () -> lines().toString());

          pass(600_000);

          long told = count("waiting for ");
          assertTrue(1 <= told && told <= 4, () -> lines().toString());
        });
  }
}
