package fleet.unit;

import java.util.List;
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

  private static final long DEFAULT_MILLIS = 10_000;
  private static final long LEAST_MILLIS = 1_000;
  private static final long MOST_MILLIS = 90_000;

  private static final List<String> SECTIONS = List.of("Service", "Socket", "Mount", "Swap");

  private static final Pattern PART =
      Pattern.compile("\\s*([0-9]{1,9}(?:\\.[0-9]{1,9})?)\\s*([a-zµ]*)");

  private Grace() {}

  /// The grace of the unit that this file describes, in milliseconds.
  public static long millis(UnitFile file) {
    return file.options().stream()
        .filter(option -> SECTIONS.contains(option.section()))
        .filter(o -> o.name().equals("TimeoutStopSec") || o.name().equals("TimeoutSec"))
        .flatMap(option -> span(option.meaning()).stream())
        .reduce((_, last) -> last)
        .orElse(DEFAULT_MILLIS);
  }

  /// The span within the bounds; empty if systemd would ignore the value.
  private static Optional<Long> span(String value) {
    if (value.equals("infinity")) {
      return Optional.of(MOST_MILLIS);
    }
    double millis = 0;
    Matcher part = PART.matcher(value);
    int end = 0;
    while (end < value.length()) {
      if (!part.find(end) || part.start() != end) {
        return Optional.empty();
      }
      double unit = unitMillis(part.group(2));
      if (unit == 0) {
        return Optional.empty();
      }
      millis += Double.parseDouble(part.group(1)) * unit;
      end = part.end();
    }
    return end == 0 ? Optional.empty() : Optional.of(bounded(millis));
  }

  /// How long a unit of time is (systemd.time(7), *Parsing Time Spans*); 0 if there is none of that
  /// name. All that are longer than minutes are above the bound, and count as hours.
  private static double unitMillis(String name) {
    return switch (name) {
      case "us", "usec", "µs" -> 0.001;
      case "ms", "msec" -> 1;
      case "", "s", "sec", "second", "seconds" -> 1_000;
      case "m", "min", "minute", "minutes" -> 60_000;
      case "h", "hr", "hour", "hours" -> 3_600_000;
      case "d", "day", "days", "w", "week", "weeks" -> 3_600_000;
      case "month", "months", "y", "year", "years" -> 3_600_000;
      default -> 0;
    };
  }

  /// Nothing at all means for ever (systemd.service(5), *TimeoutStopSec=*).
  private static long bounded(double millis) {
    return millis == 0 ? MOST_MILLIS : (long) Math.max(LEAST_MILLIS, Math.min(MOST_MILLIS, millis));
  }
}
