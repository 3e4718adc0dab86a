package fleet.agent;

import fleet.agent.pace.AgentOptions;
import fleet.agent.presence.Lease;
import fleet.agent.systemd.DeadMansSwitches;
import fleet.agent.systemd.SystemdException;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.LastingTrouble;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Keeps the dead man's switches of exclusive units from firing for as long as the machine holds
/// its lease.
///
/// A switch fires when the lease has not been renewed for its time to live and the grace of the
/// unit. For that it is armed before a renewal is asked for, and the one before it disarmed when
/// that has succeeded ([DeadMansSwitches]). The renewals are this task's own: no heartbeat waits
/// for systemd.
///
/// A leader that has withheld a unit counts on it that no switch is armed anew under a later lease.
/// So under a lease a switch is armed only for units whose assignment was read under that same
/// lease. A unit that has a switch of that lease keeps getting the next one until it has stopped.
final class Switches {

  private static final Logger LOG = System.getLogger(Switches.class.getName());

  /// How often a switch is armed anew, in the shortest grace of all units.
  private static final int BEATS_PER_GRACE = 5;

  /// @param lease under which it was armed
  /// @param fires when it does at the earliest
  /// @param doubtful whether one before it may have fired, and be killing the unit yet. The next
  ///     switch is certain again, as none can be armed while one is killing the unit.
  private record Armed(long lease, Duration grace, Duration fires, boolean doubtful) {

    boolean mayHaveFired(Duration now) {
      return doubtful || fires.compareTo(now) <= 0;
    }
  }

  /// What there is to guard, as the loop that owns the records of units has said.
  ///
  /// @param number counts what that loop has said
  /// @param readUnder the lease under which it was read what is assigned
  /// @param assigned exclusive units that are to run, each with its grace
  /// @param up units of which anything runs
  /// @param since by which number each of these units has come to be guarded
  private record Guarded(
      long number,
      long readUnder,
      SortedMap<UnitName.Placeable, Duration> assigned,
      SortedSet<UnitName.Placeable> up,
      SortedMap<UnitName.Placeable, Long> since) {

    static final Guarded NOTHING =
        new Guarded(0, 0, new TreeMap<>(), new TreeSet<>(), new TreeMap<>());

    boolean says(
        long under,
        SortedMap<UnitName.Placeable, Duration> toRun,
        SortedSet<UnitName.Placeable> running) {
      return readUnder == under && assigned.equals(toRun) && up.equals(running);
    }

    Guarded next(
        long under,
        SortedMap<UnitName.Placeable, Duration> toRun,
        SortedSet<UnitName.Placeable> running) {
      var from = new TreeMap<UnitName.Placeable, Long>();
      toRun.keySet().forEach(unit -> from.put(unit, since.getOrDefault(unit, number + 1)));
      running.forEach(unit -> from.put(unit, since.getOrDefault(unit, number + 1)));
      return new Guarded(number + 1, under, new TreeMap<>(toRun), new TreeSet<>(running), from);
    }
  }

  /// What is known of the switches.
  ///
  /// @param heeded up to this [Guarded#number] the task of the switches has seen what is guarded:
  ///     it disarms no switch of a unit that has been guarded since then, or for longer
  /// @param misses how often a switch may have fired although the lease was held
  private record Known(long heeded, SortedMap<UnitName.Placeable, Armed> switches, long misses) {}

  private final Environment environment;
  private final Store store;
  private final DeadMansSwitches systemd;
  private final Lease lease;
  private final AgentOptions options;
  private final Signal toArm;
  private final Signal armed;

  /// Written by the loop that owns the records of units alone.
  private volatile Guarded guarded = Guarded.NOTHING;

  /// Written by the task of the switches alone.
  private volatile Known known = new Known(0, new TreeMap<>(), 0);

  /// Units that have been seen to need no switch, and may still have one. For the task of the
  /// switches alone.
  private final TreeSet<UnitName.Placeable> toDisarm = new TreeSet<>();

  private final LastingTrouble trouble;
  private final LastingTrouble unarmed;

  /// @param armed raised when another switch is armed
  Switches(
      Environment environment,
      Store store,
      DeadMansSwitches systemd,
      Lease lease,
      AgentOptions options,
      Signal armed) {
    this.environment = environment;
    this.store = store;
    this.systemd = systemd;
    this.lease = lease;
    this.options = options;
    this.toArm = environment.signal("switches to arm");
    this.armed = armed;
    this.trouble = new LastingTrouble(environment);
    this.unarmed = new LastingTrouble(environment);
  }

  /// Takes what is to be guarded. For one task.
  ///
  /// @param readUnder the lease under which it was read what is assigned
  /// @param assigned exclusive units that are to run, each with its grace
  /// @param up units of which anything runs
  void guard(
      long readUnder,
      SortedMap<UnitName.Placeable, Duration> assigned,
      SortedSet<UnitName.Placeable> up) {
    if (!guarded.says(readUnder, assigned, up)) {
      guarded = guarded.next(readUnder, assigned, up);
      if (!assigned.isEmpty() || !known.switches().isEmpty()) {
        toArm.raise();
      }
    }
  }

  /// Units that may be started: their switches are armed, have not fired, and are followed by
  /// others from now on. One that is about to be disarmed does not count: the unit must have been
  /// guarded since before this task last looked for what needs no switch.
  ///
  /// @param graces of units as they are assigned now. What was armed for a text with a longer one
  ///     fires too late: the leader waits for no longer than it has told.
  SortedSet<UnitName.Placeable> armed(SortedMap<UnitName.Placeable, Duration> graces) {
    Duration now = environment.sinceBoot();
    Guarded said = guarded;
    Known seen = known;
    var sure = new TreeSet<UnitName.Placeable>();
    graces.forEach(
        (unit, grace) -> {
          Armed armed = seen.switches().get(unit);
          if (armed != null
              && said.since().getOrDefault(unit, Long.MAX_VALUE) <= seen.heeded()
              && armed.lease() == lease.id()
              && armed.grace().compareTo(grace) <= 0
              && now.compareTo(armed.fires()) < 0) {
            sure.add(unit);
          }
        });
    return sure;
  }

  /// Whether a switch of the unit may have fired by now. Nobody knows that of one that only the
  /// agent before this one has armed.
  boolean mayHaveFired(UnitName.Placeable unit) {
    return Optional.ofNullable(known.switches().get(unit))
        .map(armed -> armed.mayHaveFired(environment.sinceBoot()))
        .orElse(true);
  }

  /// Whether the unit has a switch, or should have one.
  boolean know(UnitName.Placeable unit) {
    return known.switches().containsKey(unit) || guarded.assigned().containsKey(unit);
  }

  /// How often a switch may have fired although the lease was held.
  long misses() {
    return known.misses();
  }

  /// Runs until interrupted.
  void run() throws InterruptedException {
    while (true) {
      toArm.await(round());
    }
  }

  /// @return when to go on, if nothing is new
  private Duration round() throws InterruptedException {
    try {
      disarm(rested());
      var units = unitsToArm();
      if (units.isEmpty()) {
        return options.resync();
      }
      arm(units);
      trouble
          .over("dead man's switches are extended again")
          .ifPresent(line -> LOG.log(Level.INFO, line));
      Duration shortest = Collections.min(units.values());
      Duration beat = options.ttl().dividedBy(4);
      Duration fifth = shortest.dividedBy(BEATS_PER_GRACE);
      return fifth.compareTo(beat) > 0 ? fifth : beat;
    } catch (SystemdException | StoreException e) {
      trouble
          .met(
              e.getClass().getSimpleName(),
              "cannot extend dead man's switches. reason=\"" + e.getMessage() + "\"")
          .ifPresent(line -> LOG.log(Level.WARNING, line));
      return options.ttl().dividedBy(12);
    }
  }

  private SortedMap<UnitName.Placeable, Duration> unitsToArm() {
    long under = lease.id();
    Guarded said = guarded;
    var units = new TreeMap<UnitName.Placeable, Duration>();
    if (under != 0) {
      known
          .switches()
          .forEach(
              (unit, armed) -> {
                if (armed.lease() == under && said.up().contains(unit)) {
                  units.put(unit, armed.grace());
                }
              });
      if (said.readUnder() == under) {
        units.putAll(said.assigned());
      }
    }
    return units;
  }

  /// Those that need no switch. Their switches are forgotten before they are disarmed: nobody may
  /// start a unit by one that is about to go.
  private SortedSet<UnitName.Placeable> rested() {
    Guarded said = guarded;
    var switches = new TreeMap<>(known.switches());
    toDisarm.addAll(switches.keySet());
    toDisarm.removeAll(said.up());
    toDisarm.removeAll(said.assigned().keySet());
    switches.keySet().removeAll(toDisarm);
    long heeded = known.heeded();
    known = new Known(said.number(), switches, known.misses());
    if (said.assigned().keySet().stream()
        .anyMatch(
            unit -> switches.containsKey(unit) && said.since().getOrDefault(unit, 0L) > heeded)) {
      armed.raise();
    }
    return new TreeSet<>(toDisarm);
  }

  private void disarm(SortedSet<UnitName.Placeable> units) throws InterruptedException {
    if (!units.isEmpty()) {
      systemd.disarm(units);
      toDisarm.removeAll(units);
    }
  }

  private void arm(SortedMap<UnitName.Placeable, Duration> units) throws InterruptedException {
    long under = lease.id();
    Duration before = environment.sinceBoot();
    var lengths = new TreeMap<UnitName.Placeable, Duration>();
    units.forEach((unit, grace) -> lengths.put(unit, options.ttl().plus(grace)));
    var problems = systemd.arm(lengths);
    problems.forEach(
        (unit, reason) ->
            unarmed
                .met(
                    unit.text(),
                    "cannot arm a dead man's switch unit=" + unit + " reason=\"" + reason + "\"")
                .ifPresent(line -> LOG.log(Level.WARNING, line)));
    if (problems.isEmpty()) {
      unarmed
          .over("all dead man's switches can be armed again")
          .ifPresent(line -> LOG.log(Level.INFO, line));
    }
    lengths.keySet().removeAll(problems.keySet());
    Duration asked = environment.sinceBoot();
    if (under == 0 || !store.keepAlive(under)) {
      return; // the heartbeat sees so, too
    }
    lease.renewed(under, asked);
    systemd.confirm(new TreeSet<>(lengths.keySet()));
    if (note(under, before, units, lengths)) {
      armed.raise();
    }
  }

  /// @return whether there is one that was not there
  private boolean note(
      long under,
      Duration before,
      SortedMap<UnitName.Placeable, Duration> graces,
      SortedMap<UnitName.Placeable, Duration> lengths) {
    boolean news = false;
    Duration now = environment.sinceBoot();
    SortedSet<UnitName.Placeable> up = guarded.up();
    var switches = new TreeMap<>(known.switches());
    long misses = known.misses();
    for (var length : lengths.entrySet()) {
      UnitName.Placeable unit = length.getKey();
      var old = Optional.ofNullable(switches.get(unit));
      boolean late = old.map(armed -> armed.fires().compareTo(now) <= 0).orElse(up.contains(unit));
      misses += late || old.map(Armed::doubtful).orElse(false) ? 1 : 0;
      news |= late || old.filter(armed -> armed.lease() == under).isEmpty();
      switches.put(
          unit,
          new Armed(
              under,
              graces.getOrDefault(unit, Duration.ZERO),
              before.plus(length.getValue()),
              late));
    }
    known = new Known(known.heeded(), switches, misses);
    return news;
  }
}
