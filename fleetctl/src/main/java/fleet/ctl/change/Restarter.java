package fleet.ctl.change;

import fleet.api.ExplanationResource;
import fleet.api.GivenOrderResource;
import fleet.api.MachineResource;
import fleet.api.UnitResource;
import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.api.client.FleetClient;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Invocation;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.remote.Cluster;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.ParallelRequests;
import fleet.ctl.remote.ParallelRequests.Unfinished;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.ctl.wait.Waiter.Failure;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Restarts units, in the order of the arguments.
///
/// First it finds out what there is to do, and says of which units nothing can be done. Then it
/// goes step by step, each of which must have come to a good end before the next; or takes all
/// steps at once, if that is wanted or if nobody waits.
final class Restarter {

  /// One restart to ask for.
  ///
  /// @param machineId the machine that is asked alone; empty for all that have the unit
  /// @param witnesses the machines whose word is waited for; empty for the one that the unit is
  ///     assigned to
  /// @param start whether the unit is not running, so that it is rather started
  private record Step(
      String unit, boolean global, String machineId, List<String> witnesses, boolean start) {
    Goal goal() {
      return start ? Goal.LAUNCHED : Goal.RESTARTED;
    }
  }

  /// What came of an order.
  ///
  /// @param given the order; empty if it was refused
  /// @param refusal why it was
  private record Asked(Step step, Optional<GivenOrderResource> given, String refusal) {}

  private static final class Asking implements ParallelRequests.Work<Step, Asked> {
    private final OrderSender orders;

    Asking(OrderSender orders) {
      this.orders = orders;
    }

    @Override
    public Asked of(Step step, FleetClient api) {
      try {
        String machine = step.start() ? "" : step.machineId(); // what starts is on no other
        var order = orders.giveOn(api, step.unit(), step.goal(), machine);
        return new Asked(step, Optional.of(order), "");
      } catch (ApiException e) {
        if (ErrorText.isOfAll(e)) {
          throw e;
        }
        return new Asked(step, Optional.empty(), ErrorText.reason(e));
      }
    }
  }

  private final Invocation invocation;
  private final Console console;
  private final Cluster cluster;
  private final OrderSender orders;
  private final boolean allAtOnce;
  private boolean allWell = true;

  Restarter(Invocation invocation) {
    this.invocation = invocation;
    this.console = invocation.console();
    this.cluster = invocation.cluster();
    this.orders = new OrderSender(invocation.time());
    this.allAtOnce =
        invocation.options().on(Restart.ALL_AT_ONCE) || !WaitFlags.blocking(invocation);
  }

  int run() throws InterruptedException {
    List<String> names = names();
    var steps = new ArrayList<Step>();
    try {
      Optional<String> machine = machine();
      if (machine.isEmpty()) {
        return Exit.FAILED;
      }
      for (String name : names) {
        steps.addAll(steps(name, machine.get()));
      }
    } catch (ClientException e) {
      ErrorText.print(console, "Error restarting units: %", e);
      List<Unfinished<String>> left = new ArrayList<>();
      names.forEach(name -> left.add(new Unfinished<>(name, false)));
      ErrorText.printUnfinished(console, Goal.RESTARTED.done(), left);
      return Exit.FAILED;
    }
    if (allAtOnce) {
      allWell &= take(steps);
    } else {
      roll(steps);
    }
    return allWell ? Exit.DONE : Exit.FAILED;
  }

  /// The machine that the user chose, or an empty text for any; empty if there is no such machine,
  /// which has then been said.
  private Optional<String> machine() {
    String prefix = invocation.options().text(Restart.MACHINE);
    if (prefix.isEmpty()) {
      return Optional.of("");
    }
    var found = new ArrayList<String>();
    for (MachineResource machine : cluster.api().machines()) {
      if (machine.id().startsWith(prefix)) {
        found.add(machine.id());
      }
    }
    if (found.size() == 1) {
      return Optional.of(found.getFirst());
    }
    complain(found.isEmpty() ? "machine does not exist" : "found more than one machine");
    return Optional.empty();
  }

  private List<String> names() {
    var names = new LinkedHashSet<String>();
    for (String argument : invocation.arguments()) {
      Optional<UnitName> name = Units.named(invocation, argument);
      if (name.isPresent()) {
        names.add(name.get().text());
      } else {
        allWell = false;
      }
    }
    return List.copyOf(names);
  }

  private List<Step> steps(String name, String machine) {
    Optional<UnitResource> unit = cluster.api().unit(name);
    if (unit.isEmpty()) {
      complain("unable to find unit " + name);
      return List.of();
    }
    if (unit.get().desiredState().equals("inactive")) {
      console.complain("Unable to restart unit " + name + " in state inactive");
      allWell = false;
      return List.of();
    }
    return steps(unit.get(), machine);
  }

  private List<Step> steps(UnitResource unit, String machine) {
    boolean loaded = unit.desiredState().equals("loaded");
    if (Units.global(unit)) {
      return loaded
          ? List.of(new Step(unit.name(), true, "", List.of(), true))
          : stepsOfGlobal(unit.name(), machine);
    }
    if (machine.isEmpty() || unit.machineId().equals(machine)) {
      List<String> witnesses = machine.isEmpty() ? List.of() : List.of(machine);
      return List.of(new Step(unit.name(), false, machine, witnesses, loaded));
    }
    complain("unit " + unit.name() + " is not on " + cluster.legend(machine));
    return List.of();
  }

  private List<Step> stepsOfGlobal(String unit, String machine) {
    var machines = new ArrayList<String>();
    for (ExplanationResource explanation : cluster.api().explanations(List.of(unit))) {
      for (ExplanationResource.State state : explanation.states()) {
        if (machine.isEmpty() || state.machineId().equals(machine)) {
          machines.add(state.machineId());
        }
      }
    }
    if (machines.isEmpty()) {
      String where = machine.isEmpty() ? "any machine" : cluster.legend(machine);
      complain("global unit " + unit + " is not on " + where);
      return List.of();
    }
    if (allAtOnce && machine.isEmpty()) {
      return List.of(new Step(unit, true, "", machines, false));
    }
    var steps = new ArrayList<Step>();
    for (String each : machines) {
      steps.add(new Step(unit, true, each, List.of(each), false));
    }
    return steps;
  }

  /// Takes one step after the other, up to the first that fails: a roll must not take down what is
  /// left.
  private void roll(List<Step> steps) throws InterruptedException {
    for (int i = 0; i < steps.size(); i++) {
      if (!take(List.of(steps.get(i)))) {
        allWell = false;
        var left = new ArrayList<String>();
        for (Step step : steps.subList(i + 1, steps.size())) {
          left.add(step.unit() + on(step.machineId()));
        }
        if (!left.isEmpty()) {
          console.complain("Not restarted: " + Units.brackets(left) + ".");
        }
        return;
      }
    }
  }

  /// Takes some steps at once, and waits for all.
  private boolean take(List<Step> steps) throws InterruptedException {
    boolean well = true;
    var awaited = new ArrayList<Awaited>();
    try (var requests =
        new ParallelRequests<>(cluster, invocation.time(), steps, new Asking(orders))) {
      try {
        for (Optional<Asked> next = requests.next(); next.isPresent(); next = requests.next()) {
          Step step = next.get().step();
          if (next.get().given().isEmpty()) {
            String unit = step.unit() + on(step.machineId());
            console.complain("Error restarting unit " + unit + ": " + next.get().refusal());
            well = false;
          } else {
            awaited.addAll(given(step, next.get().given().get()));
          }
        }
      } catch (ClientException e) {
        ErrorText.print(console, "Error restarting units: %", e);
        List<Unfinished<String>> left = new ArrayList<>();
        for (Unfinished<Step> each : requests.unfinished()) {
          left.add(
              new Unfinished<>(each.item().unit() + on(each.item().machineId()), each.begun()));
        }
        ErrorText.printUnfinished(console, Goal.RESTARTED.done(), left);
        well = false;
      }
    }
    Map<String, Failure> failures = WaitFlags.run(invocation, awaited);
    for (Awaited unit : awaited) {
      if (!failures.containsKey(unit.name())) {
        invocation.log().info("Unit(" + unit.name() + ") was restarted.");
      }
    }
    return well && failures.isEmpty();
  }

  /// Says what has been ordered, if that is not waited for or is of a global unit as a whole.
  ///
  /// @return what is waited for
  private List<Awaited> given(Step step, GivenOrderResource order) {
    boolean blocking = WaitFlags.blocking(invocation);
    if (!blocking || (step.global() && step.start())) {
      String kind = step.global() ? "global unit " : "unit ";
      console.say("Triggered " + kind + step.unit() + " " + step.goal().order());
    }
    if (!blocking) {
      console.complain(OrderSender.notice(step.unit(), step.goal(), order));
      return List.of();
    }
    if (step.witnesses().isEmpty()) {
      return List.of(Awaited.ordered(step.unit(), step.goal(), order, step.global()));
    }
    var awaited = new ArrayList<Awaited>();
    for (String machine : step.witnesses()) {
      awaited.add(Awaited.orderedOn(step.unit(), step.goal(), order, machine));
    }
    return awaited;
  }

  private String on(String machineId) {
    return machineId.isEmpty() ? "" : " on " + cluster.legend(machineId);
  }

  private void complain(String reason) {
    console.complain("Error restarting units: " + reason);
    allWell = false;
  }
}
