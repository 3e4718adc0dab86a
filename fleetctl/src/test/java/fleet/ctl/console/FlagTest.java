package fleet.ctl.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlagTest {

  @Test
  void aFlagOfADurationSaysWhatItExpects() {
    Flag flag = Flag.duration("timeout", "0", "How long");

    assertEquals(Optional.empty(), flag.problem("90s"));
    assertEquals(
        Optional.of("expected a duration such as 90s or 5m, found \"soon\""), flag.problem("soon"));
  }

  @Test
  void nobodyWaitsForMoreThanAYear() {
    assertEquals(Optional.of(Duration.ofDays(365)), Flag.span("8760h"));
    assertEquals(Optional.empty(), Flag.span("8761h"));
  }
}
