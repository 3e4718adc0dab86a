package fleet.simulation;

import fleet.api.message.Request;
import fleet.cluster.store.Store.Entry;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// What befalls a cluster when all has calmed down: one trouble at a time, so that what must come
/// of each can be said exactly.
final class LastTrouble {

  /// Until a cluster that is left alone has done all that there is to do, and the slowest unit has
  /// stopped.
  private static final Duration SETTLING = Duration.ofMinutes(2);

  /// As long as exclusive units may take to stop, by their files.
  private static final Duration GRACE = Duration.ofSeconds(10);

  /// What everything else takes at most that has to happen: requests that go unanswered, a look, a
  /// plan, a kill.
  private static final Duration SLACK = Duration.ofSeconds(10);

  private static final Comparator<SimulatedMachine> BY_ID =
      Comparator.comparing(machine -> machine.id);

  private final World world;
  private final Referee referee;
  private final Duration ttl;

  LastTrouble(World world) {
    this.world = world;
    this.referee = world.referee;
    this.ttl = world.shape.ttl();
  }

  /// How long it all takes.
  Duration span() {
    return SETTLING.multipliedBy(3).plus(ttl.multipliedBy(14)).plus(SLACK.multipliedBy(14));
  }

  void befall() throws InterruptedException {
    referee.nothingBegins(Set.of("plain", "only", "away"));
    unitsComeUpWhileTheStoreIsAwayForAMoment();
    aCopyOfAMachineBegins();
    allButOneAreCutOff();
    referee.nothingBegins(Set.of());
    theLeaderHearsNothing();
    oneIsCutOff();
  }

  private RandomGenerator random() {
    return world.environment.random();
  }

  private void sleep(Duration span) throws InterruptedException {
    world.environment.sleep(span);
  }

  private List<SimulatedMachine> machines() {
    return world.machines.stream().filter(SimulatedMachine::isOn).toList();
  }

  private SimulatedMachine anyOf(List<SimulatedMachine> machines) {
    return machines.get(random().nextInt(machines.size()));
  }

  private void note(Fault fault, String whom) {
    world.chronicle.fault(fault, whom);
  }

  /// No lease ends, so nobody has to say all anew; but what was said meanwhile was not heard.
  private void unitsComeUpWhileTheStoreIsAwayForAMoment() throws InterruptedException {
    var failed = new TreeMap<SimulatedMachine, SortedSet<UnitName.Placeable>>(BY_ID);
    for (SimulatedMachine machine : machines()) {
      var units = running(machine, "everywhere");
      note(Fault.UNIT_FAILS, units + " on " + machine);
      units.forEach(machine.systemd::fail);
      failed.put(machine, units);
    }
    sleep(SLACK);
    note(Fault.STORE_AWAY, "for a moment");
    world.storeAway(true);
    failed.forEach((machine, units) -> units.forEach(machine.systemd::comesUp));
    sleep(ttl.dividedBy(3));
    world.storeAway(false);
    sleep(ttl.plus(SLACK));
    referee.judge();
  }

  /// It is told apart from the first one, which is there, and waits.
  private void aCopyOfAMachineBegins() throws InterruptedException {
    var before = assignments(machines());
    SimulatedMachine copy = anyOf(machines()).copy();
    note(Fault.MACHINE_COPIED, copy.toString());
    copy.powerOn();
    sleep(ttl.multipliedBy(2).plus(SLACK.multipliedBy(2)));
    if (!copy.running().isEmpty()) {
      referee.accuse("the copy of " + copy + " runs " + copy.running());
    }
    copy.loseForGood();
    sleep(ttl.multipliedBy(2).plus(SLACK));
    if (!before.equals(assignments(machines()))) {
      referee.accuse("a copy of " + copy + " has begun, and assigned are no more " + before);
    }
    referee.judge();
  }

  /// It is rather us who hear nothing: nothing is evicted, and nothing is started again when they
  /// are back.
  private void allButOneAreCutOff() throws InterruptedException {
    var cut = new ArrayList<>(machines());
    cut.remove(random().nextInt(3) == 0 ? anyOf(cut) : leader());
    if (cut.size() == 1) {
      return; // one alone is never too many
    }
    var before = assignments(cut);
    referee.nothingBegins(Set.of("plain"));
    note(Fault.CUT_OFF, cut + " together");
    cut.forEach(machine -> machine.cable(false, false));
    sleep(ttl.multipliedBy(2).plus(SLACK));
    var lost = new TreeSet<>(before);
    lost.removeAll(assignments(cut));
    if (!lost.isEmpty()) {
      referee.accuse("evicted, with most machines silent: " + lost);
    }
    if (random().nextBoolean()) {
      oneIsGivenUpOf(cut);
    }
    cut.forEach(machine -> machine.cable(true, true));
    sleep(SETTLING);
  }

  /// By an operator: what it had goes to others, what the other silent machines have does not.
  private void oneIsGivenUpOf(List<SimulatedMachine> silent) throws InterruptedException {
    SimulatedMachine lost = anyOf(silent);
    var plain = new TreeSet<>(plainUnitsOf(lost));
    if (plain.isEmpty()) {
      return; // perhaps nothing of it can be anywhere else
    }
    var others = new ArrayList<>(silent);
    others.remove(lost);
    var before = assignments(others);
    referee.nothingBegins(Set.of());
    SimulatedMachine left =
        machines().stream().filter(machine -> !silent.contains(machine)).findFirst().orElseThrow();
    var request = new Request("POST", User.evictionOf(lost), List.of(), "");
    var answer = left.ask(request);
    world.chronicle.note("operator: evict " + lost + ": " + answer);
    sleep(SLACK);
    if (!plainUnitsOf(lost).isEmpty()) {
      referee.accuse(lost + " was evicted, and still has " + plainUnitsOf(lost));
    }
    if (!before.equals(assignments(others))) {
      referee.accuse(lost + " was evicted, and assigned elsewhere is no more " + before);
    }
  }

  private Set<String> plainUnitsOf(SimulatedMachine machine) {
    return world.store.range(referee.assignmentsOf(machine) + "plain").entries().keySet();
  }

  private SortedSet<String> assignments(List<SimulatedMachine> machines) {
    var assignments = new TreeSet<String>();
    for (SimulatedMachine machine : machines) {
      assignments.addAll(world.store.range(referee.assignmentsOf(machine)).entries().keySet());
    }
    return assignments;
  }

  private SimulatedMachine leader() {
    String leader = world.leader().map(Entry::value).orElse("");
    return machines().stream()
        .filter(machine -> leader.contains(machine.id.text()))
        .findFirst()
        .orElseGet(() -> anyOf(machines()));
  }

  /// What it says is heard, its lease kept alive among others; yet it makes way.
  private void theLeaderHearsNothing() throws InterruptedException {
    SimulatedMachine leader = leader();
    note(Fault.HEARS_NOTHING, leader + ", which leads");
    leader.cable(true, false);
    sleep(world.shape.engine().leaderTtl().plus(SLACK));
    if (leader().equals(leader)) {
      referee.accuse(leader + " leads on, though it hears nothing");
    }
    leader.cable(true, true);
    sleep(SETTLING);
  }

  /// What may run twice runs on; what must not is stopped, and runs elsewhere.
  private void oneIsCutOff() throws InterruptedException {
    List<SimulatedMachine> with =
        machines().stream().filter(machine -> !running(machine, "only").isEmpty()).toList();
    SimulatedMachine machine = anyOf(with.isEmpty() ? machines() : with);
    var own = takenOver(machine);
    SortedSet<UnitName.Placeable> exclusive = running(machine, "only");
    SortedSet<UnitName.Placeable> plain = running(machine, "plain");
    note(Fault.CUT_OFF, machine.toString());
    machine.cable(false, false);
    Duration cut = ttl.multipliedBy(4).plus(GRACE).plus(SLACK.multipliedBy(2));
    boolean hangs = false;
    switch (random().nextInt(3)) {
      case 0 -> {
        note(Fault.DAEMON_HANGS, machine.toString());
        hangs = true;
        machine.suspendDaemon(cut);
      }
      case 1 -> {
        note(Fault.POWER_LOST, machine.toString());
        machine.powerOff();
        own.clear();
        sleep(Duration.ofSeconds(1));
        machine.powerOn();
      }
      default -> {}
    }

    sleep(ttl.plus(GRACE).plus(SLACK));
    var bound = running(machine, "only");
    if (!hangs) {
      bound.addAll(running(machine, "away"));
    }
    if (!bound.isEmpty()) {
      referee.accuse(machine + " is cut off, and still runs " + bound);
    }

    sleep(cut.minus(ttl).minus(GRACE).minus(SLACK));
    if (!running(machine, "plain").containsAll(plain)) {
      referee.accuse(machine + " is cut off, and runs no more all of " + plain);
    }
    own.removeIf(unit -> machine.own.runs(unit).isPresent());
    if (!own.isEmpty()) {
      referee.accuse(machine + " is cut off, and has stopped what it runs for itself: " + own);
    }
    for (UnitName.Placeable unit : exclusive) {
      if (machines().stream().noneMatch(other -> other.runs(unit.text()))) {
        referee.accuse(unit + " runs nowhere since " + machine + " is cut off");
      }
    }
    machine.own.goAllBut(world.keeps(machine));
    machine.cable(true, true);
    sleep(SETTLING);
  }

  /// One of the units that are stopped where they are cut off makes way for one of the machine's
  /// own: that is to run on.
  private SortedSet<UnitName.Placeable> takenOver(SimulatedMachine machine)
      throws InterruptedException {
    var own = new TreeSet<UnitName.Placeable>();
    var bound = running(machine, "away");
    bound.addAll(running(machine, "only"));
    bound.removeIf(unit -> machine.own.since(unit).isPresent());
    bound.stream().skip(random().nextInt(1 + bound.size())).findFirst().ifPresent(own::add);
    own.forEach(machine.own::takeOver);
    own.removeIf(unit -> machine.own.runs(unit).isEmpty()); // fleet's file hides it
    sleep(SLACK);
    return own;
  }

  private static SortedSet<UnitName.Placeable> running(SimulatedMachine machine, String kind) {
    var running = new TreeSet<UnitName.Placeable>();
    for (UnitName.Placeable unit : machine.running()) {
      if (unit.text().startsWith(kind)) {
        running.add(unit);
      }
    }
    return running;
  }
}
