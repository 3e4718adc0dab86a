package fleet.cluster.env;

import java.time.Duration;

/// Spans of time: how they are written for people, in all messages (`300 ms`, `1.5 s`, `100 s`,
/// `2 min 30 s`, `5 h`, `3 d`), and which of two is the shorter.
public final class Spans {

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Spans() {}

  /// Two units at most, of which the smaller is cut off: enough to know what was meant.
  public static String text(Duration span) {
    if (span.isNegative()) {
      return "-" + text(span.negated());
    }
    long millis = span.toMillis();
    if (millis < SECOND) {
      return span.isZero() ? "0 s" : Math.max(1, millis) + " ms";
    }
    if (millis < 10 * SECOND && millis % SECOND >= 100) {
      return millis / SECOND + "." + millis % SECOND / 100 + " s";
    }
    if (millis < 2 * MINUTE) {
      return millis / SECOND + " s";
    }
    if (millis < HOUR) {
      return two(millis, MINUTE, "min", SECOND, "s");
    }
    return millis < DAY ? two(millis, HOUR, "h", MINUTE, "min") : two(millis, DAY, "d", HOUR, "h");
  }

  /// The shorter of two spans.
  public static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static String two(
      long millis, long larger, String largerName, long smaller, String smallerName) {
    long rest = millis % larger / smaller;
    return millis / larger + " " + largerName + (rest == 0 ? "" : " " + rest + " " + smallerName);
  }
}
