package fleet.daemon.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;

/// Reads spans of time as Go writes them, since fleet v1's files have them: `30s`, `1m30s`,
/// `1.5h`, `250ms`.
final class Durations {

  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Durations() {}

  /// The duration; empty if the text is none, is negative, or lacks a unit.
  static Optional<Duration> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    BigDecimal nanos = BigDecimal.ZERO;
    int at = 0;
    while (at < text.length()) {
      int number = at;
      while (at < text.length() && (digit(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      int unit = at;
      while (at < text.length() && !digit(text.charAt(at)) && text.charAt(at) != '.') {
        at++;
      }
      long scale = nanosIn(text.substring(unit, at));
      Optional<BigDecimal> amount = decimal(text.substring(number, unit));
      if (scale == 0 || amount.isEmpty()) {
        return Optional.empty();
      }
      nanos = nanos.add(amount.get().multiply(BigDecimal.valueOf(scale)));
    }
    return text.isEmpty() || nanos.compareTo(LARGEST) > 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nanos.setScale(0, RoundingMode.HALF_UP).longValue()));
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static Optional<BigDecimal> decimal(String text) {
    try {
      return text.length() > 30 ? Optional.empty() : Optional.of(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static long nanosIn(String unit) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us", "µs", "μs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> 0L;
    };
  }
}
