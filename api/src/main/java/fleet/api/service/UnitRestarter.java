package fleet.api.service;

import fleet.api.RestartResource;
import fleet.api.WireReader;
import fleet.api.WireWriter;
import fleet.cluster.DesiredUnit;
import fleet.cluster.MachineId;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.Stored;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitName;
import java.util.Optional;
import java.util.OptionalLong;

/// Has units restarted: on all machines that have them, or on one. fleet v1 knew no restart.
final class UnitRestarter {

  private final Registry registry;
  private final Attempts attempts;

  UnitRestarter(Registry registry, Attempts attempts) {
    this.registry = registry;
    this.attempts = attempts;
  }

  /// @param body of the request: nothing, or an object that names a machine
  Response restart(String name, String body) throws InterruptedException {
    if (!(UnitName.parse(name) instanceof Ok<UnitName>(var unit))) {
      return Units.missing();
    }
    if (body.isBlank()) {
      return attempts.run("unit " + name, new Restart(unit, Optional.empty()));
    }
    return switch (WireReader.restart(body)) {
      case Malformed<String>(var reason) -> Response.error(400, "unable to decode body: " + reason);
      case Ok<String>(var machine) ->
          attempts.run(
              "unit " + name,
              new Restart(
                  unit, Optional.of(machine).filter(id -> !id.isEmpty()).map(MachineId::new)));
    };
  }

  private final class Restart implements Attempts.Attempt {
    private final UnitName name;
    private final Optional<MachineId> machine;

    /// What we last tried to store.
    private Optional<DesiredUnit> tried = Optional.empty();

    Restart(UnitName name, Optional<MachineId> machine) {
      this.name = name;
      this.machine = machine;
    }

    @Override
    public Attempts.Outcome attempt(OptionalLong lost) throws InterruptedException {
      Optional<Stored<Parsed<DesiredUnit>>> stored = registry.unit(name);
      if (stored.isEmpty()) {
        return new Attempts.Outcome.Done(Units.missing(), 0);
      }
      return switch (stored.get().value()) {
        case Malformed<DesiredUnit>(var reason) ->
            refuse(500, UnitEdit.unreadable("units/" + name, reason));
        case Ok<DesiredUnit>(var unit) -> {
          long revision = stored.get().revision();
          if (lost.isPresent() && tried.equals(Optional.of(unit))) {
            yield new Attempts.Outcome.Done(done(unit.restarts()), revision);
          }
          if (lost.isPresent() && lost.getAsLong() != revision) {
            yield new Attempts.Outcome.Doubtful();
          }
          Optional<String> obstacle = obstacle(unit);
          yield obstacle.isPresent() ? refuse(409, obstacle.get()) : store(unit, revision);
        }
      };
    }

    private static Attempts.Outcome refuse(int status, String message) {
      return new Attempts.Outcome.Done(Response.error(status, message), 0);
    }

    /// Why there is nothing to restart.
    private Optional<String> obstacle(DesiredUnit unit) throws InterruptedException {
      if (unit.target() != TargetState.LAUNCHED) {
        return Optional.of(
            "unit %s is not to be launched but %s: there is nothing to restart"
                .formatted(name, unit.target().text()));
      }
      if (machine.isEmpty() || !(name instanceof UnitName.Placeable placeable)) {
        return Optional.empty();
      }
      if (registry.announced(machine.get()).isEmpty()) {
        return Optional.of("no machine %s is present".formatted(machine.get()));
      }
      return registry.isAssigned(machine.get(), placeable)
          ? Optional.empty()
          : Optional.of("unit %s is not on machine %s".formatted(name, machine.get()));
    }

    private Attempts.Outcome store(DesiredUnit unit, long revision) throws InterruptedException {
      Restarts before = unit.restarts();
      DesiredUnit next =
          unit.restarted(machine.map(before::onceMoreOn).orElseGet(before::everywhereOnceMore));
      tried = Optional.of(next);
      return new Attempts.Outcome.Committed(
          registry.replace(next, revision), done(next.restarts()), revision);
    }

    private Response done(Restarts restarts) {
      long generation = machine.map(restarts::on).orElseGet(restarts::everywhere);
      return Response.ok(WireWriter.restart(new RestartResource(generation)));
    }
  }
}
