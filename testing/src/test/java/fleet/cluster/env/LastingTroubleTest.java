package fleet.cluster.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LastingTroubleTest {

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final LastingTrouble trouble = new LastingTrouble(environment);
  private final List<String> log = new ArrayList<>();

  @Test
  void whatNeverCameIsNeverOver() {
    over();

    assertEquals(List.of(), log);
  }

  @Test
  void whatComesOnceIsToldOnceAndWhenItIsOver() {
    met("no answer");
    pass(Duration.ofSeconds(5));
    over();
    over();

    assertEquals(List.of("0 s: no answer", "5 s: answers again, after 5 s"), log);
  }

  @Test
  void whatLastsIsToldAtDoublingIntervalsWithItsCountWhateverItsText() {
    for (int quarter = 0; quarter < 4 * 600; quarter++) {
      met("no answer after 1." + quarter + " s");
      pass(Duration.ofMillis(250));
    }
    over();

    assertEquals(
        List.of(
            "0 s: no answer after 1.0 s",
            "60 s: no answer after 1.240 s (241 times in 60 s)",
            "3 min: no answer after 1.720 s (721 times in 3 min)",
            "7 min: no answer after 1.1680 s (1681 times in 7 min)",
            "10 min: answers again, after 10 min"),
        log);
  }

  @Test
  void whatLastsForWeeksIsToldEveryHour() {
    for (int minute = 0; minute < 14 * 24 * 60; minute++) {
      met("no answer");
      pass(Duration.ofMinutes(1));
    }

    assertEquals(
        "13 d 23 h: no answer (20104 times in 13 d 23 h)", log.getLast(), () -> log.toString());
    assertTrue(log.size() <= 14 * 24 + 6, () -> log.size() + " lines");
  }

  @Test
  void otherKindIsToldAtOnceAndEachOnce() {
    for (int second = 0; second < 30; second++) {
      trouble.met("n1", "no answer of n1").ifPresent(this::log);
      trouble.met("n2", "no answer of n2").ifPresent(this::log);
      pass(Duration.ofSeconds(1));
    }

    assertEquals(List.of("0 s: no answer of n1", "0 s: no answer of n2 (2 times in 0 s)"), log);
  }

  @Test
  void moreKindsThanAnybodyTellsApartAreOne() {
    for (int i = 0; i < 10_000; i++) {
      trouble.met("kind " + i, "no answer").ifPresent(this::log);
    }

    assertEquals(8, log.size());
  }

  @Test
  void whatComesAndGoesAllTheTimeIsToldNoMoreOftenThanWhatStays() {
    for (int quarter = 0; quarter < 4 * 600; quarter++) {
      met("lost");
      pass(Duration.ofMillis(100));
      over();
      pass(Duration.ofMillis(150));
    }

    assertEquals(
        List.of(
            "0 s: lost",
            "100 ms: answers again, after 100 ms",
            "60 s: lost (241 times in 60 s)",
            "60 s: answers again, after 60 s",
            "3 min: lost (721 times in 3 min)",
            "3 min: answers again, after 3 min",
            "7 min: lost (1681 times in 7 min)",
            "7 min: answers again, after 7 min"),
        log);
  }

  @Test
  void whatComesAgainAfterALongWhileIsToldAtOnce() {
    met("lost");
    over();
    pass(Duration.ofMinutes(1));
    met("lost");

    assertEquals(List.of("0 s: lost", "0 s: answers again, after 0 s", "60 s: lost"), log);
  }

  @Test
  void whatComesAgainAndStaysIsToldWithinAMinute() {
    met("lost");
    over();
    pass(Duration.ofMillis(10));
    for (int second = 0; second <= 60; second++) {
      met("lost");
      pass(Duration.ofSeconds(1));
    }

    assertEquals(3, log.size(), log::toString);
    assertEquals("60 s: lost (62 times in 60 s)", log.getLast());
  }

  @Test
  void whatHasLastedIsToldAtOnceWhenItComesAgain() {
    for (int minute = 0; minute < 32; minute++) {
      met("lost");
      pass(Duration.ofMinutes(1));
    }
    over();
    log.clear();
    pass(Duration.ofSeconds(1));
    met("lost");

    assertEquals(List.of("32 min 1 s: lost"), log);
  }

  private void met(String sentence) {
    trouble.met(sentence).ifPresent(this::log);
  }

  private void over() {
    trouble.over("answers again").ifPresent(this::log);
  }

  private void log(String line) {
    log.add(Spans.text(environment.uptime()) + ": " + line);
  }

  private void pass(Duration span) {
    environment.run(span);
  }
}
