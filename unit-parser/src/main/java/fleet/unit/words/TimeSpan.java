package fleet.unit.words;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;

/// Reads spans of time as systemd does (systemd.time(7), *Parsing Time Spans*): `90`, `5min`,
/// `1h 30m`, `1.5h`, `250ms`, `2weeks`. A number without a unit counts seconds, and parts are added
/// up. Spans as Go and fleet v1 wrote them, such as `1m30s`, mean the same here.
///
/// The one grammar for unit files, `fleetd.conf` and `fleetctl`. Not part of it is `infinity`,
/// which means something else in each place.
public final class TimeSpan {

  /// More digits than a span has any use for.
  private static final int LONGEST_NUMBER = 30;

  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  private TimeSpan() {}

  /// The span that `text` means, to the nanosecond; empty if it means none: it is negative, has an
  /// unknown unit or a number that is none, or is longer than a [Duration] can be.
  public static Optional<Duration> parse(String text) {
    BigDecimal seconds = BigDecimal.ZERO;
    int at = pastBlanks(text, 0);
    if (at == text.length()) {
      return Optional.empty();
    }
    while (at < text.length()) {
      int number = at;
      while (at < text.length() && isOfNumber(text.charAt(at))) {
        at++;
      }
      Optional<BigDecimal> amount = number(text.substring(number, at));
      at = pastBlanks(text, at);
      int unit = at;
      while (at < text.length() && !isOfNumber(text.charAt(at)) && !isBlank(text.charAt(at))) {
        at++;
      }
      Optional<BigDecimal> scale = secondsOf(text.substring(unit, at));
      if (amount.isEmpty() || scale.isEmpty()) {
        return Optional.empty();
      }
      seconds = seconds.add(amount.get().multiply(scale.get()));
      at = pastBlanks(text, at);
    }
    return seconds.compareTo(LARGEST) > 0 ? Optional.empty() : Optional.of(duration(seconds));
  }

  /// The span that `text` means, or empty if it means none, or one that is longer than `longest`.
  public static Optional<Duration> parse(String text, Duration longest) {
    Optional<Duration> span = parse(text);
    return span.isPresent() && span.get().compareTo(longest) <= 0 ? span : Optional.empty();
  }

  private static Duration duration(BigDecimal seconds) {
    BigDecimal whole = seconds.setScale(0, RoundingMode.DOWN);
    BigDecimal rest = seconds.subtract(whole).multiply(NANOS);
    return Duration.ofSeconds(
        whole.longValueExact(), rest.setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  private static int pastBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean isOfNumber(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static Optional<BigDecimal> number(String digits) {
    try {
      return digits.length() > LONGEST_NUMBER || digits.endsWith(".")
          ? Optional.empty()
          : Optional.of(new BigDecimal(digits));
    } catch (NumberFormatException none) {
      return Optional.empty();
    }
  }

  /// How long a unit of time is, in seconds. A month is 30.44 days, a year 365.25.
  private static Optional<BigDecimal> secondsOf(String unit) {
    return switch (unit) {
      case "us", "usec", "µs", "μs" -> Optional.of(BigDecimal.valueOf(1, 6));
      case "ms", "msec" -> Optional.of(BigDecimal.valueOf(1, 3));
      case "", "s", "sec", "second", "seconds" -> Optional.of(BigDecimal.ONE);
      case "m", "min", "minute", "minutes" -> Optional.of(BigDecimal.valueOf(60));
      case "h", "hr", "hour", "hours" -> Optional.of(BigDecimal.valueOf(3_600));
      case "d", "day", "days" -> Optional.of(BigDecimal.valueOf(86_400));
      case "w", "week", "weeks" -> Optional.of(BigDecimal.valueOf(604_800));
      case "M", "month", "months" -> Optional.of(BigDecimal.valueOf(2_629_800));
      case "y", "year", "years" -> Optional.of(BigDecimal.valueOf(31_557_600));
      default -> Optional.empty();
    };
  }
}
