package fleet.chaos;

import static fleet.chaos.PromisesTest.at;
import static fleet.chaos.PromisesTest.run;
import static fleet.chaos.PromisesTest.trouble;
import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.chaos.JournalEntry.What;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JournalRunsTest {

  private static JournalEntry entry(long second, What what) {
    return new JournalEntry(at(second), what, "x-calm@1.service", "n1-" + second);
  }

  @Test
  void aLineOfTheJournalIsReadAsItWasSent() {
    String line =
        """
        {"__REALTIME_TIMESTAMP":"9000000","MESSAGE_ID":"39f53479d3a045ac8e11786248231fbf",\
        "UNIT":"x-calm@1.service","_SOURCE_REALTIME_TIMESTAMP":"5000000","INVOCATION_ID":"n1-5"}\
        """;

    assertEquals(Optional.of(entry(5, What.STARTED)), JournalEntry.parse(line));
    assertEquals(Optional.empty(), JournalEntry.parse("{\"MESSAGE\":\"something else\"}"));
  }

  @Test
  void aLifeGoesFromStartedToStopped() {
    List<JournalEntry> journal =
        List.of(
            entry(10, What.STARTED),
            entry(20, What.STOPPING),
            entry(21, What.SUCCEEDED),
            entry(21, What.STOPPED),
            entry(30, What.STARTED));

    assertEquals(
        List.of(new Run("x-calm@1.service", "n1", "n1-10", at(10), at(20), at(21)), run("n1", 30)),
        JournalRuns.of("n1", journal, List.of()));
  }

  @Test
  void aLifeEndsWithThePowerOfItsMachine() {
    var cut = trouble(Fault.POWER_OFF, "n1", 20, 25);
    var other = trouble(Fault.POWER_OFF, "n2", 15, 18);

    assertEquals(
        List.of(run("n1", 10, 20), run("n1", 30)),
        JournalRuns.of(
            "n1", List.of(entry(10, What.STARTED), entry(30, What.STARTED)), List.of(other, cut)));
    assertEquals(
        List.of(run("n1", 10, 20)),
        JournalRuns.of("n1", List.of(entry(10, What.STARTED)), List.of(other, cut)));
  }

  @Test
  void aLifeThatBeginsWhileThePowerIsBeingCutEndsWithIt() {
    var cut = new Trouble(Fault.POWER_OFF, "n1", at(19), at(21), at(30), at(30));

    assertEquals(
        List.of(run("n1", 20, 21), run("n1", 25)),
        JournalRuns.of(
            "n1", List.of(entry(20, What.STARTED), entry(25, What.STARTED)), List.of(cut)));
  }

  @Test
  void aProcessThatEndsByItselfEndsItsLife() {
    assertEquals(
        List.of(new Run("x-calm@1.service", "n1", "n1-10", at(10), at(20), Instant.MAX)),
        JournalRuns.of(
            "n1", List.of(entry(10, What.STARTED), entry(20, What.PROCESS_ENDED)), List.of()));
  }
}
