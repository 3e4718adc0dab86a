package fleet.ctl.change;

import fleet.api.UnitResource;
import fleet.api.client.ApiException;
import fleet.api.client.FleetClient;
import fleet.ctl.change.LocalUnitFiles.Found;
import fleet.ctl.command.CommandCall;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.wait.Goal;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import fleet.unit.requirements.Requirements;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Sees to it that the cluster has the file of a unit, and tells it how far the unit should come,
/// for `submit`, `load` and `start`.
///
/// Where the file of a unit comes from, as in fleet 1.0 (`fleetctl/fleetctl.go`): the cluster, if
/// it knows the unit; else the user's disk; else, for an instance, its template in the cluster;
/// else its template on the user's disk, beside where the instance's own file would be. With
/// `--replace` the user's disk comes first, for a template too: fleet 1.0 looked into the cluster
/// first and so found nothing to replace.
///
/// A unit is sent once, as an order that brings its file with it. fleet 1.0 sent the file
/// first, by which a unit that was replaced stopped and lost its machine.
final class Activation implements Change.Request<Activation.Argument> {

  /// A word of the user's that means a unit.
  ///
  /// @param templates of the cluster that instances of the same group were made of, so that each
  ///     is asked for once
  record Argument(String text, Map<UnitName.Template, Optional<UnitFile>> templates) {}

  private final OrderSender orders;
  private final Goal goal;
  private final boolean replace;
  private final Path directory;

  private Activation(CommandCall call, Goal goal) {
    this.orders = new OrderSender(call);
    this.goal = goal;
    this.replace = call.options().on(ChangeFlags.REPLACE);
    this.directory = call.console().directory();
  }

  /// Brings the units that the arguments mean to `goal`: [Goal#LAUNCHED], [Goal#LOADED] or, if they
  /// are only to be known, [Goal#SUBMITTED].
  ///
  /// @return whether all has come to a good end
  static boolean run(CommandCall call, Goal goal) throws InterruptedException {
    var words = new Change.Words("Error creating units: %", "Error creating units: %");
    var change = new Change<>(call, goal, words, new Activation(call, goal));
    return change.carryOut(groups(call.arguments()));
  }

  /// The arguments in groups whose members may be dealt with in any order. A template comes before
  /// the instances that are named after it, since they may be made of it; and no unit is twice in a
  /// group.
  private static List<List<Argument>> groups(List<String> arguments) {
    var groups = new ArrayList<List<Argument>>();
    var group = new LinkedHashMap<String, Argument>();
    var templates = new ConcurrentHashMap<UnitName.Template, Optional<UnitFile>>();
    boolean alone = false;
    for (String text : arguments) {
      boolean before = alone;
      alone = UnitName.ofArgument(text) instanceof Parsed.Ok<UnitName>(UnitName.Template _);
      if (before || alone || group.containsKey(unit(text))) {
        groups.add(List.copyOf(group.values()));
        group.clear();
        templates = new ConcurrentHashMap<>();
      }
      group.put(unit(text), new Argument(text, templates));
    }
    groups.add(List.copyOf(group.values()));
    return groups;
  }

  /// What the unit is called that an argument means; the argument itself if it means none.
  private static String unit(String argument) {
    return UnitName.ofArgument(argument) instanceof Parsed.Ok<UnitName>(var name)
        ? name.text()
        : argument;
  }

  @Override
  public String unit(Argument argument) {
    return unit(argument.text());
  }

  @Override
  public void send(Argument argument, FleetClient api, Change.Report report) {
    new Attempt(api, argument, report).activate();
  }

  /// Deals with one argument.
  private final class Attempt {

    private final FleetClient api;
    private final String argument;
    private final Map<UnitName.Template, Optional<UnitFile>> templates;
    private final Change.Report report;

    private Attempt(FleetClient api, Argument argument, Change.Report report) {
      this.api = api;
      this.argument = argument.text();
      this.templates = argument.templates();
      this.report = report;
    }

    private void activate() {
      switch (UnitName.ofArgument(argument)) {
        case Parsed.Malformed<UnitName>(var reason) ->
            fail("invalid unit name \"" + argument + "\": " + reason);
        case Parsed.Ok<UnitName>(var name) -> {
          Path path = directory.resolve(argument).resolveSibling(name.text());
          Optional<Found> local = LocalUnitFiles.find(path, name);
          if (local.isPresent()
              && local.get().contents() instanceof Parsed.Malformed<UnitFile>(var reason)) {
            fail("failed getting Unit(" + local.get().path() + ") from file: " + reason);
          } else {
            activate(name, path, local);
          }
        }
      }
    }

    private void activate(UnitName name, Path path, Optional<Found> local) {
      Optional<UnitResource> known;
      try {
        known = api.unit(name.text());
      } catch (ApiException e) {
        fail("error retrieving Unit(" + name + ") from Registry: " + ErrorText.refusal(e));
        return;
      }
      if (known.isEmpty()) {
        create(name, path, local);
      } else if (replace) {
        replace(name, path, local, known.get());
      } else {
        var stored = new UnitFile(known.get().options());
        warnIfDifferent(name, stored, local);
        advance(name, stored);
      }
    }

    private void create(UnitName name, Path path, Optional<Found> local) {
      boolean preferLocal = local.isPresent() && (replace || !local.get().template());
      Optional<UnitFile> template = Optional.empty();
      if (!preferLocal && name instanceof UnitName.Instance instance) {
        try {
          template = template(instance.template());
        } catch (ApiException e) {
          String where = "template Unit(" + instance.template() + ") from Registry: ";
          fail("error retrieving " + where + ErrorText.refusal(e));
          return;
        }
      }
      if (template.isPresent()) {
        warnIfDifferent(((UnitName.Instance) name).template(), template.get(), local);
        send(name, template.get());
      } else if (local.isPresent()) {
        warn(name, local.get());
        send(name, local.get().contents().orElseThrow());
      } else {
        failForWantOfFile(name, path);
      }
    }

    private void failForWantOfFile(UnitName name, Path path) {
      String nowhere = ") in Registry or on filesystem" + Quadlets.hint(argument);
      fail(
          name instanceof UnitName.Instance instance
              ? "failed getting Unit("
                  + path
                  + ") from template: unable to find template Unit("
                  + instance.template()
                  + nowhere
              : "unable to find Unit(" + name + nowhere);
    }

    private void replace(UnitName name, Path path, Optional<Found> local, UnitResource known) {
      var stored = new UnitFile(known.options());
      Optional<UnitFile> wanted = Optional.empty();
      if (local.isPresent()) {
        wanted = Optional.of(local.get().contents().orElseThrow());
      } else if (name instanceof UnitName.Instance instance) {
        wanted = template(instance.template());
      }
      if (wanted.isEmpty()) {
        fail("unit " + name + ": there is no file " + path + " to replace it with");
      } else if (wanted.get().hash().equals(stored.hash())) {
        report.say("Found same Unit(" + name + ") in Registry, nothing to do");
        advance(name, stored);
      } else if (!goal.mayReplace(known.desiredState())) {
        String state = ") in state '" + known.desiredState() + "', use the appropriate command";
        report.fail("Warning: can not replace Unit(" + name + state, "it is not replaced");
      } else {
        local.ifPresent(found -> warn(name, found));
        send(name, wanted.get());
      }
    }

    private Optional<UnitFile> template(UnitName.Template name) {
      Optional<UnitFile> known = templates.get(name);
      if (known == null) {
        Optional<UnitResource> unit = api.unit(name.text());
        known = unit.isEmpty() ? Optional.empty() : Optional.of(new UnitFile(unit.get().options()));
        templates.put(name, known);
      }
      return known;
    }

    private void warnIfDifferent(UnitName name, UnitFile stored, Optional<Found> local) {
      if (local.isPresent() && !local.get().contents().orElseThrow().hash().equals(stored.hash())) {
        String file =
            (local.get().template() ? "template " : "") + "unit file " + local.get().path();
        report.complain(
            "WARNING: Unit %s in registry differs from local %s. Add --replace to override."
                .formatted(name, file));
      }
    }

    /// Says what of the file's text the cluster does not get.
    private void warn(UnitName name, Found found) {
      for (String warning : found.warnings()) {
        report.warn("Unit " + name + ": " + found.path() + ": " + warning);
      }
    }

    /// Gives the cluster a file for the unit, and orders how far it should come.
    private void send(UnitName name, UnitFile file) {
      List<String> problems = Requirements.problems(name, file);
      if (!problems.isEmpty()) {
        fail("failed creating unit " + name + ": " + String.join("; ", problems));
        return;
      }
      if (file.options().isEmpty()) {
        fail("failed creating unit " + name + ": its file holds no options");
        return;
      }
      if (refuseTemplate(name)) {
        return;
      }
      for (String warning : Requirements.warnings(file)) {
        report.warn("Unit " + name + ": " + warning);
      }
      try {
        if (goal == Goal.SUBMITTED) {
          api.put(new UnitResource(name.text(), goal.desiredState(), "", "", file.options()));
          report.say("Unit " + name + " inactive");
        } else {
          order(name, file, file.options());
        }
      } catch (ApiException e) {
        fail("failed creating unit " + name + ": " + ErrorText.refusal(e));
      }
    }

    /// Orders how far a unit should come whose file the cluster has.
    private void advance(UnitName name, UnitFile file) {
      if (goal == Goal.SUBMITTED || refuseTemplate(name)) {
        return;
      }
      try {
        order(name, file, List.of());
      } catch (ApiException e) {
        failToAdvance("unit " + name + ": " + ErrorText.refusal(e));
      }
    }

    private boolean refuseTemplate(UnitName name) {
      if (goal == Goal.SUBMITTED || !(name instanceof UnitName.Template template)) {
        return false;
      }
      failToAdvance(
          "cannot activate template \""
              + name
              + "\", only instances of it such as "
              + template.instance("1"));
      return true;
    }

    /// @param options to create the unit with, or to replace its own; none to leave them
    private void order(UnitName name, UnitFile file, List<UnitOption> options) {
      var order = orders.give(api, name.text(), goal, "", options);
      orders.noteGiven(order, goal, Requirements.of(name, file).global(), List.of(), report);
    }

    private void fail(String reason) {
      report.fail("Error creating units: " + reason, reason);
    }

    private void failToAdvance(String reason) {
      report.fail("Error " + goal.activity() + " units: " + reason, reason);
    }
  }
}
