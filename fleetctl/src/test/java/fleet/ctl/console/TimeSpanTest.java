package fleet.ctl.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpanTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "90, 90000",
    "1.5, 1500",
    "250ms, 250",
    "90s, 90000",
    "5m, 300000",
    "5min, 300000",
    "1m30s, 90000",
    "1h1m1s1ms, 3661001",
    ".5h, 1800000",
    "8760h, 31536000000"
  })
  void spansAreReadAsPeopleWriteThem(String text, long millis) {
    assertEquals(Optional.of(Duration.ofMillis(millis)), TimeSpan.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "soon", "-1", "1x", "1m30", "1..5", "1 s", ".", "8761h", "99999999999h"})
  void whatIsNoneIsNone(String text) {
    assertEquals(Optional.empty(), TimeSpan.parse(text));
  }

  @Test
  void aFlagOfADurationSaysWhatItExpects() {
    Flag flag = Flag.duration("timeout", "0", "How long");

    assertEquals(Optional.empty(), flag.problem("90s"));
    assertEquals(
        Optional.of("expected a duration such as 90s or 5m, found \"soon\""), flag.problem("soon"));
  }
}
