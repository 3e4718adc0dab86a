package fleet.scheduler.plan;

import fleet.cluster.Assignment;
import fleet.cluster.Explanation;
import fleet.cluster.FailedPlacements;
import fleet.cluster.MachineId;
import fleet.cluster.Pause;
import fleet.unit.UnitName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the leader should change, and why; and what it cannot do, and why not.
///
/// Sorted by unit; what takes a unit off a machine stands before what puts it on another.
///
/// @param revision of the snapshot that was planned from
/// @param evicted machines that are evicted, though they keep what no other can take
/// @param pause that too many machines are silent for any to be evicted
/// @param failures where units have failed too often; what is not among them is forgotten
public record Plan(
    long revision,
    List<Step> steps,
    SortedSet<MachineId> evicted,
    Optional<Pause> pause,
    SortedMap<UnitName.Placeable, FailedPlacements> failures) {

  public Plan {
    steps = List.copyOf(steps);
    evicted = Collections.unmodifiableSortedSet(new TreeSet<>(evicted));
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
  }

  /// Whether the assignments are as they should be. There may still be units that wait.
  public boolean changesNothing() {
    return evicted.isEmpty() && steps.stream().allMatch(step -> step instanceof Step.Leave);
  }

  /// What to do about one unit on one machine, or that nothing can be done.
  public sealed interface Step {
    UnitName unit();

    /// Puts a unit on a machine where it has not been.
    record Assign(MachineId machine, Assignment assignment, PlacementReason reason)
        implements Step {
      @Override
      public UnitName.Placeable unit() {
        return assignment.unit();
      }
    }

    /// Tells the machine that has the unit of its new text or target, to restart it, or what users
    /// have ordered.
    ///
    /// @param told what the machine has been told before
    record Update(MachineId machine, Assignment assignment, Assignment told) implements Step {
      @Override
      public UnitName.Placeable unit() {
        return assignment.unit();
      }

      /// What is new, for people to read: `new text, target loaded`.
      public String news() {
        var news = new StringJoiner(", ");
        if (!assignment.file().equals(told.file())) {
          news.add("new text");
        }
        if (assignment.target() != told.target()) {
          news.add("target " + assignment.target().text());
        }
        if (assignment.generation() > told.generation()) {
          news.add("a restart was asked for");
        } else if (assignment.generation() < told.generation()) {
          news.add("restarts are counted anew");
        }
        if (!assignment.order().equals(told.order())) {
          news.add(
              assignment
                  .order()
                  .map(order -> "order " + order.number() + ": " + order.kind().text())
                  .orElse("no order"));
        }
        return news.toString();
      }
    }

    /// Tells a machine to be rid of an exclusive unit, and keeps in mind that it may not be.
    ///
    /// @param assignment of target inactive
    record Withhold(MachineId machine, Assignment assignment, Cause cause) implements Step {
      @Override
      public UnitName.Placeable unit() {
        return assignment.unit();
      }
    }

    /// Takes a unit off a machine.
    record Unassign(UnitName.Placeable unit, MachineId machine, Cause cause) implements Step {}

    /// Leaves a unit where nobody runs it, though users want it to run.
    record Leave(UnitName unit, Obstacle obstacle) implements Step {}
  }

  /// Why nobody runs a unit. All units of one plan that the same is true of have the same one.
  ///
  /// @param summary one sentence, such as `none of 3 machines can take it`
  /// @param vetoes why not, for each machine; on a large cluster for the first of them only
  /// @param explanation what users are told: the same in words, put together once for all units
  public record Obstacle(
      String summary, SortedMap<MachineId, Veto> vetoes, Explanation explanation) {

    public Obstacle {
      vetoes = Collections.unmodifiableSortedMap(new TreeMap<>(vetoes));
    }

    Obstacle(String summary, SortedMap<MachineId, Veto> vetoes) {
      this(summary, vetoes, new Explanation(summary, reasons(vetoes)));
    }

    private static SortedMap<MachineId, String> reasons(SortedMap<MachineId, Veto> vetoes) {
      var reasons = new TreeMap<MachineId, String>();
      vetoes.forEach((machine, veto) -> reasons.put(machine, veto.reason()));
      return reasons;
    }
  }
}
