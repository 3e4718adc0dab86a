package fleet.ctl.change;

import fleet.api.client.ClientException;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Invocation;
import fleet.ctl.command.Units;
import fleet.ctl.console.Console;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.ParallelRequests;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.ctl.wait.Waiter.Failure;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings units down to where `stop` or `unload` wants them ([Lowering]), and waits until they are
/// there.
final class Lower {

  private final Invocation invocation;
  private final Console console;
  private final Goal goal;
  private final String verb;
  private final String done;
  private final List<String> found = new ArrayList<>();
  private final Map<String, Awaited> awaited = new LinkedHashMap<>();
  private final Map<String, Failure> failures = new LinkedHashMap<>();

  private Lower(Invocation invocation, Goal goal, String verb, String done) {
    this.invocation = invocation;
    this.console = invocation.console();
    this.goal = goal;
    this.verb = verb;
    this.done = done;
  }

  /// Brings the units that the arguments mean to `goal`: [Goal#STOPPED] or [Goal#UNLOADED].
  ///
  /// @param verb, done as in `stop` and `stopped`
  static int run(Invocation invocation, Goal goal, String verb, String done)
      throws InterruptedException {
    if (invocation.arguments().isEmpty()) {
      invocation.console().complain("No units given");
      return Exit.USAGE;
    }
    return new Lower(invocation, goal, verb, done).run();
  }

  private int run() throws InterruptedException {
    var names = new LinkedHashSet<String>();
    boolean named = true;
    for (String argument : invocation.arguments()) {
      Optional<UnitName> name = Units.named(invocation, argument);
      named &= name.isPresent();
      if (name.isPresent()) {
        names.add(name.get().text());
      }
    }
    boolean answered = lower(List.copyOf(names));
    failures.putAll(WaitFlags.run(invocation, List.copyOf(awaited.values())));
    return answered ? conclude(named) : Exit.FAILED;
  }

  /// @return whether the API has answered for each; if not, that has been said
  private boolean lower(List<String> names) throws InterruptedException {
    boolean alone = invocation.arguments().size() == 1;
    var orders = new OrderSender(invocation.time());
    var lowering = new Lowering(orders, goal, verb, WaitFlags.blocking(invocation), alone);
    try (var requests =
        new ParallelRequests<>(invocation.cluster(), invocation.time(), names, lowering)) {
      try {
        for (Optional<Lowering.Outcome> next = requests.next();
            next.isPresent();
            next = requests.next()) {
          Lowering.Outcome outcome = next.get();
          outcome.report().print(console, invocation.log());
          if (outcome.found()) {
            found.add(outcome.name());
          }
          if (outcome.awaited().isPresent()) {
            awaited.put(outcome.name(), outcome.awaited().get());
          }
          if (outcome.failure().isPresent()) {
            failures.put(outcome.name(), outcome.failure().get());
          }
        }
        return true;
      } catch (ClientException e) {
        List<String> units = new ArrayList<>();
        requests.unfinished().forEach(each -> units.add(each.item()));
        String failed = "Failed to " + verb + " units " + Units.brackets(units);
        ErrorText.print(console, failed + ". err: %", e);
        ErrorText.printUnfinished(console, done, requests.unfinished());
        return false;
      }
    }
  }

  /// Says how it went, in fleet 1.0's words.
  private int conclude(boolean named) {
    if (!failures.isEmpty()) {
      console.complain(
          "Failed to "
              + verb
              + " units "
              + Units.brackets(List.copyOf(failures.keySet()))
              + ". err: "
              + failures.values().iterator().next().reason());
      return Exit.FAILED;
    }
    if (found.isEmpty()) {
      if (named) {
        console.complain("Units not found in registry");
      }
    } else {
      List<String> units =
          awaited.values().stream().filter(unit -> !unit.everywhere()).map(Awaited::name).toList();
      if (!units.isEmpty()) {
        console.complain("Successfully " + done + " units " + Units.brackets(units) + ".");
      }
    }
    return named ? Exit.DONE : Exit.FAILED;
  }
}
