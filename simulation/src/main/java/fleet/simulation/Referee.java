package fleet.simulation;

import fleet.cluster.MachineId;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.Store.Watch;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Watches over what must never happen, at every step, and over what must be at the end.
final class Referee {

  private static final String ASSIGNMENTS = "/fleet/assignments/";
  private static final String EXPLANATIONS = "/fleet/explanations/";
  private static final String REASONS = "/fleet/reasons/";
  private static final String STATES = "/fleet/states/";
  private static final String MACHINES = "/fleet/machines/";

  /// What anybody knows may be older than it should be by less than this.
  private static final Duration STALE = Duration.ofSeconds(45);

  /// How often a unit may be started on one machine, and as often stopped.
  private static final int JOBS_A_MINUTE = 20;

  /// How often a machine may say something new of one unit.
  private static final int STATES_A_MINUTE = 150;

  private final World world;

  /// The machines to which each unit is assigned.
  private final Map<String, TreeSet<String>> assigned = new HashMap<>();
  private final Map<SimulatedMachine, Grounds> grounds = new HashMap<>();

  private final Hearing hearing = new Hearing();
  private final Blackouts blackouts;
  private final Ages ages = new Ages();
  private final Toil toil = new Toil();
  private Set<String> atRest = Set.of();
  final Odysseys odysseys = new Odysseys();
  final Invocations invocations;
  final Fences fences;
  private final Removals removals;

  private long commits;

  Referee(World world) {
    this.world = world;
    this.blackouts = new Blackouts(world.shape.ttl());
    this.fences = new Fences(world);
    this.removals = new Removals(world);
    this.invocations = new Invocations(world);
  }

  void accuse(String crime) {
    throw new AssertionError(crime);
  }

  private Duration now() {
    return world.environment.uptime();
  }

  /// The store has answered some daemon.
  void answered() {
    blackouts.answered(now());
  }

  /// Takes note that machines cease to be there for others, at the very step at which they do.
  void watchMachines() {
    var watch = new AtomicReference<@Nullable Watch>();
    Signal look =
        new Signal() {
          @Override
          public void raise() {
            Watch open = watch.get();
            if (open != null && open.poll() instanceof Batch.Changes(_, var changes)) {
              changes.forEach(change -> seen(change));
            }
          }

          @Override
          public boolean await(Duration limit) {
            throw new IllegalStateException("nobody waits for the referee");
          }
        };
    watch.set(world.store.watch("/fleet/", 1, look)); // never far behind
  }

  private void seen(Change change) {
    fences.changed(change);
    removals.changed(change);
    invocations.changed(change);
    if (change instanceof Change.Delete(var key, _)
        && key.startsWith(MACHINES)
        && world.climate().isLossy()) {
      accuse(key + " is there, and counts as gone");
    }
  }

  /// A machine ceases to hear others, or hears them again.
  void hears(SimulatedMachine machine, boolean hears) {
    hearing.hears(machine.id, hears, now()).ifPresent(deaf -> mustNotHaveLed(machine.id, deaf));
  }

  /// A leader that hears nothing cannot know that it leads, and makes way.
  private void mustNotHaveLed(MachineId machine, Duration deaf) {
    world
        .leader()
        .filter(entry -> entry.value().contains(machine.text()))
        .filter(entry -> ages.of(entry.createRevision(), now()).compareTo(deaf) > 0)
        .filter(_ -> deaf.compareTo(STALE) > 0)
        .ifPresent(_ -> accuse(machine + " has led for " + deaf + " without hearing a word"));
  }

  /// A transaction of a machine's daemon has been applied.
  void applied(MachineId writer, List<Op> ops, long revision) {
    commits++;
    ages.reached(revision, now());
    for (Op op : ops) {
      String key = op.key();
      if (key.startsWith(ASSIGNMENTS)
          || key.startsWith(REASONS)
          || (key.startsWith(EXPLANATIONS) && !ops.contains(destruction(unitOf(key))))) {
        mustLead(writer, key);
      } else if (key.startsWith(MACHINES) || key.startsWith(STATES)) {
        mustOwn(writer, key);
        mustNotToil(key, STATES_A_MINUTE);
      }
      if (key.startsWith(ASSIGNMENTS)) {
        decided(op);
      }
    }
    for (Op op : ops) {
      if (op instanceof Op.Put && op.key().startsWith(ASSIGNMENTS)) {
        mustBeTheOnlyOne(unitOf(op.key()));
      }
    }
  }

  /// What explains a unit goes with the unit.
  private static Op destruction(String unit) {
    return new Op.Delete("/fleet/units/" + unit);
  }

  private void mustLead(MachineId writer, String key) {
    String leader = world.store.read("/fleet/leader").map(Entry::value).orElse("nobody");
    if (!leader.contains(writer.text())) {
      accuse(writer + " has written " + key + " while the leader was " + leader);
    }
  }

  private void mustOwn(MachineId writer, String key) {
    if (!key.split("/")[3].equals(writer.text())) {
      accuse(writer + " has written " + key);
    }
  }

  private void decided(Op op) {
    String machine = op.key().split("/")[3];
    String unit = unitOf(op.key());
    var machines = assigned.computeIfAbsent(unit, _ -> new TreeSet<>());
    switch (op) {
      case Op.Put _ -> {
        if (machines.add(machine)) {
          odysseys.goes(unit, machine);
          mustHaveStopped(unit, machine);
        }
      }
      case Op.Delete _ -> {
        machines.remove(machine);
        world.chronicle.note("unassigned " + unit + " from " + machine);
        removals.mustHaveACause(machine, unit, blackouts.justOver(now()));
        fences.takenOff(world.machine(machine), unit);
      }
    }
  }

  private static String unitOf(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  private void mustBeTheOnlyOne(String unit) {
    var machines = assigned.getOrDefault(unit, new TreeSet<>());
    if (machines.size() > 1 && !isGlobal(unit)) {
      accuse(unit + " is assigned to " + machines);
    }
  }

  private boolean isGlobal(String unit) {
    return world
        .store
        .read("/fleet/units/" + unit)
        .map(entry -> entry.value().contains("Global=true"))
        .orElse(true);
  }

  /// A unit is assigned to a machine only if no other has said for a while that it has it, and runs
  /// it.
  private void mustHaveStopped(String unit, String machine) {
    for (SimulatedMachine other : world.machines) {
      boolean told =
          world
              .store
              .read(STATES + other + "/" + unit)
              .filter(entry -> ages.of(entry.createRevision(), now()).compareTo(STALE) > 0)
              .isPresent();
      if (told && !other.id.text().equals(machine) && other.runs(unit) && !isGlobal(unit)) {
        accuse(unit + " was assigned to " + machine + ", though it runs on " + other);
      }
    }
  }

  private void mustNotToil(String what, int most) {
    int times = toil.done(what, now());
    if (times > most) {
      accuse(what + ": " + times + " times in a minute");
    }
  }

  /// The prefix of all that a machine's agent is told of its units.
  String assignmentsOf(SimulatedMachine machine) {
    return ASSIGNMENTS + machine + "/";
  }

  private Grounds grounds(SimulatedMachine machine) {
    return grounds.computeIfAbsent(machine, _ -> new Grounds());
  }

  void told(SimulatedMachine machine, SortedMap<String, Entry> assignments) {
    var texts = new TreeMap<String, String>();
    assignments.forEach((key, entry) -> texts.put(unitOf(key), entry.value()));
    grounds(machine).told(texts, isPresent(machine), now());
  }

  void told(SimulatedMachine machine, Change change) {
    Optional<String> text =
        switch (change) {
          case Change.Put(_, var entry) -> Optional.of(entry.value());
          case Change.Delete _ -> Optional.empty();
        };
    grounds(machine).told(unitOf(change.key()), text, isPresent(machine), now());
  }

  private boolean isPresent(SimulatedMachine machine) {
    return world.store.read(MACHINES + machine).isPresent();
  }

  /// A machine's agent begins.
  void begins(SimulatedMachine machine) {
    grounds(machine).began(machine.kept(), now());
  }

  /// A machine's daemon has asked for a lease to be kept alive.
  ///
  /// @param kept whether it was; empty if it has not been told
  void renewed(SimulatedMachine machine, long lease, Duration asked, Optional<Boolean> kept) {
    Duration ttl = world.shape.ttl();
    if (kept.equals(Optional.of(false))) {
      grounds(machine).doubts(now().plus(ttl));
    } else if (kept.isPresent()
        && world.store.read(MACHINES + machine).filter(e -> e.lease() == lease).isPresent()) {
      grounds(machine).renewed(lease, asked.plus(ttl));
    }
  }

  /// A machine's daemon has been told under which lease a key lies: the machine is present by that
  /// of its record.
  void told(SimulatedMachine machine, String key, long lease) {
    if (key.equals(MACHINES + machine)) {
      grounds(machine).announced(lease);
    }
  }

  /// A machine's agent begins to find out what there is to do.
  void looks(SimulatedMachine machine) {
    grounds(machine).looked(now());
  }

  /// A machine's agent asks for the start of a unit.
  void starts(SimulatedMachine machine, UnitName.Placeable unit) {
    mayStart(machine, unit);
    grounds(machine).started(unit.text(), now());
  }

  /// A machine's agent asks for the restart of a unit.
  ///
  /// @return to be run when it has been restarted
  Runnable restarts(SimulatedMachine machine, UnitName.Placeable unit, String invocation) {
    stops(machine, unit, invocation);
    mayStart(machine, unit);
    Duration decided = grounds(machine).decided(now());
    return () -> grounds(machine).restarted(unit.text(), decided);
  }

  private void mayStart(SimulatedMachine machine, UnitName.Placeable unit) {
    world.chronicle.note(machine + ": start " + unit);
    mustNotToil(machine + ": start " + unit, JOBS_A_MINUTE);
    machine
        .own
        .since(unit)
        .filter(since -> since.compareTo(grounds(machine).lookedBefore()) < 0)
        .ifPresent(_ -> accuse(machine + " starts " + unit + ", which is its own"));
  }

  /// A machine's agent asks for the stop of a unit.
  ///
  /// @param invocation that alone is to be stopped; empty for whatever runs
  void stops(SimulatedMachine machine, UnitName.Placeable unit, String invocation) {
    mustHaveStarted(machine, unit, invocation);
    world.chronicle.note(machine + ": stop " + unit);
    mustNotToil(machine + ": stop " + unit, JOBS_A_MINUTE);
    if (!grounds(machine).toStop(unit.text())) {
      accuse(machine + " stops " + unit + ", though it is to run and nothing new was told of it");
    }
  }

  /// No unit that fleet did not start is stopped.
  private void mustHaveStarted(
      SimulatedMachine machine, UnitName.Placeable unit, String invocation) {
    boolean meant =
        invocation.isEmpty() || invocation.equals(machine.systemd.peek(unit).invocation());
    machine
        .own
        .runs(unit)
        .filter(since -> meant && since.compareTo(grounds(machine).lookedBefore()) < 0)
        .ifPresent(_ -> accuse(machine + " stops " + unit + ", which fleet did not start"));
  }

  /// A machine's agent arms the dead man's switches of units.
  void arms(SimulatedMachine machine, Set<UnitName.Placeable> units) {
    for (UnitName.Placeable unit : units) {
      machine
          .own
          .runs(unit)
          .filter(since -> since.compareTo(grounds(machine).lookedBefore()) < 0)
          .ifPresent(
              _ -> accuse(machine + " arms a switch for " + unit + ", which fleet did not start"));
    }
  }

  /// From now on there is nothing for which a unit of such a name should begin to run.
  void nothingBegins(Set<String> kinds) {
    atRest = Set.copyOf(kinds);
  }

  /// A unit begins to run on a machine.
  void begins(SimulatedMachine machine, UnitName.Placeable unit) {
    if (atRest.stream().anyMatch(unit.text()::startsWith)) {
      accuse(unit + " begins on " + machine + ", though nothing has happened");
    }
    mustKnowOfIt(machine, unit);
    invocations.begins(machine, unit, now());
    fences.begins(machine, unit);
    if (!unit.text().startsWith("only")) {
      return;
    }
    world.chronicle.note(machine + ": " + unit + " begins");
    for (SimulatedMachine other : world.machines) {
      if (other != machine && other.running().contains(unit)) {
        accuse(unit + " is exclusive, and begins on " + machine + " while it runs on " + other);
      }
    }
  }

  /// Units that must not run where they are cut off begin only where it has been read, since the
  /// daemon began, that they are assigned.
  private void mustKnowOfIt(SimulatedMachine machine, UnitName.Placeable unit) {
    if (hearing.isDeafSinceBefore(machine.id, grounds(machine).began())
        && (unit.text().startsWith("only") || unit.text().startsWith("away"))
        && !machine.isHarassed(unit)) {
      accuse(unit + " begins on " + machine + ", which cannot know whether it still has it");
    }
  }

  /// All that runs on a machine is about to be lost.
  void loses(SimulatedMachine machine) {
    grounds.remove(machine);
  }

  /// That something has happened, and all is as it should be.
  void judge() throws InterruptedException {
    if (commits == 0) {
      accuse("nothing has happened");
    }
    new EndState(world).judge();
  }
}
