package fleet.ctl.verb;

import fleet.api.UnitResource;
import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.ctl.console.Caller;
import fleet.ctl.remote.Trouble;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.ctl.wait.Watch.Failure;
import fleet.unit.UnitName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings units down to where `stop` or `unload` wants them, and waits until they are there.
///
/// What users want decides what there is to do, not how far the unit has come: fleet 1.0 looked at
/// the latter, so that a unit that had just been started, or that no machine could take, could not
/// be stopped or unloaded.
final class Lower {

  private static final int MOST_NAMES = 20;

  private final Invocation invocation;
  private final Caller caller;
  private final Goal goal;
  private final String verb;
  private final String done;
  private final List<String> found = new ArrayList<>();
  private final Map<String, Awaited> awaited = new LinkedHashMap<>();
  private final Map<String, Failure> failures = new LinkedHashMap<>();

  private Lower(Invocation invocation, Goal goal, String verb, String done) {
    this.invocation = invocation;
    this.caller = invocation.caller();
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
      invocation.caller().complain("No units given");
      return Exit.USAGE;
    }
    return new Lower(invocation, goal, verb, done).run();
  }

  private int run() throws InterruptedException {
    boolean named = true;
    try {
      for (String argument : invocation.arguments()) {
        Optional<UnitName> name = Units.named(invocation, argument);
        named &= name.isPresent();
        if (name.isPresent() && !found.contains(name.get().text())) {
          lower(name.get().text());
        }
      }
      failures.putAll(Waits.run(invocation, List.copyOf(awaited.values())));
    } catch (ClientException e) {
      String names = brackets(found.isEmpty() ? invocation.arguments() : found);
      Trouble.tell(caller, "Failed to " + verb + " units " + names + ". err: %", e);
      return Exit.FAILED;
    }
    return conclude(named);
  }

  /// Says how it went, in fleet 1.0's words.
  private int conclude(boolean named) {
    if (!failures.isEmpty()) {
      caller.complain(
          "Failed to "
              + verb
              + " units "
              + brackets(List.copyOf(failures.keySet()))
              + ". err: "
              + failures.values().iterator().next().reason());
      return Exit.FAILED;
    }
    if (found.isEmpty()) {
      if (named) {
        caller.complain("Units not found in registry");
      }
    } else if (!awaited.isEmpty()) {
      List<String> units = List.copyOf(awaited.keySet());
      caller.complain("Successfully " + done + " units " + brackets(units) + ".");
    }
    return named ? Exit.DONE : Exit.FAILED;
  }

  private void lower(String name) {
    try {
      Optional<UnitResource> unit = invocation.cluster().api().unit(name);
      if (unit.isPresent()) {
        found.add(name);
        lower(unit.get());
      } else if (invocation.arguments().size() > 1) {
        caller.complain("Unit " + name + " not found in registry");
      }
    } catch (ApiException e) {
      if (Trouble.isOfAll(e)) {
        throw e;
      }
      fail(name, Trouble.reason(e));
    }
  }

  private void lower(UnitResource unit) {
    String name = unit.name();
    boolean inactive = unit.desiredState().equals("inactive");
    if (inactive && goal == Goal.STOPPED) {
      caller.complain("Unable to stop unit " + name + " in state inactive");
      failures.put(name, new Failure("unit " + name + " is inactive", ""));
      return;
    }
    if (!unit.desiredState().equals(goal.desiredState())) {
      invocation
          .cluster()
          .api()
          .put(new UnitResource(name, goal.desiredState(), "", "", List.of()));
    }
    if (Units.global(unit)) {
      caller.say("Triggered global unit " + name + " " + verb);
    } else if (Waits.blocking(invocation)) {
      awaited.put(name, new Awaited(name, goal, ""));
    } else {
      caller.say("Triggered unit " + name + " " + verb);
    }
  }

  private void fail(String name, String reason) {
    caller.complain("Error " + goal.activity() + " unit " + name + ": " + reason);
    failures.put(name, new Failure(reason, ""));
  }

  private static String brackets(List<String> names) {
    return names.size() <= MOST_NAMES
        ? "[" + String.join(" ", names) + "]"
        : "["
            + String.join(" ", names.subList(0, MOST_NAMES))
            + " and "
            + (names.size() - MOST_NAMES)
            + " more]";
  }
}
