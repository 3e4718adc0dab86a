package fleet.agent.order;

import fleet.agent.systemd.LocalUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How often systemd has restarted one unit of late, by itself.
///
/// @param counted its count when the unit was last looked at
/// @param times when the last of them were seen, within the last minute; by
///     [fleet.cluster.env.Environment#uptime]
public record RecentRestarts(long counted, List<Duration> times) {

  /// As many restarts within a minute make a loop.
  private static final int MANY = 3;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  public RecentRestarts {
    times = List.copyOf(times);
  }

  /// The unit has been looked at.
  ///
  /// @param before empty if it had not been restarted then
  /// @return empty if systemd has not restarted it since it was last started
  public static Optional<RecentRestarts> seen(
      Optional<RecentRestarts> before, LocalUnit unit, Duration now) {
    long count = unit.run().restarts();
    return count == 0
        ? Optional.empty()
        : Optional.of(before.orElseGet(() -> found(count)).counting(count, now));
  }

  /// What happened before this agent looked is too old to count, or is about to go on.
  private static RecentRestarts found(long count) {
    return new RecentRestarts(count > MANY ? count : 0, List.of());
  }

  private RecentRestarts counting(long count, Duration now) {
    long news = count < counted ? count : count - counted;
    var late = new ArrayList<>(times);
    for (long i = 0; i < Math.min(news, MANY); i++) {
      late.add(now);
    }
    late.removeIf(time -> now.minus(time).compareTo(MINUTE) > 0);
    return new RecentRestarts(count, late.subList(Math.max(0, late.size() - MANY), late.size()));
  }

  /// Whether the unit is restarted again and again.
  public boolean isLoop() {
    return times.size() >= MANY;
  }
}
