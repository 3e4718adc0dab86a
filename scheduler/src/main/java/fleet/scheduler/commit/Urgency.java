package fleet.scheduler.commit;

import fleet.scheduler.plan.Cause;
import fleet.scheduler.plan.Plan;
import fleet.scheduler.plan.Plan.Step;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What of a plan is written first. The steps of one unit stay together and in their order: what
/// takes it off a machine is written before what puts it on another.
enum Urgency {
  /// Of a unit that has lost its machine: it runs nowhere until this is written.
  LOST,

  /// Of a unit that is taken off a machine that is there.
  TAKEN_OFF,

  /// Of a unit that stays where it is, and is told something new.
  TOLD,

  /// Of a unit that has been nowhere.
  PLACED;

  /// The steps that take away a place, give one, or tell who has one; the most urgent first, and
  /// else by unit.
  static List<Step> inOrder(Plan plan) {
    SortedSet<UnitName> lost = new TreeSet<>();
    SortedSet<UnitName> takenOff = new TreeSet<>();
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Withhold(_, _, var cause) -> note(step.unit(), cause, lost, takenOff);
        case Step.Unassign(_, _, var cause) -> note(step.unit(), cause, lost, takenOff);
        case Step.Assign _, Step.Update _, Step.Leave _ -> {}
      }
    }
    List<Step> steps = new ArrayList<>();
    for (Urgency urgency : values()) {
      for (Step step : plan.steps()) {
        if (!(step instanceof Step.Leave) && of(step, lost, takenOff) == urgency) {
          steps.add(step);
        }
      }
    }
    return steps;
  }

  private static void note(
      UnitName unit, Cause cause, SortedSet<UnitName> lost, SortedSet<UnitName> takenOff) {
    if (cause instanceof Cause.MachineGone) {
      lost.add(unit);
    } else {
      takenOff.add(unit);
    }
  }

  private static Urgency of(Step step, SortedSet<UnitName> lost, SortedSet<UnitName> takenOff) {
    if (lost.contains(step.unit())) {
      return LOST;
    }
    if (takenOff.contains(step.unit())) {
      return TAKEN_OFF;
    }
    return step instanceof Step.Update ? TOLD : PLACED;
  }
}
