package fleet.scheduler.lead;

import fleet.cluster.Leadership;
import fleet.cluster.MachineId;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.LastingTrouble;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.CurrentLeader;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Batch;
import fleet.cluster.store.StoreException;
import fleet.scheduler.uncertainty.StoreContact;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Campaigns for leadership and, while leading, keeps the assignments in line with the plan.
///
/// # Terms
///
/// Who creates the leader's key leads, for as long as the lease under it is kept alive. The others
/// watch that key alone, and campaign when it disappears: a leader that is lost costs its lease and
/// some milliseconds. Each write of a leader compares the revision at which its key was created, so
/// a leader that was paused, and replaced meanwhile, cannot write.
///
/// # When the store has been away
///
/// Machines cannot keep their leases alive then. An engine that has lost touch, or has only just
/// started, gives them one time to live to report again before it counts any of them as gone
/// ([StoreContact]). A change of leaders alone costs no such time: who follows is in touch all the
/// while, and moves what ran on lost machines at once.
public final class Engine {

  private static final Logger LOG = System.getLogger(Engine.class.getName());
  private static final Duration RETRY = Duration.ofMillis(250);
  private static final Duration RETRY_DENIED = Duration.ofSeconds(5);

  /// So that thousands of engines do not campaign in the same instant.
  private static final int JITTER_MILLIS = 50;

  private final EngineOptions options;
  private final MachineId self;
  private final Environment environment;
  private final Store store;
  private final Registry registry;
  private final AtomicReference<EngineStatus> status = new AtomicReference<>(EngineStatus.NEW);

  /// Whether the store answers. Whoever asks it something notes the answer.
  private final AtomicReference<StoreContact> contact;

  /// Of the store, as far as this engine is concerned.
  private final LastingTrouble absence;

  private final LastingTrouble refusal;

  /// @param registry of that store; whoever else mirrors the cluster here should have the same one
  public Engine(
      EngineOptions options,
      MachineId self,
      Environment environment,
      Store store,
      Registry registry) {
    this.options = options;
    this.self = self;
    this.environment = environment;
    this.store = store;
    this.registry = registry;
    this.contact =
        new AtomicReference<>(StoreContact.begun(options.machineTtl(), environment.uptime()));
    this.absence = new LastingTrouble(environment);
    this.refusal = new LastingTrouble(environment);
  }

  /// What it has done so far. From any thread.
  public EngineStatus status() {
    return status.get();
  }

  /// Runs until interrupted. A leader that is interrupted makes way at once.
  public void run() throws InterruptedException {
    Signal changed = environment.signal("engine");
    while (true) {
      Duration pause = RETRY;
      try {
        awaitVacancy(changed);
        campaign(changed);
      } catch (StoreException.Unavailable | StoreException.Compacted unavailable) {
        lost(unavailable);
      } catch (StoreException.Denied denied) {
        refusal
            .met("the store refuses the engine: " + denied.getMessage())
            .ifPresent(line -> LOG.log(Level.ERROR, line));
        pause = RETRY_DENIED;
      }
      environment.sleep(pause.plus(jitter()));
    }
  }

  private void lost(StoreException cause) {
    absence
        .met("the store is away cause=\"" + cause.getMessage() + "\"")
        .ifPresent(line -> LOG.log(Level.WARNING, line));
  }

  private Duration jitter() {
    return Duration.ofMillis(environment.random().nextInt(JITTER_MILLIS));
  }

  /// Follows for as long as somebody leads.
  private void awaitVacancy(Signal changed) throws InterruptedException {
    CurrentLeader currentLeader = registry.currentLeader();
    answered();
    boolean led = currentLeader.leader().isPresent();
    try (Store.Watch vacancy = registry.leader(currentLeader.revision() + 1, changed)) {
      while (led) {
        changed.await(contact.get().period().minus(jitter()));
        if (!(vacancy.poll() instanceof Batch.Changes(_, var events) && events.isEmpty())) {
          environment.sleep(jitter());
        }
        // The event only wakes us; what counts is what the key says now.
        led = registry.hasLeader();
        answered();
      }
    }
  }

  private void answered() {
    contact.updateAndGet(known -> known.answered(environment.uptime()));
    absence.over("the store is back").ifPresent(line -> LOG.log(Level.INFO, line));
  }

  private void campaign(Signal changed) throws InterruptedException {
    try (var leaderLease =
        new LeaderLease(environment, store, contact, options.leaderTtl(), changed)) {
      var term = candidacy(leaderLease);
      if (term.isEmpty()) {
        return;
      }
      refusal.over("the store accepts the engine").ifPresent(line -> LOG.log(Level.INFO, line));
      LOG.log(Level.INFO, "leadership acquired term={0}", Long.toString(term.get().term()));
      status.updateAndGet(s -> s.leading(environment.now()));
      try {
        new LeaderLoop(
                options,
                environment,
                registry,
                changed,
                leaderLease,
                term.get(),
                contact,
                status::updateAndGet)
            .run();
      } finally {
        status.updateAndGet(EngineStatus::following);
      }
    }
  }

  private Optional<Leadership> candidacy(LeaderLease leaderLease) throws InterruptedException {
    try {
      return registry.campaign(self, leaderLease.lease());
    } catch (StoreException.Denied denied) {
      if (leaderLease.lasts()) {
        throw denied;
      }
      return Optional.empty(); // the lease has ended before it was of any use
    }
  }
}
