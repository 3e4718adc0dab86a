package fleet.ctl.change;

import fleet.api.client.ClientException;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Invocation;
import fleet.ctl.console.Console;
import fleet.ctl.console.Flag;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.ParallelRequests;
import fleet.ctl.remote.ParallelRequests.Unfinished;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings units up to where `submit`, `load` or `start` wants them: sees to it that the cluster has
/// their files and knows how far they should come ([Raising]), and waits until they have.
///
/// One unit's failure is no other's: all are tried.
final class Raise {

  private static final Flag REPLACE =
      Flag.toggle("replace", "Replace units that differ from the local files");

  private static final Flag SIGN = Flag.toggle("sign", "Ignored: units are no longer signed");

  private final Invocation invocation;
  private final Console console;
  private final Goal goal;
  private final OrderSender orders;
  private final Map<String, Awaited> awaited = new LinkedHashMap<>();
  private final List<Unfinished<String>> left = new ArrayList<>();
  private Optional<ClientException> silence = Optional.empty();
  private boolean allWell = true;

  private Raise(Invocation invocation, Goal goal) {
    this.invocation = invocation;
    this.console = invocation.console();
    this.goal = goal;
    this.orders = new OrderSender(invocation.time());
  }

  /// The flags of `load` and `start`.
  static List<Flag> flags() {
    return List.of(REPLACE, WaitFlags.NO_BLOCK, WaitFlags.BLOCK_ATTEMPTS, WaitFlags.TIMEOUT, SIGN);
  }

  /// The flags of `submit`, which has nothing to wait for.
  static List<Flag> flagsWithoutWaiting() {
    return List.of(REPLACE, SIGN);
  }

  /// Brings the units that the arguments mean to `goal`: [Goal#LAUNCHED], [Goal#LOADED] or, if they
  /// are only to be known, [Goal#SUBMITTED].
  static int run(Invocation invocation, Goal goal) throws InterruptedException {
    if (invocation.arguments().isEmpty()) {
      invocation.console().complain("No units given");
      return Exit.USAGE;
    }
    return new Raise(invocation, goal).run();
  }

  private int run() throws InterruptedException {
    for (List<String> group : groups(invocation.arguments())) {
      if (silence.isEmpty()) {
        raise(group);
      } else {
        group.forEach(argument -> left.add(new Unfinished<>(name(argument), false)));
      }
    }
    silence.ifPresent(failure -> ErrorText.print(console, "Error creating units: %", failure));
    ErrorText.printUnfinished(console, goal.done(), left);
    var failures = WaitFlags.run(invocation, List.copyOf(awaited.values()));
    return allWell && silence.isEmpty() && failures.isEmpty() ? Exit.DONE : Exit.FAILED;
  }

  /// The arguments in groups whose members may be dealt with in any order. A template comes before
  /// the instances that are named after it, since they may be made of it; and no unit is twice in a
  /// group.
  private static List<List<String>> groups(List<String> arguments) {
    var groups = new ArrayList<List<String>>();
    var group = new LinkedHashMap<String, String>();
    for (String argument : arguments) {
      String unit = argument;
      boolean template = false;
      if (UnitName.ofArgument(argument) instanceof Parsed.Ok<UnitName>(var name)) {
        unit = name.text();
        template = name instanceof UnitName.Template;
      }
      if (template || group.containsKey(unit)) {
        groups.add(List.copyOf(group.values()));
        group.clear();
      }
      if (template) {
        groups.add(List.of(argument));
      } else {
        group.put(unit, argument);
      }
    }
    groups.add(List.copyOf(group.values()));
    return groups;
  }

  private void raise(List<String> arguments) throws InterruptedException {
    var raising =
        new Raising(
            orders,
            goal,
            invocation.options().on(REPLACE),
            goal != Goal.SUBMITTED && WaitFlags.blocking(invocation),
            console.directory());
    try (var requests =
        new ParallelRequests<>(invocation.cluster(), invocation.time(), arguments, raising)) {
      try {
        for (Optional<Raising.Outcome> outcome = requests.next();
            outcome.isPresent();
            outcome = requests.next()) {
          settle(outcome.get());
        }
      } catch (ClientException e) {
        silence = Optional.of(e);
        requests
            .unfinished()
            .forEach(each -> left.add(new Unfinished<>(name(each.item()), each.begun())));
      }
    }
  }

  /// What the unit is called that an argument means.
  private static String name(String argument) {
    return UnitName.ofArgument(argument) instanceof Parsed.Ok<UnitName>(var name)
        ? name.text()
        : argument;
  }

  private void settle(Raising.Outcome outcome) {
    outcome.report().print(console, invocation.log());
    allWell &= outcome.well();
    if (outcome.awaited().isPresent()) {
      Awaited unit = outcome.awaited().get();
      awaited.put(unit.name(), unit);
    }
  }
}
