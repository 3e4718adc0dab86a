package fleet.agent;

import fleet.cluster.env.Environment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which units have failed, why, and when each may be tried again. For one thread at a time.
final class BackOff {

  private record Failure(int count, Duration until, String problem) {}

  private final Environment environment;
  private final Duration first;
  private final Duration longest;
  private final TreeMap<UnitName.Placeable, Failure> failures = new TreeMap<>();

  BackOff(Environment environment, Duration first, Duration longest) {
    this.environment = environment;
    this.first = first;
    this.longest = longest;
  }

  /// Notes a failure.
  ///
  /// @return how long to leave the unit alone
  Duration failed(UnitName.Placeable unit, String problem) {
    Failure before = failures.get(unit);
    int count = before == null ? 1 : before.count + 1;
    Duration pause = first.multipliedBy(1L << Math.min(count - 1, 20));
    pause = Jitter.around(pause.compareTo(longest) < 0 ? pause : longest, environment);
    failures.put(unit, new Failure(count, environment.uptime().plus(pause), problem));
    return pause;
  }

  /// Lets units be tried at once whose problem begins like that: what was in the way may have gone.
  /// Each failure counts as before.
  void retry(String beginning) {
    Duration now = environment.uptime();
    failures.replaceAll(
        (_, last) ->
            last.problem.startsWith(beginning) && last.until.compareTo(now) > 0
                ? new Failure(last.count, now, last.problem)
                : last);
  }

  /// How often in a row the unit has failed.
  int failures(UnitName.Placeable unit) {
    Failure last = failures.get(unit);
    return last == null ? 0 : last.count;
  }

  /// Forgets the failures of a unit: it has succeeded, or something else is wanted of it.
  void forget(UnitName.Placeable unit) {
    failures.remove(unit);
  }

  /// Why the last attempt at each unit has failed, of those whose last one has.
  SortedMap<UnitName.Placeable, String> problems() {
    var problems = new TreeMap<UnitName.Placeable, String>();
    failures.forEach((unit, failure) -> problems.put(unit, failure.problem));
    return problems;
  }

  /// The units that must not be tried yet.
  SortedSet<UnitName.Placeable> deferred() {
    Duration now = environment.uptime();
    var deferred = new TreeSet<UnitName.Placeable>();
    failures.forEach(
        (unit, failure) -> {
          if (failure.until.compareTo(now) > 0) {
            deferred.add(unit);
          }
        });
    return deferred;
  }

  /// How long until the next unit may be tried again; empty if none is waiting.
  Optional<Duration> untilNext() {
    Duration now = environment.uptime();
    return failures.values().stream()
        .map(failure -> failure.until.minus(now))
        .filter(Duration::isPositive)
        .min(Duration::compareTo);
  }
}
