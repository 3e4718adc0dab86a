package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an agent writes into its log while trouble lasts: as much as a person wants to read.
final class AgentLogTest extends AgentScene {

  private static final Logger AGENT = Logger.getLogger("fleet.agent");

  private final List<String> lines = new ArrayList<>();
  private final long thread = Thread.currentThread().threadId();

  private final Handler log =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getLongThreadID() == thread) { // others may be tested beside us
            lines.add(line.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    AGENT.addHandler(log);
  }

  @AfterEach
  void endListening() {
    AGENT.removeHandler(log);
  }

  /// How many lines begin so.
  private long count(String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).count();
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
          assertTrue(count("the store does not answer") <= 4, lines::toString);
          assertTrue(count("cannot publish states") <= 4, lines::toString);
          assertEquals(1, count("the store answers again, after "), lines::toString);
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
          assertTrue(2 <= told && told <= 4, lines::toString);
          assertEquals(1, count("systemd answers again, after 1"), lines::toString);
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
          assertTrue(1 <= told && told <= 3, lines::toString);
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

          assertEquals(1, count("cannot note what was done"), lines::toString);
          assertEquals(1, count("what was done is noted again, after "), lines::toString);
        });
  }
}
