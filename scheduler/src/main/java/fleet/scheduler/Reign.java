package fleet.scheduler;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.Explanation;
import fleet.cluster.Leadership;
import fleet.cluster.MachineId;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.registry.ClusterMirror;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.Decision;
import fleet.cluster.store.Store.Commit;
import fleet.scheduler.Plan.Step;
import fleet.unit.UnitName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// One term of this engine: plans whenever something has changed, and writes what it has planned
/// under the term's guard.
final class Reign {

  private static final Logger LOG = System.getLogger(Engine.class.getName());

  /// Between two plans, so that a burst of changes makes a few of them and not hundreds.
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final EngineOptions options;
  private final Environment environment;
  private final Registry registry;
  private final Signal changed;
  private final Tenure tenure;
  private final Leadership term;
  private final Duration settled;
  private final ProgressListener progress;
  private SortedMap<String, String> problems = new TreeMap<>();

  /// Takes note of what has been done.
  interface ProgressListener {
    void update(UnaryOperator<EngineStatus> change);
  }

  /// @param settled the uptime until which absent machines are awaited rather than given up
  Reign(
      EngineOptions options,
      Environment environment,
      Registry registry,
      Signal changed,
      Tenure tenure,
      Leadership term,
      Duration settled,
      ProgressListener progress) {
    this.options = options;
    this.environment = environment;
    this.registry = registry;
    this.changed = changed;
    this.tenure = tenure;
    this.term = term;
    this.settled = settled;
    this.progress = progress;
  }

  /// Leads until the term is over.
  ///
  /// @throws fleet.cluster.store.StoreException.Unavailable if the store is away
  void run() throws InterruptedException {
    while (tenure.lasts()) {
      // A view that begins after the election, or after a lost answer, holds all that came before.
      try (ClusterMirror mirror = registry.mirror(changed)) {
        if (!follow(mirror)) {
          return;
        }
      }
    }
  }

  /// @return whether to go on, with a new view
  private boolean follow(ClusterMirror mirror) throws InterruptedException {
    long planned = -1;
    Duration due = environment.uptime();
    while (tenure.lasts()) {
      mirror.refresh();
      report(mirror.problems());
      Duration now = environment.uptime();
      if (planned != mirror.placementChanges() || now.compareTo(due) >= 0) {
        planned = mirror.placementChanges();
        switch (reconcile(mirror.snapshot())) {
          case Commit.Applied(var revision) -> awaitOwnWrites(mirror, revision);
          case Commit.Refused _ -> {
            LOG.log(Level.INFO, "leadership lost term={0}", Long.toString(term.term()));
            return false;
          }
          case Commit.Unknown(var cause) -> {
            LOG.log(
                Level.WARNING, "the answer to a write was lost, reading anew cause=\"{0}\"", cause);
            progress.update(EngineStatus::failed);
            return true;
          }
        }
        due = nextPlan();
        environment.sleep(PAUSE);
      } else {
        changed.await(due.minus(now));
      }
    }
    LOG.log(Level.INFO, "leadership expired term={0}", Long.toString(term.term()));
    return false;
  }

  private Duration nextPlan() {
    Duration now = environment.uptime();
    Duration due = now.plus(options.reconcileInterval());
    return now.compareTo(settled) < 0 && settled.compareTo(due) < 0 ? settled : due;
  }

  /// No plan is made from a view that lacks what the last one has changed.
  private void awaitOwnWrites(ClusterMirror mirror, long revision) throws InterruptedException {
    while (mirror.revision() < revision && tenure.lasts()) {
      changed.await(options.leaderTtl());
      mirror.refresh();
    }
  }

  private Commit reconcile(ClusterSnapshot cluster) throws InterruptedException {
    Plan plan = Planner.plan(cluster, awaited(cluster));
    List<Decision> decisions = new ArrayList<>();
    long assigned = 0;
    long unassigned = 0;
    var explanations = new TreeMap<UnitName, Explanation>();
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Assign(var machine, var assignment, _) -> {
          decisions.add(new Decision.Assign(machine, assignment));
          assigned++;
        }
        case Step.Update(var machine, var assignment, _) ->
            decisions.add(new Decision.Assign(machine, assignment));
        case Step.Unassign(var unit, var machine, _) -> {
          decisions.add(new Decision.Unassign(machine, unit));
          unassigned++;
        }
        case Step.Leave leave -> explanations.put(leave.unit(), leave.explanation());
      }
    }
    explain(cluster, explanations, decisions);
    Commit commit = registry.commit(term, decisions, tenure.lease());
    if (commit instanceof Commit.Applied) {
      plan.steps().forEach(Reign::log);
      long put = assigned;
      long taken = unassigned;
      progress.update(status -> status.planned(put, taken));
    }
    return commit;
  }

  /// Right after the store was away, a machine may be absent only because it could not report.
  private SortedSet<MachineId> awaited(ClusterSnapshot cluster) {
    var awaited = new TreeSet<MachineId>();
    if (environment.uptime().compareTo(settled) < 0) {
      awaited.addAll(cluster.assignments().keySet());
      awaited.removeAll(cluster.machines().keySet());
    }
    return awaited;
  }

  private static void explain(
      ClusterSnapshot cluster,
      SortedMap<UnitName, Explanation> explanations,
      List<Decision> decisions) {
    explanations.forEach(
        (unit, explanation) -> {
          if (!explanation.equals(cluster.explanations().get(unit))) {
            decisions.add(new Decision.Explain(unit, explanation));
          }
        });
    for (UnitName unit : cluster.explanations().keySet()) {
      if (!explanations.containsKey(unit)) {
        decisions.add(new Decision.Unexplain(unit));
      }
    }
  }

  private static void log(Step step) {
    switch (step) {
      case Step.Assign(var machine, var assignment, var choice) ->
          LOG.log(
              Level.INFO,
              "assigned unit={0} machine={1} reason=\"{2}\"",
              assignment.unit(),
              machine,
              choice.text());
      case Step.Update update ->
          LOG.log(
              Level.INFO,
              "updated unit={0} machine={1} reason=\"{2}\"",
              update.unit(),
              update.machine(),
              update.news());
      case Step.Unassign(var unit, var machine, var cause) ->
          LOG.log(
              Level.INFO,
              "unassigned unit={0} machine={1} cause=\"{2}\"",
              unit,
              machine,
              cause.text());
      case Step.Leave leave ->
          LOG.log(Level.DEBUG, "left unit={0} reason=\"{1}\"", leave.unit(), leave.summary());
    }
  }

  private void report(SortedMap<String, String> now) {
    now.forEach(
        (key, reason) -> {
          if (!reason.equals(problems.get(key))) {
            LOG.log(Level.WARNING, "cannot understand key={0} reason=\"{1}\"", key, reason);
          }
        });
    problems = now;
  }
}
