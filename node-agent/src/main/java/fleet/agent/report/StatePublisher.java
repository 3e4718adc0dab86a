package fleet.agent.report;

import fleet.agent.pace.AgentOptions;
import fleet.agent.pace.Jitter;
import fleet.agent.pace.LeakyBucket;
import fleet.cluster.MachineId;
import fleet.cluster.UnitState;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.LastingTrouble;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.StoreException;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/// Publishes what the machine says of its units, under its lease: what is new, all that is new, and
/// nothing else; though of units that change all the time not each change ([FlapDamping]).
public final class StatePublisher {

  private static final Logger LOG = System.getLogger(StatePublisher.class.getName());
  private static final Duration RETRY = Duration.ofMillis(500);

  /// Publications that need not wait for each other after a calm: a unit that starts goes through
  /// about as many states.
  private static final int BURST = 4;

  private final Environment environment;
  private final Registry registry;
  private final MachineId machine;
  private final LongSupplier lease;
  private final AgentOptions options;
  private final Signal changed;
  private final LastingTrouble trouble;

  private volatile SortedMap<UnitName.Placeable, UnitState> wanted = new TreeMap<>();

  /// What the store does not say yet, as far as we know.
  private volatile SortedMap<UnitName.Placeable, UnitState> pending = new TreeMap<>();

  /// What lies in the store under [#publishedUnder]; empty where nobody knows.
  private final TreeMap<UnitName.Placeable, Optional<UnitState>> published = new TreeMap<>();

  private long publishedUnder;

  /// What was wanted when the store last said all of it.
  private Optional<SortedMap<UnitName.Placeable, UnitState>> settled = Optional.empty();
  private final FlapDamping damping = new FlapDamping();

  /// @param lease by which the machine is present; 0 if it is not
  /// @param changed to be raised when there is another lease
  public StatePublisher(
      Environment environment,
      Registry registry,
      MachineId machine,
      LongSupplier lease,
      AgentOptions options,
      Signal changed) {
    this.environment = environment;
    this.registry = registry;
    this.machine = machine;
    this.lease = lease;
    this.options = options;
    this.changed = changed;
    this.trouble = new LastingTrouble(environment);
  }

  /// Takes the present states of all units of the machine, to be published soon. For one task.
  public void offer(SortedMap<UnitName.Placeable, UnitState> states) {
    if (!wanted.equals(states)) {
      wanted = new TreeMap<>(states);
      changed.raise();
    }
  }

  /// What the machine says of its units.
  public SortedMap<UnitName.Placeable, UnitState> wanted() {
    return wanted;
  }

  /// That of it which the store does not say yet.
  public SortedMap<UnitName.Placeable, UnitState> pending() {
    return pending;
  }

  private void pending(SortedMap<UnitName.Placeable, UnitState> states) {
    pending = states;
  }

  /// Runs until interrupted.
  public void run() throws InterruptedException {
    boolean told = true;
    var bucket = new LeakyBucket(environment, options.statePause().multipliedBy(BURST));
    while (true) {
      Duration look = Jitter.around(told ? options.resync() : RETRY, environment);
      Duration tick = damping.untilTick(environment.uptime()).orElse(look);
      changed.await(tick.compareTo(look) < 0 ? tick : look);
      try {
        told = publish();
        trouble.over("states are published again").ifPresent(line -> LOG.log(Level.INFO, line));
      } catch (StoreException e) {
        trouble
            .met(e.getClass().getSimpleName(), "cannot publish states: " + e.getMessage())
            .ifPresent(line -> LOG.log(Level.WARNING, line));
        published.replaceAll((_, _) -> Optional.empty()); // and what is gone is not forgotten
        settled = Optional.empty();
        told = false;
      }
      bucket.rest(options.statePause());
    }
  }

  /// @return whether the store says what it should
  private boolean publish() throws InterruptedException {
    long under = lease.getAsLong();
    if (under == 0) {
      pending(wanted());
      return true; // there will be a signal
    }
    if (under != publishedUnder) {
      // What was published under the lease before has gone with it, or is about to.
      published.clear();
      publishedUnder = under;
      settled = Optional.empty();
    }
    var states = wanted();
    if (settled.equals(Optional.of(states))) {
      return true;
    }
    settled = Optional.empty();
    var news = new TreeMap<UnitName.Placeable, UnitState>();
    var held = new TreeMap<UnitName.Placeable, UnitState>();
    Duration now = environment.uptime();
    damping.begin(now);
    damping.retain(states.keySet());
    states.forEach(
        (unit, state) -> {
          var told = published.getOrDefault(unit, Optional.empty());
          if (!Optional.of(state).equals(told)) {
            (damping.admits(unit, told, state, now) ? news : held).put(unit, state);
          }
        });
    pending(together(news, held));
    var gone = new TreeSet<>(published.keySet());
    gone.removeAll(states.keySet());
    if (news.isEmpty() && gone.isEmpty()) {
      settled = held.isEmpty() ? Optional.of(states) : Optional.empty();
      return true;
    }
    news.keySet().forEach(unit -> published.put(unit, Optional.empty()));
    gone.forEach(unit -> published.put(unit, Optional.empty()));
    Commit commit = tell(news, gone, under);
    if (commit instanceof Commit.Applied) {
      news.forEach((unit, state) -> published.put(unit, Optional.of(state)));
      published.keySet().removeAll(gone);
      pending(held);
      return true;
    }
    LOG.log(Level.DEBUG, () -> "states may not have been published: " + commit);
    return false;
  }

  /// A store whose disk is full takes what deletes: so whoever waits for the end of a unit hears of
  /// it.
  private Commit tell(
      SortedMap<UnitName.Placeable, UnitState> news, SortedSet<UnitName.Placeable> gone, long under)
      throws InterruptedException {
    try {
      return registry.publish(machine, news, gone, under);
    } catch (StoreException.Unwritable full) {
      if (!news.isEmpty()
          && !gone.isEmpty()
          && registry.publish(machine, new TreeMap<>(), gone, under) instanceof Commit.Applied) {
        published.keySet().removeAll(gone);
      }
      throw full;
    }
  }

  private static SortedMap<UnitName.Placeable, UnitState> together(
      SortedMap<UnitName.Placeable, UnitState> some,
      SortedMap<UnitName.Placeable, UnitState> others) {
    var all = new TreeMap<>(some);
    all.putAll(others);
    return all;
  }
}
