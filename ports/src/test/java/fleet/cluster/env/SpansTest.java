package fleet.cluster.env;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpansTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 s",
    "PT0.000001S, 1 ms",
    "PT0.3S, 300 ms",
    "PT0.9999S, 999 ms",
    "PT1S, 1 s",
    "PT1.5S, 1.5 s",
    "PT9.99S, 9.9 s",
    "PT15.7S, 15 s",
    "PT1M40S, 100 s",
    "PT2M, 2 min",
    "PT2M30S, 2 min 30 s",
    "PT1H, 1 h",
    "PT1H5M59S, 1 h 5 min",
    "PT24H, 1 d",
    "PT75H10M, 3 d 3 h",
    "PT-1S, -1 s"
  })
  void spanIsWrittenAsPeopleWriteIt(String span, String text) {
    assertEquals(text, Spans.text(Duration.parse(span)));
  }

  @Test
  void shorterOfTwoIsTheOneThatEndsFirst() {
    Duration second = Duration.ofSeconds(1);

    assertEquals(second, Spans.shorter(second, Duration.ofMinutes(1)));
    assertEquals(second, Spans.shorter(Duration.ofMinutes(1), second));
    assertEquals(second, Spans.shorter(second, second));
  }
}
