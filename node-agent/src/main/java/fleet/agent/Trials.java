package fleet.agent;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.Phase;
import fleet.cluster.Assignment;
import fleet.cluster.UnitState.Trial;
import fleet.cluster.env.Environment;
import fleet.unit.UnitName;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// How units do that have a limit of failures (`FailureLimit=`): how often in a row each has failed
/// on this machine, and when it may be started again. For one thread at a time.
///
/// What systemd's own `Restart=` does is no failure: a unit has failed when systemd has given it up
/// and calls it `failed`, or when it could not be started at all. It is started again here after a
/// pause that doubles, for as long as it is assigned; when it has failed too often, the leader
/// takes it elsewhere. Without a leader it is tried on.
///
/// Failures are forgotten when something new is assigned, a restart included, and when the unit has
/// proven itself: it has ended well, or been up for some time.
final class Trials {

  /// The longest pause before a unit is started again.
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /// How long a unit must be up to count as well.
  private static final Duration PROOF = Duration.ofMinutes(5);

  private final Environment environment;
  private final BackOff backOff;
  private final TreeSet<UnitName.Placeable> limited = new TreeSet<>();

  /// Units whose last failure is counted, and which have not been started since: what to say of
  /// them.
  private final TreeMap<UnitName.Placeable, String> down = new TreeMap<>();

  private final TreeMap<UnitName.Placeable, Duration> upSince = new TreeMap<>();
  private final TreeSet<UnitName.Placeable> proven = new TreeSet<>();

  /// @param firstPause before a unit that has failed once is started again
  Trials(Environment environment, Duration firstPause) {
    this.environment = environment;
    this.backOff = new BackOff(environment, firstPause, LONGEST_PAUSE);
  }

  /// Something new is assigned of that unit; or, if empty, nothing any more.
  void assigned(UnitName.Placeable unit, Optional<Assignment> assignment) {
    limited.remove(unit);
    forget(unit);
    if (assignment.filter(Assignment::limitsFailures).isPresent()) {
      limited.add(unit);
    }
  }

  /// Whether no unit has a limit.
  boolean isIdle() {
    return limited.isEmpty();
  }

  boolean isLimited(UnitName.Placeable unit) {
    return limited.contains(unit);
  }

  private void forget(UnitName.Placeable unit) {
    backOff.forget(unit);
    down.remove(unit);
    upSince.remove(unit);
    proven.remove(unit);
  }

  /// The unit is about to be started.
  void starting(UnitName.Placeable unit) {
    down.remove(unit);
    upSince.remove(unit);
    proven.remove(unit);
  }

  /// Takes note of how a unit is whose start has been carried out.
  void seen(UnitName.Placeable unit, LocalUnit observed) {
    if (!limited.contains(unit)) {
      return;
    }
    boolean rests = observed.phase() == Phase.RESTING;
    if (rests && observed.active().equals("failed")) {
      if (!down.containsKey(unit)) {
        failed(unit, "it has failed");
      }
    } else if (rests) {
      prove(unit);
    } else if (observed.active().equals("active")) {
      down.remove(unit);
      Duration now = environment.uptime();
      if (now.minus(upSince.computeIfAbsent(unit, _ -> now)).compareTo(PROOF) >= 0) {
        prove(unit);
      }
    } else {
      upSince.remove(unit);
    }
  }

  private void prove(UnitName.Placeable unit) {
    backOff.forget(unit);
    down.remove(unit);
    proven.add(unit);
  }

  /// The unit has failed once more, or could not be started.
  ///
  /// @return how long to leave it alone
  Duration failed(UnitName.Placeable unit, String problem) {
    proven.remove(unit);
    upSince.remove(unit);
    Duration pause = backOff.failed(unit, problem);
    int failures = backOff.failures(unit);
    down.put(
        unit,
        "%s, %s in a row here; it is started again at %s"
            .formatted(
                problem,
                failures == 1 ? "once" : failures + " times",
                environment.now().plus(pause).truncatedTo(ChronoUnit.SECONDS)));
    return pause;
  }

  /// The units that must not be started yet.
  SortedSet<UnitName.Placeable> deferred() {
    return backOff.deferred();
  }

  /// How long until the next unit may be started again; empty if none is waiting.
  Optional<Duration> untilNext() {
    return backOff.untilNext();
  }

  /// What has become of units that are down, for people to read.
  SortedMap<UnitName.Placeable, String> problems() {
    return new TreeMap<>(down);
  }

  /// How each unit does that has a limit.
  SortedMap<UnitName.Placeable, Trial> all() {
    var all = new TreeMap<UnitName.Placeable, Trial>();
    limited.forEach(
        unit -> all.put(unit, new Trial(backOff.failures(unit), proven.contains(unit))));
    return all;
  }
}
