package fleet.agent.order;

import fleet.agent.systemd.LocalUnit;
import fleet.cluster.Invocation;
import fleet.cluster.env.Environment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which units systemd restarts again and again. For one thread at a time.
public final class CrashLoops {

  /// As many restarts within a minute make a loop.
  private static final int MANY = 3;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static final class Restarts {
    long counted;
    final Deque<Duration> times = new ArrayDeque<>();
  }

  private final Environment environment;
  private final TreeMap<UnitName.Placeable, Restarts> units = new TreeMap<>();

  public CrashLoops(Environment environment) {
    this.environment = environment;
  }

  /// Takes note of how often units have been restarted.
  public void seen(SortedMap<UnitName.Placeable, LocalUnit> observed) {
    Duration now = environment.uptime();
    units.keySet().retainAll(observed.keySet());
    observed.forEach(
        (unit, seen) -> {
          long count = seen.run().restarts();
          if (count == 0) {
            units.remove(unit);
            return;
          }
          Restarts restarts = units.get(unit);
          if (restarts == null) {
            restarts = new Restarts();
            // What happened before this agent looked is too old to count, or is about to go on.
            restarts.counted = count > MANY ? count : 0;
            units.put(unit, restarts);
          }
          long news = count < restarts.counted ? count : count - restarts.counted;
          for (long i = 0; i < Math.min(news, MANY); i++) {
            restarts.times.add(now);
          }
          restarts.counted = count;
          restarts.times.removeIf(time -> now.minus(time).compareTo(MINUTE) > 0);
        });
  }

  /// Whether no unit is on the way into such a loop, or out of it.
  public boolean isIdle() {
    return units.values().stream().allMatch(restarts -> restarts.times.isEmpty());
  }

  /// The present or last run of a unit.
  public Invocation invocation(UnitName.Placeable unit, LocalUnit seen) {
    Restarts restarts = units.get(unit);
    return new Invocation(
        seen.run().invocation(),
        seen.run().restarts(),
        seen.run().exit(),
        restarts != null && restarts.times.size() >= MANY);
  }
}
