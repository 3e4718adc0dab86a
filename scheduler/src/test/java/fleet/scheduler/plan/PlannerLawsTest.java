package fleet.scheduler.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.ClusterSnapshot;
import fleet.cluster.DesiredUnit;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.scheduler.plan.Plan.Obstacle;
import fleet.scheduler.plan.Plan.Step;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Lives of random clusters, each following from its seed: after everything that happens, the plan
/// keeps the laws. Try more of them with `-Dfleet.seeds=100000`.
@Tag("slow")
class PlannerLawsTest {

  private static final int SEEDS = Integer.getInteger("fleet.seeds", 400);
  private static final int PLANS = 15;

  private record Planned(
      String story,
      ClusterScene cluster,
      ClusterSnapshot before,
      Plan plan,
      ClusterSnapshot after) {}

  private static void everyPlan(Consumer<Planned> law) {
    for (long seed = 0; seed < SEEDS; seed++) {
      var life = new RandomLife(seed);
      for (int i = 0; i < PLANS; i++) {
        life.happenings();
        var before = life.cluster.snapshot();
        var plan = life.cluster.plan();
        life.cluster.carryOut(plan);
        life.story.append("  ").append(plan).append('\n');
        law.accept(
            new Planned(
                "seed " + seed + "\n" + life.story,
                life.cluster,
                before,
                plan,
                life.cluster.snapshot()));
        life.agentsFollow();
      }
    }
  }

  @Test
  void aPlanCarriedOutLeavesNothingToDo() {
    everyPlan(
        planned -> {
          var next = planned.cluster.plan();

          assertTrue(next.changesNothing(), () -> planned.story + next);
          assertEquals(waiting(planned.plan), waiting(next), planned.story);
        });
  }

  private static List<Step> waiting(Plan plan) {
    return plan.steps().stream().filter(step -> step instanceof Step.Leave).toList();
  }

  @Test
  void equalSnapshotsGiveEqualPlans() {
    everyPlan(
        planned ->
            assertEquals(
                Planner.plan(planned.before), Planner.plan(planned.before), planned.story));
  }

  @Test
  void aUnitThatIsNotGlobalIsOnOneMachineAtMost() {
    everyPlan(
        planned -> {
          var judge = new PlainRules(planned.after);
          for (DesiredUnit unit : judge.wanted()) {
            if (!unit.requirements().global()) {
              assertTrue(judge.machinesOf(unit.name()).size() <= 1, planned.story);
            }
          }
        });
  }

  @Test
  void everyUnitIsOnlyWhereItMayBe() {
    everyPlan(
        planned -> {
          if (!planned.before.unreadable().units().isEmpty()) {
            return; // the judge does not know what those ask for
          }
          var judge = new PlainRules(planned.after);
          for (DesiredUnit unit : judge.wanted()) {
            for (MachineId id : judge.machinesOf(unit.name())) {
              var machine = planned.after.machines().get(id);
              assertTrue(
                  machine == null || judge.mayBe(unit, machine),
                  () -> planned.story + unit.name() + " on " + id);
            }
          }
        });
  }

  @Test
  void everyUnitThatWaitsIsToldWhyByEachMachine() {
    everyPlan(
        planned -> {
          var judge = new PlainRules(planned.after);
          var vetoes = new TreeMap<UnitName, Set<MachineId>>();
          for (Step step : planned.plan.steps()) {
            if (step instanceof Step.Leave(var unit, Obstacle(var summary, var why, _))) {
              vetoes.put(unit, summary.contains("stopping") ? Set.of() : why.keySet());
            }
          }
          for (DesiredUnit unit : judge.wanted()) {
            boolean runs =
                judge.machinesOf(unit.name()).stream().anyMatch(id -> !gone(planned, id));
            assertEquals(!runs, vetoes.containsKey(unit.name()), planned.story);
            if (!runs && !Set.of().equals(vetoes.get(unit.name()))) {
              assertEquals(
                  planned.after.machines().keySet(), vetoes.get(unit.name()), planned.story);
            }
          }
        });
  }

  @Test
  void aUnitIsAssignedWhereNoOtherMachineStillHasIt() {
    everyPlan(
        planned -> {
          for (Step step : planned.plan.steps()) {
            if (step instanceof Step.Assign(var machine, var assignment, var reason)
                && !(reason instanceof PlacementReason.Everywhere)) {
              var reporting = reporting(planned.before, assignment.unit());
              reporting.remove(machine);
              assertEquals(Set.of(), reporting, () -> planned.story + step);
            }
          }
        });
  }

  @Test
  void aUnitThatWaitsForAStopIsStillOnTheMachineThatIsNamed() {
    everyPlan(
        planned -> {
          for (Step step : planned.plan.steps()) {
            if (step instanceof Step.Leave(var unit, Obstacle(var summary, var vetoes, _))
                && summary.startsWith("it is still stopping on ")) {
              var machine = new MachineId(summary.substring(summary.lastIndexOf(' ') + 1));
              assertTrue(
                  reporting(planned.before, unit).contains(machine) && vetoes.isEmpty(),
                  () -> planned.story + step);
            }
          }
        });
  }

  private static Set<MachineId> reporting(ClusterSnapshot cluster, UnitName unit) {
    var machines = new TreeSet<MachineId>();
    cluster
        .states()
        .forEach(
            (machine, states) -> {
              if (unit instanceof UnitName.Placeable name && states.containsKey(name)) {
                machines.add(machine);
              }
            });
    return machines;
  }

  private static boolean gone(Planned planned, MachineId id) {
    return !planned.after.machines().containsKey(id) && !kept(planned, id);
  }

  /// Whether nothing may be taken off the machine, since too little is known.
  private static boolean kept(Planned planned, MachineId id) {
    return planned.cluster.uncertain(id)
        || (planned.plan.pause().isPresent() && planned.before.silent().contains(id));
  }

  @Test
  void aGlobalUnitIsOnEveryMachineThatCanTakeIt() {
    everyPlan(
        planned -> {
          if (!planned.before.unreadable().units().isEmpty()) {
            return;
          }
          var judge = new PlainRules(planned.after);
          for (DesiredUnit unit : judge.wanted()) {
            if (unit.requirements().global()) {
              planned.after.machines().values().stream()
                  .filter(machine -> judge.mayBe(unit, machine))
                  .forEach(
                      machine ->
                          assertTrue(
                              judge.machinesOf(unit.name()).contains(machine.id()), planned.story));
            }
          }
        });
  }

  @Test
  void whatMayStayIsNotMoved() {
    everyPlan(
        planned -> {
          if (!planned.before.unreadable().units().isEmpty()) {
            return;
          }
          var judge = new PlainRules(planned.after);
          for (Step step : planned.plan.steps()) {
            if (step instanceof Step.Unassign(var name, var id, var cause)
                && !(cause instanceof Cause.Duplicate)
                && !(cause instanceof Cause.Vetoed(Veto.Failed _))) {
              var unit = planned.after.units().get(name);
              var machine = planned.after.machines().get(id);
              assertFalse(
                  unit != null
                      && machine != null
                      && unit.target() != TargetState.INACTIVE
                      && judge.mayBe(unit, machine),
                  () -> planned.story + step);
            }
          }
        });
  }

  @Test
  void nothingIsDoneWhereNothingIsKnown() {
    everyPlan(
        planned -> {
          for (Step step : planned.plan.steps()) {
            boolean known =
                switch (step) {
                  case Step.Assign(var machine, _, _) ->
                      planned.before.machines().containsKey(machine);
                  case Step.Update _ -> true;
                  case Step.Withhold(var machine, _, var cause) -> isKnown(planned, machine, cause);
                  case Step.Unassign(_, var machine, var cause) -> isKnown(planned, machine, cause);
                  case Step.Leave _ -> true;
                };
            assertTrue(
                known && !planned.before.unreadable().units().contains(step.unit()),
                () -> planned.story + step);
          }
        });
  }

  private static boolean isKnown(Planned planned, MachineId machine, Cause cause) {
    return !kept(planned, machine)
        || cause instanceof Cause.Destroyed
        || cause instanceof Cause.Inactive
        || cause instanceof Cause.Duplicate;
  }
}
