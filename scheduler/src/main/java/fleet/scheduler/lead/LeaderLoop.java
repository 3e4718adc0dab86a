package fleet.scheduler.lead;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.Leadership;
import fleet.cluster.Pause;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.LastingTrouble;
import fleet.cluster.registry.ClusterMirror;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.Store.Commit;
import fleet.scheduler.commit.Explanations;
import fleet.scheduler.commit.PlannedWrites;
import fleet.scheduler.plan.Plan;
import fleet.scheduler.plan.Plan.Step;
import fleet.scheduler.plan.Planner;
import fleet.scheduler.uncertainty.StoreContact;
import fleet.scheduler.uncertainty.Uncertainty;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/// One term of this engine: plans whenever something has changed, and writes what it has planned
/// under the term's guard.
final class LeaderLoop {

  private static final Logger LOG = System.getLogger(LeaderLoop.class.getName());

  /// The least between two plans, so that a burst of changes makes a few of them and not hundreds.
  private static final Duration PAUSE = Duration.ofMillis(20);

  /// Longer than a plan of the largest cluster takes.
  private static final Duration LONGEST_REST = Duration.ofSeconds(2);

  /// How often to look whether what is awaited has come. Looking asks nobody.
  private static final Duration GLANCE = Duration.ofMillis(500);

  /// How often to look for changes although nothing is awaited, and nothing has told of any. No
  /// store of ours loses a signal.
  private static final Duration CALM_GLANCE = Duration.ofSeconds(10);

  /// How long to wait for a view to catch up before it is read anew.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /// How many machines are asked for whether they are overdue; of more, so many at random say it
  /// for all.
  private static final int MOST_ASKED_FOR = 64;

  /// Before reading anew what a store that loses answers may have done.
  private static final Duration RECOVERY = Duration.ofMillis(100);

  private static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final EngineOptions options;
  private final Environment environment;
  private final Registry registry;
  private final Signal changed;
  private final LeaderLease leaderLease;
  private final Leadership term;
  private final AtomicReference<StoreContact> contact;
  private final ProgressListener progress;
  private SortedMap<String, String> problems = new TreeMap<>();
  private final LastingTrouble pause;
  private final LastingTrouble unanswered;

  /// Whether evictions wait for machines that may be heard of again at once, without a change that
  /// anybody would be told of.
  private boolean suspicious;

  /// What is left to be said by the last plan: for as long as there is no newer one to be made.
  private Explanations unsaid = Explanations.none();

  private Uncertainty uncertainty;

  /// Takes note of what has been done.
  interface ProgressListener {
    void update(UnaryOperator<EngineStatus> change);
  }

  private enum Next {
    GO_ON,
    READ_ANEW,
    RESIGN
  }

  LeaderLoop(
      EngineOptions options,
      Environment environment,
      Registry registry,
      Signal changed,
      LeaderLease leaderLease,
      Leadership term,
      AtomicReference<StoreContact> contact,
      ProgressListener progress) {
    this.options = options;
    this.environment = environment;
    this.registry = registry;
    this.changed = changed;
    this.leaderLease = leaderLease;
    this.term = term;
    this.contact = contact;
    this.progress = progress;
    this.uncertainty =
        Uncertainty.begun(new Uncertainty.Settings(options.machineTtl(), options.evictShare()));
    this.pause = new LastingTrouble(environment);
    this.unanswered = new LastingTrouble(environment);
  }

  /// Leads until the term is over.
  ///
  /// @throws fleet.cluster.store.StoreException.Unavailable if the store is away
  void run() throws InterruptedException {
    // A view that is read after the election, or after a lost answer, holds all that came before.
    try (ClusterMirror mirror = registry.mirror(changed)) {
      Next next = follow(mirror);
      while (leaderLease.lasts() && next != Next.RESIGN) {
        mirror.readAnew();
        next = follow(mirror);
      }
    }
    LOG.log(Level.INFO, "leadership lost term={0}", Long.toString(term.term()));
  }

  /// Plans by one view until it may lack something.
  private Next follow(ClusterMirror mirror) throws InterruptedException {
    Duration renewal = environment.uptime().plus(options.reconcileInterval());
    long planned = -1;
    long seen = -1;
    boolean awaiting = false;
    Duration looked = environment.uptime();
    Duration due = NEVER;
    Next next = Next.GO_ON;
    while (leaderLease.lasts() && next == Next.GO_ON) {
      if (mirror.refresh() || seen < 0) {
        report(mirror.problems());
      }
      boolean steady = contact.get().isSteady(environment.uptime());
      boolean again = suspicious && environment.uptime().minus(looked).compareTo(GLANCE) >= 0;
      if (planned != mirror.placementChanges()
          || (awaiting && steady)
          || again
          || environment.uptime().compareTo(due) >= 0) {
        planned = mirror.placementChanges();
        awaiting = !steady;
        looked = environment.uptime();
        seen = mirror.changes();
        next = reconcile(mirror, steady);
        Duration now = environment.uptime();
        due = uncertainty.untilNextFence(now).map(now::plus).orElse(NEVER);
      } else if (!unsaid.isEmpty()) {
        next = write(mirror, unsaid.next());
      } else if (environment.uptime().compareTo(renewal) >= 0) {
        renewal = environment.uptime().plus(options.reconcileInterval());
        mirror.readAnew();
        // Whatever has been missed is found by this. An equal view would give an equal plan.
        planned = mirror.changes() == seen ? planned : -1;
      } else {
        Duration glance = awaiting || suspicious ? GLANCE : CALM_GLANCE;
        Duration untilDue = due.minus(environment.uptime());
        changed.await(untilDue.compareTo(glance) < 0 ? untilDue : glance);
      }
    }
    return next;
  }

  private Next reconcile(ClusterMirror mirror, boolean steady) throws InterruptedException {
    Duration begun = environment.uptime();
    ClusterSnapshot cluster = mirror.snapshot();
    Uncertainty before = uncertainty;
    uncertainty = before.after(cluster, steady, environment.uptime(), environment.now());
    if (uncertainty.hasNewcomers(before)) {
      contact.updateAndGet(known -> known.returned(environment.uptime()));
    }
    int overdue = uncertainty.mustAskForOverdue() ? overdue(mirror.leases()) : 0;
    Plan plan = Planner.plan(cluster, uncertainty.conditions(overdue, environment.uptime()));
    suspicious = uncertainty.isToBeLookedAtAgain(plan, overdue);
    tell(plan.pause(), cluster.silent().size());
    PlannedWrites writes = PlannedWrites.of(plan, cluster);
    unsaid = Explanations.of(plan, cluster);
    Duration worked = environment.uptime().minus(begun);
    progress.update(status -> status.planned(worked));

    Next next = write(mirror, writes, () -> plan.steps().forEach(LeaderLoop::log));
    if (next == Next.GO_ON) {
      // With each plan a little is said, or nothing ever would be where there is always a newer.
      next = write(mirror, unsaid.next());
    }
    return next == Next.GO_ON ? rest(worked) : next;
  }

  private Next write(ClusterMirror mirror, PlannedWrites writes) throws InterruptedException {
    return write(mirror, writes, () -> {});
  }

  /// @param written what is to be done as soon as it is known to be written
  private Next write(ClusterMirror mirror, PlannedWrites writes, Runnable written)
      throws InterruptedException {
    return switch (registry.commit(term, writes.decisions(), leaderLease.lease())) {
      case Commit.Applied(var revision) -> {
        progress.update(status -> status.wrote(writes.tally()));
        unanswered.over("writes are answered again").ifPresent(line -> LOG.log(Level.INFO, line));
        written.run();
        yield reaches(mirror, revision) ? Next.GO_ON : Next.READ_ANEW;
      }
      // Somebody else leads, or a machine has come back at the last moment.
      case Commit.Refused _ -> registry.leads(term) ? Next.READ_ANEW : Next.RESIGN;
      case Commit.Unknown(var cause) -> {
        progress.update(status -> status.failed(writes.tally()));
        unanswered
            .met("a write was not answered, reading anew cause=\"" + cause + "\"")
            .ifPresent(line -> LOG.log(Level.WARNING, line));
        environment.sleep(RECOVERY);
        yield Next.READ_ANEW;
      }
    };
  }

  /// How many of these leases are about to end, as far as a sample tells.
  private int overdue(List<Long> leases) throws InterruptedException {
    var unasked = new ArrayList<>(leases);
    int asked = Math.min(unasked.size(), MOST_ASKED_FOR);
    int overdue = 0;
    for (int i = 0; i < asked; i++) {
      Collections.swap(unasked, i, i + environment.random().nextInt(unasked.size() - i));
      overdue += registry.isOverdue(unasked.get(i)) ? 1 : 0;
    }
    return asked == 0 ? 0 : Math.round((float) overdue * unasked.size() / asked);
  }

  private void tell(Optional<Pause> now, int silent) {
    progress.update(status -> status.seeing(silent, now));
    now.flatMap(
            reason ->
                pause.met(
                    "evictions are paused reason=\""
                        + reason.text()
                        + "\"; to evict machines: fleetctl evict"))
        .ifPresent(line -> LOG.log(Level.WARNING, line));
    if (now.isEmpty()) {
      pause
          .over("evictions are not paused any longer")
          .ifPresent(line -> LOG.log(Level.INFO, line));
    }
  }

  /// Waits until the view holds what the last plan has changed: none is made from one that does
  /// not. In a store that others use too it may never be told to have come so far.
  private boolean reaches(ClusterMirror mirror, long revision) throws InterruptedException {
    Duration limit = environment.uptime().plus(PATIENCE);
    while (mirror.revision() < revision && environment.uptime().compareTo(limit) < 0) {
      changed.await(GLANCE);
      mirror.refresh();
    }
    return mirror.revision() >= revision;
  }

  /// Leaves at least half of the time to others, however large the cluster. A process that was
  /// suspended in the midst of its work has not worked all that time.
  private Next rest(Duration worked) throws InterruptedException {
    Duration rest = worked.compareTo(LONGEST_REST) < 0 ? worked : LONGEST_REST;
    environment.sleep(rest.compareTo(PAUSE) > 0 ? rest : PAUSE);
    return Next.GO_ON;
  }

  private static void log(Step step) {
    switch (step) {
      case Step.Assign(var machine, var assignment, var reason) ->
          LOG.log(
              Level.INFO,
              "assigned unit={0} machine={1} reason=\"{2}\"",
              assignment.unit(),
              machine,
              reason.text());
      case Step.Update update ->
          LOG.log(
              Level.INFO,
              "updated unit={0} machine={1} reason=\"{2}\"",
              update.unit(),
              update.machine(),
              update.news());
      case Step.Withhold(var machine, var assignment, var cause) ->
          LOG.log(
              Level.INFO,
              "withheld unit={0} machine={1} cause=\"{2}\"",
              assignment.unit(),
              machine,
              cause.text());
      case Step.Unassign(var unit, var machine, var cause) ->
          LOG.log(
              Level.INFO,
              "unassigned unit={0} machine={1} cause=\"{2}\"",
              unit,
              machine,
              cause.text());
      case Step.Leave leave ->
          LOG.log(
              Level.DEBUG,
              "left unit={0} reason=\"{1}\"",
              leave.unit(),
              leave.obstacle().summary());
    }
  }

  private void report(SortedMap<String, String> now) {
    now.forEach(
        (key, reason) -> {
          if (!problems.containsKey(key)) {
            LOG.log(Level.WARNING, "cannot understand key={0} reason=\"{1}\"", key, reason);
          }
        });
    problems = now;
  }
}
