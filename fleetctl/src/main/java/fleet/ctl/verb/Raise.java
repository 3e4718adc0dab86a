package fleet.ctl.verb;

import fleet.api.UnitResource;
import fleet.api.client.ApiException;
import fleet.api.client.ClientException;
import fleet.ctl.console.Caller;
import fleet.ctl.console.Flag;
import fleet.ctl.remote.Trouble;
import fleet.ctl.verb.UnitFiles.Found;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.ctl.wait.Watch.Failure;
import fleet.unit.Parsed;
import fleet.unit.Requirements;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Brings units up to where `submit`, `load` or `start` wants them: sees to it that the cluster has
/// their files, tells it how far they should come, and waits until they have.
///
/// Where the file of a unit comes from, as in fleet 1.0 (`fleetctl/fleetctl.go`): the cluster, if
/// it knows the unit; else the user's disk; else, for an instance, its template in the cluster;
/// else its template on the user's disk, beside where the instance's own file would be. With
/// `--replace` the user's disk comes first, for a template too: fleet 1.0 looked into the cluster
/// first and so found nothing to replace.
///
/// A unit is sent once, with its file and with how far it should come. fleet 1.0 sent the file
/// first, by which a unit that was replaced stopped and lost its machine.
///
/// One unit's failure is no other's: all are tried.
final class Raise {

  private static final Flag REPLACE =
      Flag.toggle("replace", "Replace units that differ from the local files");

  private static final Flag SIGN = Flag.toggle("sign", "Ignored: units are no longer signed");

  private final Invocation invocation;
  private final Caller caller;
  private final Goal goal;
  private final boolean replace;
  private final Map<String, Awaited> awaited = new LinkedHashMap<>();
  private final Set<String> unchanged = new TreeSet<>();
  private boolean allWell = true;

  private Raise(Invocation invocation, Goal goal) {
    this.invocation = invocation;
    this.caller = invocation.caller();
    this.goal = goal;
    this.replace = invocation.options().on(REPLACE);
  }

  /// The flags of `load` and `start`.
  static List<Flag> flags() {
    return List.of(REPLACE, Waits.NO_BLOCK, Waits.BLOCK_ATTEMPTS, Waits.TIMEOUT, SIGN);
  }

  /// The flags of `submit`, which has nothing to wait for.
  static List<Flag> flagsWithoutWaiting() {
    return List.of(REPLACE, SIGN);
  }

  /// Brings the units that the arguments mean to `goal`: [Goal#LAUNCHED], [Goal#LOADED] or, if they
  /// are only to be known, [Goal#SUBMITTED].
  static int run(Invocation invocation, Goal goal) throws InterruptedException {
    if (invocation.arguments().isEmpty()) {
      invocation.caller().complain("No units given");
      return Exit.USAGE;
    }
    return new Raise(invocation, goal).run();
  }

  private int run() throws InterruptedException {
    try {
      for (String argument : invocation.arguments()) {
        raise(argument);
      }
      if (!awaited.isEmpty()) {
        var failures = Waits.run(invocation, List.copyOf(awaited.values()));
        allWell &= failures.isEmpty();
        hint(failures);
      }
      return allWell ? Exit.DONE : Exit.FAILED;
    } catch (ClientException e) {
      Trouble.tell(caller, "Error " + goal.activity() + " units: %", e);
      return Exit.FAILED;
    }
  }

  /// Tells whoever wanted to start a unit again, which is what systemctl(1) would have done.
  private void hint(Map<String, Failure> failures) {
    for (String name : unchanged) {
      Failure failure = failures.get(name);
      if (goal == Goal.LAUNCHED && failure != null && !failure.machineId().isEmpty()) {
        caller.complain(
            "Unit " + name + " was started before: to have it started again, stop it first");
      }
    }
  }

  private void raise(String argument) {
    switch (UnitName.ofArgument(argument)) {
      case Parsed.Malformed<UnitName>(var reason) ->
          fail("invalid unit name \"" + argument + "\": " + reason);
      case Parsed.Ok<UnitName>(var name) -> {
        Path path = caller.directory().resolve(argument).resolveSibling(name.text());
        Optional<Found> local = UnitFiles.find(path, name);
        if (local.isPresent()
            && local.get().contents() instanceof Parsed.Malformed<UnitFile>(var reason)) {
          fail("failed getting Unit(" + local.get().path() + ") from file: " + reason);
          return;
        }
        try {
          raise(name, path, local);
        } catch (ApiException e) {
          if (Trouble.isOfAll(e)) {
            throw e;
          }
          fail("unit " + name + ": " + Trouble.reason(e));
        }
      }
    }
  }

  private void raise(UnitName name, Path path, Optional<Found> local) {
    Optional<UnitResource> known = invocation.cluster().api().unit(name.text());
    if (known.isEmpty()) {
      create(name, local);
    } else if (replace) {
      replace(name, path, local, known.get());
    } else {
      var stored = new UnitFile(known.get().options());
      warnIfDifferent(name, stored, local);
      advance(name, stored, known.get().desiredState());
    }
  }

  private void create(UnitName name, Optional<Found> local) {
    boolean preferLocal = local.isPresent() && (replace || !local.get().template());
    Optional<UnitFile> template = preferLocal ? Optional.empty() : registryTemplate(name);
    if (template.isPresent()) {
      warnIfDifferent(((UnitName.Instance) name).template(), template.get(), local);
      create(name, template.get());
    } else if (local.isPresent()) {
      create(name, local.get().contents().orElseThrow());
    } else if (name instanceof UnitName.Instance instance) {
      fail(
          "unable to find Unit("
              + name
              + ") or its template Unit("
              + instance.template()
              + ") in"
              + " Registry or on filesystem");
    } else {
      fail("unable to find Unit(" + name + ") in Registry or on filesystem");
    }
  }

  private void create(UnitName name, UnitFile file) {
    if (send(name, file)) {
      caller.say("Unit " + name + " inactive");
      await(name, file);
    }
  }

  private void replace(UnitName name, Path path, Optional<Found> local, UnitResource known) {
    var stored = new UnitFile(known.options());
    Optional<UnitFile> wanted =
        local.isPresent()
            ? Optional.of(local.get().contents().orElseThrow())
            : registryTemplate(name);
    if (wanted.isEmpty()) {
      fail("unit " + name + ": there is no file " + path + " to replace it with");
    } else if (wanted.get().hash().equals(stored.hash())) {
      caller.say("Found same Unit(" + name + ") in Registry, nothing to do");
      advance(name, stored, known.desiredState());
    } else if (!goal.mayReplace(known.desiredState())) {
      caller.complain(
          "Warning: can not replace Unit("
              + name
              + ") in state '"
              + known.desiredState()
              + "', use the appropriate command");
      allWell = false;
    } else if (send(name, wanted.get())) {
      await(name, wanted.get());
    }
  }

  private Optional<UnitFile> registryTemplate(UnitName name) {
    if (!(name instanceof UnitName.Instance instance)) {
      return Optional.empty();
    }
    return invocation
        .cluster()
        .api()
        .unit(instance.template().text())
        .map(template -> new UnitFile(template.options()));
  }

  private void warnIfDifferent(UnitName name, UnitFile stored, Optional<Found> local) {
    if (local.isPresent() && !local.get().contents().orElseThrow().hash().equals(stored.hash())) {
      caller.complain(
          "WARNING: Unit "
              + name
              + " in registry differs from local "
              + (local.get().template() ? "template " : "")
              + "unit file "
              + local.get().path()
              + ". Add --replace to override.");
    }
  }

  /// Gives the cluster a file for the unit, and how far it should come.
  private boolean send(UnitName name, UnitFile file) {
    List<String> problems = Requirements.problems(name, file);
    if (!problems.isEmpty()) {
      fail("failed creating unit " + name + ": " + String.join("; ", problems));
      return false;
    }
    if (file.options().isEmpty()) {
      fail("failed creating unit " + name + ": its file holds no options");
      return false;
    }
    if (refuseTemplate(name)) {
      return false;
    }
    for (String key : Requirements.unknownKeys(file)) {
      invocation
          .log()
          .warn(
              "Unit " + name + ": unrecognized requirement in [X-Fleet] section: \"" + key + "\"");
    }
    var unit = new UnitResource(name.text(), goal.desiredState(), "", "", file.options());
    invocation.cluster().api().put(unit);
    return true;
  }

  /// Tells the cluster how far a unit should come whose file it has.
  private void advance(UnitName name, UnitFile file, String desiredState) {
    if (goal == Goal.SUBMITTED || refuseTemplate(name)) {
      return;
    }
    if (desiredState.equals(goal.desiredState())) {
      unchanged.add(name.text());
    } else {
      var unit = new UnitResource(name.text(), goal.desiredState(), "", "", List.of());
      invocation.cluster().api().put(unit);
    }
    await(name, file);
  }

  private boolean refuseTemplate(UnitName name) {
    if (goal == Goal.SUBMITTED || !(name instanceof UnitName.Template template)) {
      return false;
    }
    fail(
        "cannot activate template \""
            + name
            + "\", only instances of it such as "
            + template.instance("1"));
    return true;
  }

  private void await(UnitName name, UnitFile file) {
    if (goal == Goal.SUBMITTED) {
      return;
    }
    String verb = goal == Goal.LAUNCHED ? "start" : "load";
    if (Requirements.of(name, file).global()) {
      caller.say("Triggered global unit " + name + " " + verb);
    } else if (Waits.blocking(invocation)) {
      awaited.put(name.text(), new Awaited(name.text(), goal, file.hash().text()));
    } else {
      caller.say("Triggered unit " + name + " " + verb);
    }
  }

  private void fail(String reason) {
    caller.complain("Error " + goal.activity() + " units: " + reason);
    allWell = false;
  }
}
