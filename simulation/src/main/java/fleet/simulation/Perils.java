package fleet.simulation;

import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.Store.Range;
import fleet.cluster.store.StoreException;
import fleet.simulation.Shot.Moment;
import fleet.testing.store.FaultyStore;
import fleet.testing.time.VirtualProcess;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// What may befall one daemon whenever it touches the world.
final class Perils implements FaultyStore.Weather {

  /// As long as a request to a real store may take before it is given up.
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);

  /// How far its watches may lag behind the store.
  private static final Duration MOST_LAG = Duration.ofSeconds(20);

  /// How long the end of a lease has consequences: until switches have fired and more.
  private static final Duration CONSEQUENCES = Duration.ofSeconds(18);

  private final World world;
  private final SimulatedMachine machine;
  private final VirtualProcess process;
  private Duration deafUntil = Duration.ZERO;

  /// Until when requests of some kinds are late.
  private final Map<PortCall, Duration> slowUntil = new EnumMap<>(PortCall.class);

  Perils(World world, SimulatedMachine machine, VirtualProcess process) {
    this.world = world;
    this.machine = machine;
    this.process = process;
  }

  /// Whether it happens this time.
  boolean strike() {
    int odds = world.climate().portFaults();
    return odds > 0 && random().nextInt(odds) == 0;
  }

  RandomGenerator random() {
    return world.environment.random();
  }

  /// Something that ends or suspends the daemon in the midst of what it does.
  void seize(String during) throws InterruptedException {
    switch (random().nextInt(4)) {
      case 0 -> {
        world.chronicle.fault(Fault.DAEMON_KILLED, machine + " during " + during);
        machine.crashDaemon();
      }
      case 1 -> {
        world.chronicle.fault(Fault.POWER_LOST, machine + " during " + during);
        machine.loseThePowerForAWhile();
      }
      default -> {
        Duration pause = Duration.ofMillis(random().nextLong(90_000));
        world.chronicle.fault(Fault.DAEMON_HANGS, machine + " for " + pause + " during " + during);
        process.suspend(pause);
        process.sleep(Duration.ZERO);
      }
    }
    process.checkAlive();
  }

  /// Lets fall what is aimed at this moment of a call.
  void meet(PortCall call, Moment moment, String what) throws InterruptedException {
    Optional<Shot> shot = world.aims.at(call, moment, machine);
    if (shot.isPresent()) {
      fall(shot.get(), call, what);
      process.sleep(Duration.ZERO); // until it hangs no more
      process.checkAlive();
      if (shot.get().delays()) {
        dawdle(call, moment, what);
      }
    }
  }

  /// As [#meet], for a call that cannot wait: a daemon that hangs does so when it next waits.
  void meetInPassing(PortCall call, Moment moment, String what) {
    world.aims.at(call, moment, machine).ifPresent(shot -> fall(shot, call, what));
    process.checkAlive();
  }

  private void fall(Shot shot, PortCall call, String what) {
    String whom = machine + ": " + what + ", " + shot.moment() + " " + call;
    Duration span = span();
    shot.then()
        .filter(next -> next != Blow.DELAY)
        .ifPresent(
            next -> {
              Duration gap =
                  next == Blow.CLOCK
                      ? world.shape.ttl().plus(moments())
                      : shot.blow() == Blow.HANG ? gapOf(span) : moments();
              world.later(gap, () -> follow(next, whom + ", then"));
            });
    strike(shot.blow(), span, whom);
    if (call == PortCall.RESTART) {
      String unit = what.substring(what.indexOf(' ') + 1);
      world.later(moments().dividedBy(10), () -> world.restartAgain(unit));
    }
  }

  private void follow(Blow next, String whom) {
    if (world.climate().isAimed()) {
      strike(next, span(), whom);
    }
  }

  /// As long as it takes for a lease to end, and for what comes of that.
  private Duration span() {
    return Duration.ofMillis(random().nextLong(world.shape.ttl().plus(CONSEQUENCES).toMillis()));
  }

  /// When what follows falls upon a daemon that hangs for so long: meanwhile, or just after.
  private Duration gapOf(Duration hanging) {
    return random().nextBoolean()
        ? hanging.plus(moments())
        : Duration.ofMillis(random().nextLong(hanging.toMillis() + 1_000));
  }

  /// From a millisecond to seconds, and each length as likely as its double.
  private Duration moments() {
    return Duration.ofNanos((long) (1e6 * Math.pow(3_000, random().nextDouble())));
  }

  private void strike(Blow blow, Duration span, String whom) {
    if (blow != Blow.DELAY) {
      world.chronicle.fault(Fault.of(blow), whom + " (" + span + ")");
    }
    switch (blow) {
      case HANG -> machine.suspendDaemon(span);
      case KILL -> machine.crashDaemon();
      case CUT -> {
        int ways = random().nextInt(3);
        machine.cable(ways == 1, ways == 2);
        world.later(span, () -> machine.cable(true, true));
      }
      case DELAY -> {} // the call is late when it goes on
      case CLOCK -> {
        Duration by = Duration.ofMinutes(random().nextInt(2 * 24 * 60) - 24 * 60);
        world.leadingMachine().ifPresent(leading -> leading.moveClock(by));
      }
    }
  }

  /// The answer to a call is late. One of the store is given up after a while, what watches tell is
  /// later than it, and for a time other requests of its kind are late, too: as where a store is
  /// slow to write.
  private void dawdle(PortCall call, Moment moment, String what) throws InterruptedException {
    world.chronicle.fault(Fault.AIMED_DELAY, machine + ": " + what + ", " + moment + " " + call);
    if (call.isOfStore()) {
      Duration delay = someDelay();
      Duration now = world.environment.uptime();
      deafUntil = now.plus(delay).plus(Duration.ofMillis(random().nextLong(5_000)));
      slowUntil.put(call, now.plus(span()));
      await(delay, moment, what);
    } else {
      process.sleep(Duration.ofMillis(random().nextLong(20_000)));
      process.checkAlive();
    }
  }

  /// Every third is longer than a request may take.
  private Duration someDelay() {
    return Duration.ofMillis(random().nextLong(3 * REQUEST_TIMEOUT.toMillis() / 2));
  }

  private void await(Duration delay, Moment moment, String what) throws InterruptedException {
    boolean lost = delay.compareTo(REQUEST_TIMEOUT) >= 0;
    process.sleep(lost ? REQUEST_TIMEOUT : delay);
    process.checkAlive();
    if (lost && moment != Moment.AFTER) {
      throw new StoreException.Unavailable("lost: " + what);
    }
  }

  @Override
  public void out(String request, String key) throws InterruptedException {
    process.checkAlive();
    PortCall call = PortCall.of(request, key);
    if (world.environment.uptime().compareTo(slowUntil.getOrDefault(call, Duration.ZERO)) < 0) {
      await(someDelay(), Moment.BEFORE, request);
    }
    meet(call, Moment.BEFORE, request);
    out(request);
  }

  @Override
  public void back(String request, String key) throws InterruptedException {
    process.checkAlive();
    PortCall call = PortCall.of(request, key);
    meet(call, Moment.DURING, request);
    back(request);
    meet(call, Moment.AFTER, request);
  }

  @Override
  public void out(String request) throws InterruptedException {
    process.checkAlive();
    if (strike()) {
      switch (random().nextInt(4)) {
        case 0 -> seize(request);
        case 1 -> lose(Fault.REQUEST_LOST, request);
        default -> delay(Fault.REQUEST_LATE, request);
      }
    }
    if (isLost()) {
      lose(Fault.REQUEST_LOST, request);
    }
    if (!machine.sends() || world.storeIsAway()) {
      process.sleep(REQUEST_TIMEOUT);
      throw new StoreException.Unavailable("no way to the store");
    }
  }

  @Override
  public void back(String request) throws InterruptedException {
    process.checkAlive();
    if (strike()) {
      switch (random().nextInt(4)) {
        case 0 -> seize("the answer to " + request);
        case 1 -> lose(Fault.ANSWER_LOST, request);
        default -> delay(Fault.ANSWER_LATE, request);
      }
    }
    if (isLost()) {
      lose(Fault.ANSWER_LOST, request);
    }
    if (!machine.hears()) {
      process.sleep(REQUEST_TIMEOUT);
      throw new StoreException.Unavailable("no answer from the store");
    }
    world.referee.answered();
  }

  private boolean isLost() {
    int losses = world.climate().losses();
    return losses > 0 && random().nextInt(100) < losses;
  }

  private void delay(Fault fault, String what) throws InterruptedException {
    Duration delay = Duration.ofMillis(random().nextLong(REQUEST_TIMEOUT.toMillis()));
    world.chronicle.fault(fault, machine + ": " + what + " by " + delay);
    process.sleep(delay);
    process.checkAlive();
  }

  private void lose(Fault fault, String what) throws InterruptedException {
    world.chronicle.fault(fault, machine + ": " + what);
    process.sleep(REQUEST_TIMEOUT);
    process.checkAlive();
    throw new StoreException.Unavailable("lost: " + what);
  }

  @Override
  public Consumer<Optional<Boolean>> renews(long lease) {
    Duration asked = world.environment.uptime();
    return kept -> world.referee.renewed(machine, lease, asked, kept);
  }

  @Override
  public boolean hears() {
    return process.isAlive()
        && machine.hears()
        && !world.storeIsAway()
        && world.environment.uptime().compareTo(deafUntil) >= 0;
  }

  @Override
  public boolean losesSignal() {
    if (!strike()) {
      return false;
    }
    if (random().nextBoolean()) {
      Duration lag = Duration.ofMillis(random().nextLong(MOST_LAG.toMillis()));
      world.chronicle.fault(Fault.WATCH_LATE, machine + " by " + lag);
      deafUntil = world.environment.uptime().plus(lag);
    } else {
      world.chronicle.fault(Fault.WATCH_SIGNAL_LOST, machine.toString());
    }
    return true;
  }

  @Override
  public void told(String key, long lease) {
    world.referee.told(machine, key, lease);
  }

  @Override
  public void told(String prefix, Range range) {
    if (prefix.equals(world.referee.assignmentsOf(machine))) {
      world.referee.told(machine, range.entries());
    }
  }

  @Override
  public void told(String prefix, Batch batch) {
    if (prefix.equals(world.referee.assignmentsOf(machine))
        && batch instanceof Batch.Changes(_, var changes)) {
      changes.forEach(change -> world.referee.told(machine, change));
    }
  }

  @Override
  public void applied(List<Op> ops, long revision) {
    world.referee.applied(machine.id, ops, revision);
  }
}
