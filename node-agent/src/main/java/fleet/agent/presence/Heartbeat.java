package fleet.agent.presence;

import fleet.agent.pace.AgentOptions;
import fleet.agent.pace.Jitter;
import fleet.agent.presence.AgentStatus.Standing;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.LastingTrouble;
import fleet.cluster.env.Spans;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.Announced;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.StoreException;
import fleet.unit.Parsed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Keeps the machine present: a record under a lease, and the lease alive.
///
/// It does nothing else, so that nothing delays it. A renewal that is not answered in good time is
/// asked for again beside it ([HedgedRenewal]).
///
/// A machine's ID is its only name, so two machines with the same ID must not both be present. The
/// record carries the ID of the boot that wrote it. If it is there already, under somebody's lease,
/// and was written
///
/// - in this boot: by an agent before this one, which was killed. Its record is taken over at once.
/// - in another boot: by this machine, which has then rebooted faster than the lease ends, or by a
///   copy of it. A copy that lives keeps its lease alive, and we wait, for ever if need be, and say
///   so. A lease that nobody keeps alive is our own ghost's, and we take its place shortly before
///   it ends: so a machine that rebooted while the store was away is not taken for lost when the
///   store is back, and what it runs meanwhile need not move.
///
/// fleet 1.0 could not tell these apart, and waited for its own ghost.
public final class Heartbeat {

  private static final Logger LOG = System.getLogger(Heartbeat.class.getName());

  private final Environment environment;
  private final Store store;
  private final Registry registry;
  private final Supplier<Machine> self;
  private final AgentOptions options;
  private final List<Signal> listeners;

  private volatile AgentStatus status =
      new AgentStatus(Standing.JOINING, Optional.empty(), "not yet announced");
  private final Lease lease;
  private final HedgedRenewal hedged;

  /// Raised when the store has answered while the machine is not yet present.
  private final Signal mayJoin;

  private final LastingTrouble absence;
  private final LastingTrouble namesake;
  private Duration namesakeSince = Duration.ZERO;

  /// @param self what to say of the machine; asked often, so it should be known already
  /// @param listeners raised when the standing changes
  public Heartbeat(
      Environment environment,
      Store store,
      Registry registry,
      Supplier<Machine> self,
      AgentOptions options,
      Lease lease,
      List<Signal> listeners) {
    this.environment = environment;
    this.store = store;
    this.registry = registry;
    this.self = self;
    this.options = options;
    this.lease = lease;
    this.mayJoin = environment.signal("agent: join");
    this.hedged =
        new HedgedRenewal(environment, store, lease, options.ttl(), this::renewed, this::expired);
    this.listeners = List.copyOf(listeners);
    this.absence = new LastingTrouble(environment);
    this.namesake = new LastingTrouble(environment);
  }

  /// Where the machine stands.
  public AgentStatus status() {
    return status;
  }

  /// Runs until interrupted, or until the machine has left.
  public void run() throws InterruptedException {
    while (status.standing() != Standing.LEFT) {
      try {
        if (status.standing() == Standing.LEAVING) {
          lease.refused(lease.joining()); // it may have been announced, and nobody was told
        } else if (join()) {
          stay();
          continue;
        }
      } catch (StoreException e) {
        away(e);
      }
      mayJoin.await(Jitter.around(pause(), environment));
    }
  }

  /// Asks again for what [#run()] has asked for in vain. A task of its own; runs until interrupted.
  public void insist() throws InterruptedException {
    hedged.run();
  }

  /// Who waits for its own ghost must not miss the end of that one's lease.
  private Duration pause() {
    boolean waits = status.standing() == Standing.NAMESAKE;
    Duration since = environment.uptime().minus(namesakeSince);
    boolean mayBeGhost = waits && since.compareTo(options.ttl().multipliedBy(2)) < 0;
    return options.ttl().dividedBy(mayBeGhost ? 12 : 4);
  }

  /// From now on the machine is leaving: it does not join again, whatever happens.
  public void giveNotice() {
    become(Standing.LEAVING, "this machine is leaving the cluster");
  }

  /// Takes back the machine's record and keeps its lease, so that what it says of its units ends
  /// with each of them: a leader gives each to another machine when it has stopped here. Tries
  /// until it succeeds, or until the machine has left.
  public void withdraw() throws InterruptedException {
    MachineId machine = self.get().id();
    var silence = new LastingTrouble(environment);
    while (lease.id() != 0) {
      try {
        var own = registry.announced(machine).filter(record -> record.lease() == lease.id());
        if (own.isEmpty() || registry.withdraw(machine, own.get()) instanceof Commit.Applied) {
          LOG.log(Level.INFO, "withdrawn machine=" + machine);
          return;
        }
      } catch (StoreException e) {
        silence
            .met(
                "leaving, and cannot say so; stopping units all the same. reason=\""
                    + e.getMessage()
                    + "\"")
            .ifPresent(line -> LOG.log(Level.WARNING, line));
      }
      environment.sleep(Jitter.around(options.ttl().dividedBy(12), environment));
    }
  }

  /// Ends the machine's presence, and with it all that it has published.
  ///
  /// @param atOnce rather than when the lease ends: if nothing runs that must be the only copy
  public void leave(boolean atOnce) throws InterruptedException {
    long left = lease.id();
    become(Standing.LEFT, "this machine has left the cluster");
    if (left != 0 && atOnce) {
      store.revoke(left);
    }
    LOG.log(Level.INFO, "left the cluster");
  }

  private boolean join() throws InterruptedException {
    Machine machine = self.get();
    Optional<Announced> previous = registry.announced(machine.id());
    answered();
    if (previous.isPresent()
        && isOfAnother(previous.get(), machine)
        && !registry.isOverdue(previous.get().lease())) {
      giveWayTo(previous.get(), machine);
      return false;
    }
    long granted = lease.joining();
    if (granted == 0) {
      granted = apply();
    }
    if (!says(previous, machine, granted) && !announce(machine, granted, previous)) {
      return false;
    }
    if (!enter(granted)) {
      store.revoke(granted);
      return false;
    }
    LOG.log(
        Level.INFO,
        () ->
            "announced machine="
                + machine.id()
                + " address="
                + machine.address()
                + (previous.isPresent() ? " in place of what was left of an earlier run" : ""));
    return true;
  }

  /// Asks for a lease to join under. It is kept alive from now on, so that an announcement whose
  /// answer is lost holds until its record is found.
  private long apply() throws InterruptedException {
    Duration began = environment.uptime();
    Duration asked = environment.sinceBoot();
    long granted = store.grant(options.ttl());
    lease.granted(granted, asked);
    hedged.answered(began);
    return granted;
  }

  private boolean announce(Machine machine, long granted, Optional<Announced> previous)
      throws InterruptedException {
    return switch (registry.announce(machine, granted, previous)) {
      case Commit.Applied _ -> true;
      case Commit.Refused _ -> false;
      case Commit.Unknown _ -> says(registry.announced(machine.id()), machine, granted);
    };
  }

  /// The machine is present from now on.
  ///
  /// @return false if it is leaving, or the lease is no more
  private synchronized boolean enter(long granted) {
    boolean leaves = status.standing() == Standing.LEAVING || status.standing() == Standing.LEFT;
    if (leaves || !lease.joined(granted)) {
      return false;
    }
    become(Standing.PRESENT, "");
    namesake
        .over("no other machine with this ID is present")
        .ifPresent(line -> LOG.log(Level.INFO, line));
    return true;
  }

  /// Whether that is the machine's own record, and says what it should.
  private static boolean says(Optional<Announced> record, Machine machine, long lease) {
    return record
        .filter(found -> found.lease() == lease)
        .map(found -> found.machine().equals(new Parsed.Ok<>(machine)))
        .orElse(false);
  }

  /// Keeps the lease alive for as long as it can be.
  private void stay() throws InterruptedException {
    Machine announced = self.get();
    Duration check = environment.uptime().plus(Jitter.around(options.resync(), environment));
    Duration half = options.ttl().dividedBy(2);
    Duration usual = options.ttl().dividedBy(4);
    Duration beat = usual;
    while (lease.id() != 0) {
      Duration pause = Jitter.below(beat, environment);
      hedged.planned(pause);
      environment.sleep(pause);
      beat = usual;
      try {
        if (lease.untilLapse().compareTo(half) < 0) {
          check = Duration.ZERO; // a copy of this machine may have thought it was gone
        }
        if (!renew()) {
          return;
        }
        Machine machine = self.get();
        if (!machine.equals(announced) || environment.uptime().compareTo(check) >= 0) {
          check = environment.uptime().plus(Jitter.around(options.resync(), environment));
          announced = machine;
          confirm(machine);
        }
      } catch (StoreException e) {
        beat = options.ttl().dividedBy(12);
        if (lease.untilLapse().compareTo(half) < 0) { // nobody else has been heard, either
          away(e);
        }
        if (lease.lapsed()) {
          become(Standing.JOINING, status.problem()); // the others think so, too
          return;
        }
      }
    }
  }

  /// @return false if the lease is no more
  private boolean renew() throws InterruptedException {
    long held = lease.id();
    if (held != 0 && !hedged.renew(held)) {
      return false;
    }
    answered();
    return true;
  }

  /// A machine whose announcement was not answered may be present, and must not lapse for want of
  /// looking: it looks as soon as the store answers again.
  private void renewed(long held) {
    if (held == lease.joining()) {
      mayJoin.raise();
    }
  }

  private synchronized void expired(long held) {
    if (lease.id() == held) {
      LOG.log(
          Level.WARNING, "the lease has expired: this machine counted as gone; its units ran on");
      become(Standing.JOINING, "the lease has expired");
    } else {
      lease.refused(held);
    }
  }

  /// Makes the record say what it should, if somebody has changed it or something is new.
  private void confirm(Machine machine) throws InterruptedException {
    Optional<Announced> found = registry.announced(machine.id());
    if (found.isPresent() && isOfAnother(found.get(), machine)) {
      giveWayTo(found.get(), machine);
    } else if (status.standing() == Standing.PRESENT && !says(found, machine, lease.id())) {
      LOG.log(Level.INFO, "announcing machine=" + machine.id() + " anew: its record was another");
      registry.announce(machine, lease.id(), found);
    }
  }

  /// A record without a lease is nobody's.
  private static boolean isOfAnother(Announced record, Machine machine) {
    return record.lease() != 0
        && switch (record.machine()) {
          case Parsed.Ok<Machine>(var other) -> !other.bootId().equals(machine.bootId());
          case Parsed.Malformed<Machine> _ -> true;
        };
  }

  private void giveWayTo(Announced other, Machine machine) {
    Duration now = environment.uptime();
    if (status.standing() != Standing.NAMESAKE) {
      namesakeSince = now;
    }
    String who =
        switch (other.machine()) {
          case Parsed.Ok<Machine>(var record) ->
              "address=" + record.address() + " boot=" + record.bootId();
          case Parsed.Malformed<Machine>(var reason) ->
              "its record cannot be understood: " + reason;
        };
    become(Standing.NAMESAKE, "a machine with the same ID " + machine.id() + " is present, " + who);
    Duration waited = now.minus(namesakeSince);
    if (waited.compareTo(options.ttl().multipliedBy(2)) > 0) { // else it may be our own ghost
      namesake
          .met(
              "waiting for "
                  + Spans.text(waited)
                  + ": a machine with the same ID is present. If one is a copy of the other, empty"
                  + " /etc/machine-id on the copy, run systemd-machine-id-setup and reboot it."
                  + " machine="
                  + machine.id()
                  + " boot="
                  + machine.bootId()
                  + " other: "
                  + who)
          .ifPresent(line -> LOG.log(Level.WARNING, line));
    }
  }

  private synchronized void become(Standing standing, String problem) {
    if (standing != Standing.PRESENT && standing != Standing.LEAVING) {
      lease.ended();
    }
    boolean goes = status.standing() == Standing.LEAVING && standing != Standing.LEFT;
    if (goes || status.standing() == Standing.LEFT) {
      return;
    }
    boolean changed = status.standing() != standing;
    status = new AgentStatus(standing, status.storeAwaySince(), problem);
    if (changed) {
      listeners.forEach(Signal::raise);
    }
  }

  private synchronized void away(StoreException failure) {
    Optional<Instant> since = status.storeAwaySince();
    absence
        .met(
            failure.getClass().getSimpleName(),
            "the store does not answer; units run on. reason=\"" + failure.getMessage() + "\"")
        .ifPresent(line -> LOG.log(Level.WARNING, line));
    since = since.or(() -> Optional.of(environment.now()));
    status = new AgentStatus(status.standing(), since, String.valueOf(failure.getMessage()));
  }

  private synchronized void answered() {
    if (status.storeAwaySince().isPresent()) {
      absence.over("the store answers again").ifPresent(line -> LOG.log(Level.INFO, line));
      status = new AgentStatus(status.standing(), Optional.empty(), "");
    }
  }
}
