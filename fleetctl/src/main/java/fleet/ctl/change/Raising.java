package fleet.ctl.change;

import fleet.api.GivenOrderResource;
import fleet.api.UnitResource;
import fleet.api.client.ApiException;
import fleet.api.client.FleetClient;
import fleet.ctl.change.UnitFiles.Found;
import fleet.ctl.console.Report;
import fleet.ctl.remote.ErrorText;
import fleet.ctl.remote.ParallelRequests;
import fleet.ctl.wait.Awaited;
import fleet.ctl.wait.Goal;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.requirements.Requirements;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Sees to it that the cluster has the file of one unit, and tells it how far the unit should come.
/// On any thread.
///
/// Where the file of a unit comes from, as in fleet 1.0 (`fleetctl/fleetctl.go`): the cluster, if
/// it knows the unit; else the user's disk; else, for an instance, its template in the cluster;
/// else its template on the user's disk, beside where the instance's own file would be. With
/// `--replace` the user's disk comes first, for a template too: fleet 1.0 looked into the cluster
/// first and so found nothing to replace.
///
/// A unit is sent once, as an order that brings its file with it. fleet 1.0 sent the file
/// first, by which a unit that was replaced stopped and lost its machine.
final class Raising implements ParallelRequests.Work<String, Raising.Outcome> {

  /// What came of one argument.
  ///
  /// @param report what to tell the user
  /// @param awaited what to wait for, if anything
  /// @param well whether all that was asked for was done
  record Outcome(Report report, Optional<Awaited> awaited, boolean well) {}

  private final OrderSender orders;
  private final Goal goal;
  private final boolean replace;
  private final boolean blocking;
  private final Path directory;

  /// The templates of the cluster that instances were made of, so that each is asked for once.
  private final Map<UnitName.Template, Optional<UnitFile>> templates = new ConcurrentHashMap<>();

  /// @param replace whether a file of the user's outdoes that of the cluster
  /// @param blocking whether the units are waited for
  /// @param directory what the arguments are relative to
  Raising(OrderSender orders, Goal goal, boolean replace, boolean blocking, Path directory) {
    this.orders = orders;
    this.goal = goal;
    this.replace = replace;
    this.blocking = blocking;
    this.directory = directory;
  }

  @Override
  public Outcome of(String argument, FleetClient api) {
    var one = new One(api, argument);
    one.raise();
    return new Outcome(one.report, Optional.ofNullable(one.awaited), one.well);
  }

  /// The way of one unit.
  private final class One {

    private final FleetClient api;
    private final String argument;
    private final Report report = new Report();
    private @Nullable Awaited awaited;
    private boolean well = true;

    private One(FleetClient api, String argument) {
      this.api = api;
      this.argument = argument;
    }

    private void raise() {
      switch (UnitName.ofArgument(argument)) {
        case Parsed.Malformed<UnitName>(var reason) ->
            fail("invalid unit name \"" + argument + "\": " + reason);
        case Parsed.Ok<UnitName>(var name) -> {
          Path path = directory.resolve(argument).resolveSibling(name.text());
          Optional<Found> local = UnitFiles.find(path, name);
          if (local.isPresent()
              && local.get().contents() instanceof Parsed.Malformed<UnitFile>(var reason)) {
            fail("failed getting Unit(" + local.get().path() + ") from file: " + reason);
          } else {
            raise(name, path, local);
          }
        }
      }
    }

    private void raise(UnitName name, Path path, Optional<Found> local) {
      Optional<UnitResource> known;
      try {
        known = api.unit(name.text());
      } catch (ApiException e) {
        fail("error retrieving Unit(" + name + ") from Registry: ", e);
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
          fail("error retrieving template Unit(" + instance.template() + ") from Registry: ", e);
          return;
        }
      }
      if (template.isPresent()) {
        warnIfDifferent(((UnitName.Instance) name).template(), template.get(), local);
        create(name, template.get());
      } else if (local.isPresent()) {
        warn(name, local.get());
        create(name, local.get().contents().orElseThrow());
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

    private void create(UnitName name, UnitFile file) {
      send(name, file);
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
        report.complain(
            "Warning: can not replace Unit("
                + name
                + ") in state '"
                + known.desiredState()
                + "', use the appropriate command");
        well = false;
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
        report.complain(
            "WARNING: Unit "
                + name
                + " in registry differs from local "
                + (local.get().template() ? "template " : "")
                + "unit file "
                + local.get().path()
                + ". Add --replace to override.");
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
          await(name, file, orders.give(api, name.text(), goal, file.options()));
        }
      } catch (ApiException e) {
        fail("failed creating unit " + name + ": ", e);
      }
    }

    /// Orders how far a unit should come whose file the cluster has.
    private void advance(UnitName name, UnitFile file) {
      if (goal == Goal.SUBMITTED || refuseTemplate(name)) {
        return;
      }
      try {
        await(name, file, orders.give(api, name.text(), goal, List.of()));
      } catch (ApiException e) {
        rethrowIfOfAll(e);
        failToAdvance("unit " + name + ": " + ErrorText.reason(e));
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

    private void await(UnitName name, UnitFile file, GivenOrderResource order) {
      boolean global = Requirements.of(name, file).global();
      if (global || !blocking) {
        String kind = global ? "global unit " : "unit ";
        report.say("Triggered " + kind + name + " " + goal.order());
      }
      if (blocking) {
        awaited = Awaited.ordered(name.text(), goal, order, global);
      } else {
        report.complain(OrderSender.notice(name.text(), goal, order));
      }
    }

    private void fail(String what, ApiException refusal) {
      rethrowIfOfAll(refusal);
      fail(what + ErrorText.reason(refusal));
    }

    private void fail(String reason) {
      report.complain("Error creating units: " + reason);
      well = false;
    }

    private void failToAdvance(String reason) {
      report.complain("Error " + goal.activity() + " units: " + reason);
      well = false;
    }
  }

  private static void rethrowIfOfAll(ApiException refusal) {
    if (ErrorText.isOfAll(refusal)) {
      throw refusal;
    }
  }
}
