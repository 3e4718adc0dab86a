package fleet.agent;

import fleet.agent.pace.AgentOptions;
import fleet.agent.presence.AgentStatus;
import fleet.agent.presence.AgentStatus.Standing;
import fleet.agent.presence.Heartbeat;
import fleet.agent.presence.Lease;
import fleet.agent.report.StatePublisher;
import fleet.agent.saved.SavedText;
import fleet.agent.systemd.Systemd;
import fleet.cluster.Machine;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.Environment.Task;
import fleet.cluster.env.Spans;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Keeps one machine present in the cluster, and its systemd in line with what is assigned to it.
///
/// Its tasks meet in nothing but values, events and signals:
///
/// ```
///           machines/<id>                assignments/<id>/            states/<id>/
///                ▲                              │                          ▲
///           [Heartbeat] ── lease, standing ─▶ [AssignmentFollower]   [StatePublisher]
///                                               │   └─ copy on disk        │
///                                               ▼ [Inbox]                  │
///                                          [ReconcileLoop] ── states ──────┘
///                                            │      ▲
///                               Reconciler ◀─┤      │ signals; events by way of the inbox
///                                            ▼      │
///                                            systemd
/// ```
///
/// Beside these, one task asks again for renewals that are late
/// ([fleet.agent.presence.HedgedRenewal]), one keeps the dead man's switches of exclusive units
/// from firing ([Switches]), one writes the copy on disk, and one fetches what units that have
/// failed last wrote to the journal, for their states to tell.
///
/// When the store is away, units run on and are kept as they were last assigned. When the agent is
/// killed, units run on; the next one finds them as they are and takes over.
public final class Agent {

  private static final Logger LOG = System.getLogger(Agent.class.getName());

  private final Environment environment;
  private final AgentOptions options;
  private final Heartbeat heartbeat;
  private final AssignmentFollower follower;
  private final StatePublisher publisher;
  private final Switches switches;
  private final ReconcileLoop loop;

  /// @param assignments where to keep a copy of what is assigned; should survive a reboot
  /// @param applied where to note what was done; must not survive a reboot, as unit files do not
  /// @param self what to say of the machine; asked often, so it should be known already. Its ID
  ///     must not change.
  public Agent(
      AgentOptions options,
      Environment environment,
      Store store,
      Keyspace keys,
      Systemd systemd,
      SavedText assignments,
      SavedText applied,
      Supplier<Machine> self) {
    var registry = new Registry(store, keys);
    var machine = self.get().id();
    Signal toFollow = environment.signal("assignments changed");
    Signal toPublish = environment.signal("states changed");
    this.environment = environment;
    this.options = options;
    var lease = new Lease(environment, options.ttl());
    var ownUnits = new OwnUnits();
    Supplier<Machine> described = () -> self.get().having(ownUnits.told());
    this.heartbeat =
        new Heartbeat(
            environment, store, registry, described, options, lease, List.of(toFollow, toPublish));
    this.publisher =
        new StatePublisher(environment, registry, machine, lease::id, options, toPublish);
    Signal toKeep = environment.signal("units changed");
    var inbox = new Inbox(toKeep);
    this.switches = new Switches(environment, store, systemd, lease, options, toKeep);
    this.loop =
        new ReconcileLoop(
            environment,
            systemd,
            applied,
            options,
            publisher,
            new LeaseGuard(lease, switches, () -> heartbeat.status().storeAwaySince().isPresent()),
            ownUnits,
            inbox,
            toKeep);
    this.follower =
        new AssignmentFollower(
            environment,
            registry,
            machine,
            () -> heartbeat.status().standing(),
            lease,
            options,
            assignments,
            inbox,
            toFollow);
  }

  /// Runs until interrupted. Units run on, and the machine stays present until its lease ends: an
  /// agent that is started again before that has never been away.
  public void run() throws InterruptedException {
    List<Task> tasks =
        List.of(
            environment.forkForGood("agent: heartbeat", this::beat),
            environment.forkForGood("agent: hedged renewals", heartbeat::insist),
            environment.forkForGood("agent: assignments", follower::run),
            environment.forkForGood("agent: copy of assignments", follower::save),
            environment.forkForGood("agent: states", publisher::run),
            environment.forkForGood("agent: switches", switches::run),
            environment.forkForGood("agent: journals", loop::fetchLogs));
    try {
      loop.run();
    } finally {
      tasks.forEach(Task::interrupt);
    }
  }

  /// A machine that has left has nothing more to say, and ends soon.
  private void beat() throws InterruptedException {
    heartbeat.run();
    Signal end = environment.signal("left");
    while (true) {
      boolean _ = end.await(options.resync());
    }
  }

  /// Where the machine stands with the cluster.
  public AgentStatus status() {
    return heartbeat.status();
  }

  /// What it knows of its units.
  public AgentReport report() {
    return new AgentReport(loop.targets(), publisher.wanted(), publisher.pending());
  }

  /// Leaves the cluster in order, while [#run()] is running: the machine is there no more for
  /// others, all units stop and are removed, and each may start elsewhere as soon as it has stopped
  /// here. What was assigned is forgotten. To be interrupted afterwards.
  ///
  /// Units stop also while the store is away: others then learn of it when the lease ends.
  ///
  /// @param limit for the units to stop; those that take longer go on stopping
  public void leave(Duration limit) throws InterruptedException {
    boolean alone = false;
    if (heartbeat.status().standing() == Standing.LEFT) {
      return;
    }
    heartbeat.giveNotice();
    Task withdrawal = environment.fork("agent: withdrawal", heartbeat::withdraw);
    try {
      var left = loop.clear(limit);
      alone = left.stream().anyMatch(loop::isExclusive);
      if (!left.isEmpty()) {
        LOG.log(
            Level.WARNING,
            "leaving, though units have not stopped within "
                + Spans.text(limit)
                + " and go on stopping units="
                + left);
      }
    } finally {
      withdrawal.interrupt();
    }
    follower.forget();
    try {
      heartbeat.leave(!alone);
    } catch (StoreException e) {
      LOG.log(
          Level.WARNING,
          "left, but could not say so; the lease ends by itself. reason=\""
              + e.getMessage()
              + "\"");
    }
  }
}
