package fleet.ctl.console;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/// Reads spans of time as people write them: `90s`, `5m`, `1m30s`, `1.5h`, `250ms`; a bare number
/// counts seconds.
final class TimeSpan {

  /// Longer than anybody waits, and short enough to be added up.
  private static final Duration LONGEST = Duration.ofDays(365);

  private TimeSpan() {}

  /// The span that `text` means, or empty if it means none.
  static Optional<Duration> parse(String text) {
    Duration sum = Duration.ZERO;
    int at = 0;
    while (at < text.length()) {
      int digits = at;
      while (digits < text.length() && isOfNumber(text.charAt(digits))) {
        digits++;
      }
      int letters = digits;
      while (letters < text.length() && !isOfNumber(text.charAt(letters))) {
        letters++;
      }
      long unitMillis = millis(text.substring(digits, letters), at == 0);
      Optional<BigDecimal> number = number(text.substring(at, digits));
      if (unitMillis == 0 || number.isEmpty()) {
        return Optional.empty();
      }
      BigDecimal part = number.get().multiply(BigDecimal.valueOf(unitMillis));
      if (part.compareTo(BigDecimal.valueOf(LONGEST.toMillis())) > 0) {
        return Optional.empty();
      }
      sum = sum.plusMillis(part.longValue());
      at = letters;
    }
    return text.isEmpty() || sum.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(sum);
  }

  private static boolean isOfNumber(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static Optional<BigDecimal> number(String digits) {
    try {
      return Optional.of(new BigDecimal(digits));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// @param alone whether the unit may be left out
  private static long millis(String unit, boolean alone) {
    return switch (unit) {
      case "ms" -> 1;
      case "s", "sec" -> 1_000;
      case "m", "min" -> 60_000;
      case "h" -> 3_600_000;
      case "" -> alone ? 1_000 : 0;
      default -> 0;
    };
  }
}
