package fleet.unit.requirements;

import fleet.unit.UnitFile;
import fleet.unit.words.TimeSpan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
  private static final Duration MOST = Duration.ofMillis(MOST_MILLIS);

  private static final List<String> SECTIONS = List.of("Service", "Socket", "Mount", "Swap");

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

  /// The span within the bounds; empty if systemd would ignore the value. Nothing at all means for
  /// ever (systemd.service(5), *TimeoutStopSec=*).
  private static Optional<Long> span(String value) {
    if (value.equals("infinity")) {
      return Optional.of(MOST_MILLIS);
    }
    return TimeSpan.parse(value)
        .map(
            span ->
                span.isZero() || span.compareTo(MOST) > 0
                    ? MOST_MILLIS
                    : Math.max(LEAST_MILLIS, span.toMillis()));
  }
}
