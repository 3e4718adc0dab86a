package fleet.ctl.change;

import fleet.api.MachineResource;
import fleet.api.UnitResource;
import fleet.api.client.ClientException;
import fleet.api.client.FleetClient;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.remote.Cluster;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.ParallelRequests.Unfinished;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Restarts units, in the order of the arguments.
///
/// First it finds out what there is to do, and says of which units nothing can be done. Then it
/// goes step by step, each of which must have come to a good end before the next; or takes all
/// steps at once, if that is wanted or if nobody waits.
final class RollingRestart implements Change.Request<RollingRestart.Step> {

  /// One restart to ask for.
  ///
  /// @param machineId the machine that is asked alone; empty for all that have the unit
  /// @param witnesses the machines whose word is waited for; empty for the one that the unit is
  ///     assigned to
  /// @param start whether the unit is not running, so that it is rather started
  record Step(
      String unit, boolean global, String machineId, List<String> witnesses, boolean start) {}

  private static final Change.Words WORDS =
      new Change.Words("Error restarting unit UNIT: %", "Error restarting units: %");

  private final CommandCall call;
  private final Console console;
  private final Cluster cluster;
  private final OrderSender orders;
  private final boolean allAtOnce;
  private boolean allWell = true;

  RollingRestart(CommandCall call) {
    this.call = call;
    this.console = call.console();
    this.cluster = call.cluster();
    this.orders = new OrderSender(call);
    this.allAtOnce = call.options().on(Restart.ALL_AT_ONCE) || !ChangeFlags.blocking(call);
  }

  int run() throws InterruptedException {
    Units.Named units = Units.named(call);
    allWell = units.all();
    var steps = new ArrayList<Step>();
    try {
      Optional<String> machine = machine();
      if (machine.isEmpty()) {
        return Exit.FAILED;
      }
      for (String name : units.names()) {
        steps.addAll(steps(name, machine.get()));
      }
    } catch (ClientException e) {
      ErrorText.print(console, WORDS.unanswered(), e);
      var unfinished = units.names().stream().map(each -> new Unfinished<>(each, false)).toList();
      ErrorText.printUnfinished(console, Goal.RESTARTED.done(), unfinished);
      return Exit.FAILED;
    }
    allWell &= allAtOnce ? take(steps) : roll(steps);
    return Exit.of(allWell);
  }

  /// The machine that the user chose, or an empty text for any; empty if there is no such machine,
  /// which has then been said.
  private Optional<String> machine() {
    String prefix = call.options().text(Restart.MACHINE);
    if (prefix.isEmpty()) {
      return Optional.of("");
    }
    List<MachineResource> found = Cluster.beginningWith(prefix, cluster.api().machines());
    if (found.size() == 1) {
      return Optional.of(found.getFirst().id());
    }
    complain(found.isEmpty() ? "machine does not exist" : "found more than one machine");
    return Optional.empty();
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
    var machines = new ArrayList<>(cluster.machinesWith(unit));
    machines.removeIf(each -> !machine.isEmpty() && !each.equals(machine));
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
  private boolean roll(List<Step> steps) throws InterruptedException {
    for (int i = 0; i < steps.size(); i++) {
      if (!take(List.of(steps.get(i)))) {
        List<String> left = steps.subList(i + 1, steps.size()).stream().map(this::name).toList();
        if (!left.isEmpty()) {
          console.complain("Not restarted: " + Units.brackets(left) + ".");
        }
        return false;
      }
    }
    return true;
  }

  /// Takes some steps at once, and waits for all.
  private boolean take(List<Step> steps) throws InterruptedException {
    var change = new Change<>(call, Goal.RESTARTED, WORDS, this);
    boolean well = change.carryOut(List.of(steps));
    for (Awaited unit : change.awaited()) {
      if (!change.failures().containsKey(unit.name())) {
        call.log().info("Unit(" + unit.name() + ") was restarted.");
      }
    }
    return well;
  }

  @Override
  public String unit(Step step) {
    return step.unit();
  }

  @Override
  public String name(Step step) {
    String on = step.machineId().isEmpty() ? "" : " on " + cluster.legend(step.machineId());
    return step.unit() + on;
  }

  @Override
  public void send(Step step, FleetClient api, Change.Report report) {
    Goal goal = step.start() ? Goal.LAUNCHED : Goal.RESTARTED;
    String machine = step.start() ? "" : step.machineId(); // what starts is on no other
    var order = orders.give(api, step.unit(), goal, machine, List.of());
    orders.noteGiven(order, goal, step.global(), step.witnesses(), report);
  }

  private void complain(String reason) {
    console.complain("Error restarting units: " + reason);
    allWell = false;
  }
}
