package fleet.unit.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `systemd-analyze timespan` of systemd 252 says of each.
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
    "1m30, 90000",
    "1min 15s, 75000",
    "' 1 s ', 1000",
    "1 2, 3000",
    "5 hr 3, 18003000",
    "1h 1h, 7200000",
    "1h1m1s1ms, 3661001",
    "1s500ms, 1500",
    "2000000us, 2000",
    ".5h, 1800000",
    "1M, 2629800000",
    "1 month, 2629800000",
    "1y, 31557600000",
    "2weeks, 1209600000"
  })
  void spansAreReadAsSystemdReadsThem(String text, long millis) {
    assertEquals(Optional.of(Duration.ofMillis(millis)), TimeSpan.parse(text));
  }

  @Test
  void spanIsExact() {
    assertEquals(Optional.of(Duration.ofNanos(1_000)), TimeSpan.parse("1us"));
    assertEquals(Optional.of(Duration.ofNanos(1_234_567)), TimeSpan.parse("0.001234567s"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s",
        "soon",
        "-1",
        "1x",
        "1..5",
        "1.",
        "1.s",
        "1.5.s",
        "12.34.56",
        ".",
        "1e3",
        "2 Min",
        "infinity",
        "9999999999999999999999999999999s",
        "99999999999999999999"
      })
  void whatIsNoneIsNone(String text) {
    assertEquals(Optional.empty(), TimeSpan.parse(text));
  }
}
