package fleet.agent;

import fleet.agent.disk.SavedUnits;
import fleet.agent.pace.AgentOptions;
import fleet.agent.pace.Jitter;
import fleet.agent.presence.AgentStatus.Standing;
import fleet.agent.presence.Lease;
import fleet.agent.saved.SavedText;
import fleet.agent.unit.UnitEvent.Assigned;
import fleet.cluster.Assignment;
import fleet.cluster.MachineId;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.LastingTrouble;
import fleet.cluster.env.Spans;
import fleet.cluster.registry.AssignmentMirror;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.StoreException;
import fleet.unit.UnitName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Follows what is assigned to the machine, and keeps a copy on disk.
///
/// News counts only while the machine is present: else they may be meant for a copy of it, which
/// runs under its name. Under each lease all is read anew: what was read before may have been given
/// to others since. If the store does not answer for a while after the start, what was assigned
/// last holds good.
final class AssignmentFollower {

  private static final Logger LOG = System.getLogger(AssignmentFollower.class.getName());
  private static final Duration RETRY = Duration.ofSeconds(1);

  /// How long to wait for something to save when all is saved.
  private static final Duration LONG = Duration.ofHours(1);

  private final LastingTrouble unsaved;
  private final Environment environment;
  private final Registry registry;
  private final MachineId machine;
  private final Supplier<Standing> standing;
  private final Lease lease;
  private final AgentOptions options;
  private final SavedText file;
  private final Inbox inbox;
  private final Signal changed;
  private final Signal toSave;

  private SortedMap<UnitName.Placeable, Assignment> latest = new TreeMap<>();
  private SortedMap<UnitName.Placeable, String> illegible = new TreeMap<>();
  private boolean saved = true;

  /// @param inbox where to tell what is assigned
  /// @param changed to be raised when the standing changes
  AssignmentFollower(
      Environment environment,
      Registry registry,
      MachineId machine,
      Supplier<Standing> standing,
      Lease lease,
      AgentOptions options,
      SavedText file,
      Inbox inbox,
      Signal changed) {
    this.environment = environment;
    this.unsaved = new LastingTrouble(environment);
    this.registry = registry;
    this.machine = machine;
    this.standing = standing;
    this.lease = lease;
    this.options = options;
    this.file = file;
    this.inbox = inbox;
    this.changed = changed;
    this.toSave = environment.signal("assignments to save");
  }

  /// Runs until interrupted.
  void run() throws InterruptedException {
    latest = remembered();
    awaitPresence();
    while (true) {
      long under = lease.id();
      try (AssignmentMirror mirror = registry.assignments(machine, changed)) {
        boolean news = true;
        while (lease.id() == 0 || lease.id() == under) {
          if (news && mayDeliver()) {
            deliver(mirror, under);
            news = false;
          }
          changed.await(Jitter.around(options.resync(), environment));
          news |= mirror.refresh();
        }
        continue;
      } catch (StoreException e) {
        LOG.log(Level.DEBUG, () -> "cannot follow assignments: " + e.getMessage());
      }
      environment.sleep(Jitter.around(RETRY, environment));
    }
  }

  /// A machine that leaves takes notice of what is withheld from it.
  private boolean mayDeliver() {
    return standing.get() == Standing.PRESENT || standing.get() == Standing.LEAVING;
  }

  private void awaitPresence() throws InterruptedException {
    Duration end = environment.uptime().plus(options.cachePatience());
    boolean used = false;
    while (standing.get() != Standing.PRESENT) {
      Duration left = end.minus(environment.uptime());
      if (!used && !left.isPositive() && standing.get() == Standing.JOINING) {
        used = true;
        LOG.log(
            Level.WARNING,
            "the store has not answered for "
                + Spans.text(options.cachePatience())
                + ": running the "
                + latest.size()
                + " units that were assigned last");
        inbox.offer(new Assigned(latest, new TreeMap<>(), new TreeMap<>(), 0));
      }
      changed.await(left.isPositive() ? left : options.resync());
    }
  }

  private void deliver(AssignmentMirror mirror, long under) {
    var assignments = new TreeMap<>(mirror.assignments());
    var unknown = new TreeMap<UnitName.Placeable, String>();
    mirror
        .problems()
        .forEach(
            (unit, reason) -> {
              if (!illegible.containsKey(unit)) {
                LOG.log(
                    Level.WARNING,
                    "the assignment cannot be understood; what was assigned before holds good."
                        + " unit="
                        + unit
                        + " reason=\""
                        + reason
                        + "\"");
              }
              Assignment before = latest.get(unit);
              if (before == null) {
                unknown.put(unit, reason);
              } else {
                assignments.putIfAbsent(unit, before);
              }
            });
    illegible = mirror.problems();
    if (standing.get() == Standing.PRESENT) {
      keep(assignments);
    }
    inbox.offer(new Assigned(assignments, unknown, mirror.withheld(), under));
    toSave.raise();
  }

  // The copy on disk.

  private SortedMap<UnitName.Placeable, Assignment> remembered() {
    try {
      var remembered = SavedUnits.assignments(machine, file.read().text());
      remembered
          .problems()
          .forEach(problem -> LOG.log(Level.WARNING, "ignored in " + file + ": " + problem));
      return remembered.units();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read what was assigned last: " + e.getMessage());
      return new TreeMap<>();
    }
  }

  /// Keeps the copy up to date until interrupted. A task of its own: nobody waits for a disk.
  void save() throws InterruptedException {
    boolean written = true;
    while (true) {
      toSave.await(written ? LONG : options.resync());
      written = write();
    }
  }

  /// Forgets what was assigned: the machine has left.
  void forget() {
    keep(new TreeMap<>());
    write();
  }

  private synchronized void keep(SortedMap<UnitName.Placeable, Assignment> assignments) {
    latest = assignments;
    saved = false;
  }

  /// @return whether the copy is as it should be
  private synchronized boolean write() {
    if (saved) {
      return true;
    }
    try {
      file.write(SavedUnits.assignments(machine, latest));
      saved = true;
      unsaved
          .over("a copy of what is assigned is kept again")
          .ifPresent(line -> LOG.log(Level.INFO, line));
      return true;
    } catch (IOException e) {
      unsaved
          .met("cannot keep a copy of what is assigned: " + e.getMessage())
          .ifPresent(line -> LOG.log(Level.WARNING, line));
      return false;
    }
  }
}
