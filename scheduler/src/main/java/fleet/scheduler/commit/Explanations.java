package fleet.scheduler.commit;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.Explanation;
import fleet.cluster.registry.Decision;
import fleet.cluster.registry.Reasons;
import fleet.scheduler.plan.Plan;
import fleet.scheduler.plan.Plan.Step;
import fleet.unit.UnitName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is still to be said of the units that wait, and to be unsaid of others. It is written a
/// little at a time, so that something more urgent never waits for all of it.
///
/// It follows from a plan and its snapshot alone: whoever drops the rest, because there is a newer
/// plan, finds what is missing by that one. Reasons that many units share are written once, before
/// the first explanation that refers to them, and removed after the last.
public final class Explanations {

  /// How much is written in one go.
  private static final int AT_ONCE = 64;

  private final Deque<Decision> left;

  private Explanations(List<Decision> decisions) {
    this.left = new ArrayDeque<>(decisions);
  }

  /// When there has been no plan yet.
  public static Explanations none() {
    return new Explanations(List.of());
  }

  public static Explanations of(Plan plan, ClusterSnapshot cluster) {
    var waiting = waiting(plan);
    var placed = placed(plan);
    List<Decision> decisions = new ArrayList<>();
    cluster.explanations().keySet().stream()
        .filter(unit -> !waiting.containsKey(unit))
        .filter(unit -> !cluster.unreadable().units().contains(unit))
        .filter(unit -> !placed.contains(unit))
        .forEach(unit -> decisions.add(new Decision.Unexplain(unit)));

    Map<Explanation, Optional<Reasons>> shared = new LinkedHashMap<>();
    var there = new TreeSet<>(cluster.reasons());
    waiting.forEach(
        (unit, explanation) -> {
          var reasons = shared.computeIfAbsent(explanation, Reasons::of);
          if (!explanation.equals(cluster.explanations().get(unit))) {
            reasons
                .filter(missing -> there.add(missing.name()))
                .ifPresent(missing -> decisions.add(new Decision.Share(missing)));
            decisions.add(
                reasons
                    .<Decision>map(
                        known -> new Decision.ExplainBy(unit, explanation.summary(), known.name()))
                    .orElseGet(() -> new Decision.Explain(unit, explanation)));
          }
        });

    // Nothing is known of a unit that cannot be read, so it keeps what was said of it.
    for (UnitName unit : cluster.unreadable().units()) {
      Optional.ofNullable(cluster.explanations().get(unit))
          .ifPresent(explanation -> shared.computeIfAbsent(explanation, Reasons::of));
    }
    there.clear();
    there.addAll(cluster.reasons());
    shared.values().forEach(reasons -> reasons.ifPresent(needed -> there.remove(needed.name())));
    there.forEach(unused -> decisions.add(new Decision.Unshare(unused)));
    return new Explanations(decisions);
  }

  /// The units that are put on a machine, and wait no more: what was said of them is not true any
  /// longer from then on, and so is unsaid with it ([PlannedWrites]).
  static SortedSet<UnitName> placed(Plan plan) {
    var placed = new TreeSet<UnitName>();
    for (Step step : plan.steps()) {
      if (step instanceof Step.Assign) {
        placed.add(step.unit());
      }
    }
    placed.removeAll(waiting(plan).keySet());
    return placed;
  }

  private static SortedMap<UnitName, Explanation> waiting(Plan plan) {
    var waiting = new TreeMap<UnitName, Explanation>();
    for (Step step : plan.steps()) {
      if (step instanceof Step.Leave(var unit, var obstacle)) {
        waiting.put(unit, obstacle.explanation());
      }
    }
    return waiting;
  }

  /// Takes what is to be written next; nothing if all has been taken.
  public PlannedWrites next() {
    List<Decision> some = new ArrayList<>();
    while (some.size() < AT_ONCE && !left.isEmpty()) {
      some.add(left.remove());
    }
    long unplaced =
        some.stream()
            .filter(
                decision ->
                    decision instanceof Decision.Explain || decision instanceof Decision.ExplainBy)
            .count();
    return new PlannedWrites(some, new WriteCount(0, 0, 0, unplaced));
  }

  public boolean isEmpty() {
    return left.isEmpty();
  }
}
