package fleet.cluster.env;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {

  @Test
  void aBoundBelongsToWhatIsBelowIt() {
    Histogram histogram =
        Histogram.EMPTY
            .plus(Duration.ZERO)
            .plus(Duration.ofMillis(5))
            .plus(Duration.ofNanos(5_000_001))
            .plus(Duration.ofSeconds(10))
            .plus(Duration.ofSeconds(11));

    assertEquals(List.of(2L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L), histogram.counts());
    assertEquals(5, histogram.count());
    assertEquals(Duration.ofNanos(21_010_000_001L), histogram.sum());
  }
}
