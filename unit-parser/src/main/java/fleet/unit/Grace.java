package fleet.unit;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long an exclusive unit may take to stop on a machine that has lost it, before it is killed:
/// its `TimeoutStopSec=`, but a second at least and 90 s at most; 10 s if it has none.
///
/// The agent that kills it and the leader that waits for its end both go by this, so it depends on
/// nothing but the file. What systemd's own default is (`DefaultTimeoutStopSec=`) is for each
/// machine to say, and so counts for nothing.
public final class Grace {

  private static final Duration DEFAULT = Duration.ofSeconds(10);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(90);

  private static final List<String> SECTIONS = List.of("Service", "Socket", "Mount", "Swap");

  /// In microseconds: systemd.time(7), *Parsing Time Spans*.
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("us", 1L),
          Map.entry("usec", 1L),
          Map.entry("µs", 1L),
          Map.entry("ms", 1_000L),
          Map.entry("msec", 1_000L),
          Map.entry("", 1_000_000L),
          Map.entry("s", 1_000_000L),
          Map.entry("sec", 1_000_000L),
          Map.entry("second", 1_000_000L),
          Map.entry("seconds", 1_000_000L),
          Map.entry("m", 60_000_000L),
          Map.entry("min", 60_000_000L),
          Map.entry("minute", 60_000_000L),
          Map.entry("minutes", 60_000_000L));

  /// All of them above the bound.
  private static final List<String> LONGER =
      List.of(
          "h", "hr", "hour", "hours", "d", "day", "days", "w", "week", "weeks", "month", "months",
          "y", "year", "years");

  private static final Pattern PART =
      Pattern.compile("\\s*([0-9]{1,9}(?:\\.[0-9]{1,9})?)\\s*([a-zµ]*)");

  private Grace() {}

  /// The grace of the unit that this file describes.
  public static Duration of(UnitFile file) {
    return file.options().stream()
        .filter(option -> SECTIONS.contains(option.section()))
        .filter(o -> o.name().equals("TimeoutStopSec") || o.name().equals("TimeoutSec"))
        .flatMap(option -> span(option.value().strip()).stream())
        .reduce((_, last) -> last)
        .orElse(DEFAULT);
  }

  /// The span within the bounds; empty if systemd would ignore the value. What is longer than
  /// minutes is above the bound whatever its unit.
  private static Optional<Duration> span(String value) {
    if (value.equals("infinity")) {
      return Optional.of(MOST);
    }
    var micros = BigDecimal.ZERO;
    Matcher part = PART.matcher(value);
    int end = 0;
    while (end < value.length()) {
      if (!part.find(end) || part.start() != end) {
        return Optional.empty();
      }
      String unit = part.group(2);
      if (!UNITS.containsKey(unit) && !LONGER.contains(unit)) {
        return Optional.empty();
      }
      long factor = UNITS.getOrDefault(unit, 3_600_000_000L);
      micros = micros.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(factor)));
      end = part.end();
    }
    return end == 0 ? Optional.empty() : Optional.of(bounded(micros));
  }

  /// Nothing at all means for ever (systemd.service(5), *TimeoutStopSec=*).
  private static Duration bounded(BigDecimal micros) {
    if (micros.signum() == 0) {
      return MOST;
    }
    var least = BigDecimal.valueOf(LEAST.toNanos() / 1000);
    var most = BigDecimal.valueOf(MOST.toNanos() / 1000);
    return Duration.ofNanos(micros.max(least).min(most).longValue() * 1000);
  }
}
