package fleet.unit.requirements;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.unit.UnitFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # TimeoutStopSec | milliseconds
          5                | 5000
          5s               | 5000
          2.5              | 2500
          1min 15s         | 75000
          1min15s          | 75000
          20sec            | 20000
          1500ms           | 1500
          0.2              | 1000
          500us            | 1000
          2min             | 90000
          1h               | 90000
          3 months         | 90000
          1M               | 90000
          infinity         | 90000
          0                | 90000
          soon             | 10000
          5 parsecs        | 10000
          -5               | 10000
          %i               | 10000
          99999999999999s  | 90000
          """)
  void timeToStopIsReadAsSystemdReadsItAndBounded(String value, long millis) {
    assertEquals(millis, grace("[Service]\nTimeoutStopSec=" + value + "\n"));
  }

  @Test
  void tenSecondsAreGivenToWhoSaysNothing() {
    assertEquals(10_000, grace("[Service]\nExecStart=/bin/run\n"));
    assertEquals(10_000, grace("[X-Fleet]\nTimeoutStopSec=3\n"));
    assertEquals(10_000, grace("[Service]\nTimeoutStartSec=3\n"));
  }

  @Test
  void lastThatCanBeReadCounts() {
    assertEquals(4_000, grace("[Service]\nTimeoutStopSec=3\nTimeoutSec=4\nTimeoutStopSec=soon\n"));
    assertEquals(7_000, grace("[Mount]\nTimeoutSec=7\n"));
  }

  private static long grace(String text) {
    return Grace.millis(UnitFile.parse(text).orElseThrow());
  }
}
