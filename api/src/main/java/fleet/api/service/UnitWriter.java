package fleet.api.service;

import fleet.api.message.Response;
import fleet.api.service.OptimisticRetry.Ending;
import fleet.api.service.UnitEdit.Step;
import fleet.cluster.DesiredUnit;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.Stored;
import fleet.cluster.store.Store.Commit;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitName;
import java.util.Optional;
import java.util.OptionalLong;

/// Carries out what clients want of units.
final class UnitWriter {

  private final Registry registry;
  private final OptimisticRetry retry;

  UnitWriter(Registry registry, OptimisticRetry retry) {
    this.registry = registry;
    this.retry = retry;
  }

  /// What came of a change.
  ///
  /// @param lowered whether the unit was to be launched, and is to be loaded now
  record Written(Response response, boolean lowered) {}

  /// Creates, replaces or changes a unit.
  Written put(UnitEdit edit) throws InterruptedException {
    var put = new Put(edit);
    Response response = retry.run("unit " + edit.name(), put);
    return new Written(response, put.lowered);
  }

  private final class Put implements OptimisticRetry.Attempt {
    private final UnitEdit edit;

    /// What we last tried to store, and what to say if it is there.
    private Optional<Step.Store> tried = Optional.empty();

    /// Whether that takes it from launched to loaded.
    private boolean lowered;

    Put(UnitEdit edit) {
      this.edit = edit;
    }

    @Override
    public Ending attempt(OptionalLong lost) throws InterruptedException {
      Optional<Stored<Parsed<DesiredUnit>>> stored = registry.unit(edit.name());
      long revision = stored.map(Stored::revision).orElse(0L);
      if (lost.isPresent() && tried.isPresent()) {
        Step.Store last = tried.get();
        if (stored.isPresent() && stored.get().value().equals(new Ok<>(last.unit()))) {
          return new Ending.Done(Response.done(last.status()), revision);
        }
        if (stored.isEmpty() || revision != lost.getAsLong()) {
          return new Ending.Doubtful(); // it may have been there, and be destroyed
        }
      }
      return switch (edit.applyTo(stored.map(Stored::value))) {
        case Step.Refuse(var status, var message) -> Ending.refused(status, message);
        case Step.Keep() -> new Ending.Done(Response.done(204), revision);
        case Step.Store step -> {
          tried = Optional.of(step);
          lowered = step.unit().target() == TargetState.LOADED && isLaunched(stored);
          Commit commit =
              stored.isEmpty()
                  ? registry.create(step.unit())
                  : registry.replace(step.unit(), revision);
          yield new Ending.Committed(commit, Response.done(step.status()), revision);
        }
      };
    }
  }

  private static boolean isLaunched(Optional<Stored<Parsed<DesiredUnit>>> stored) {
    return stored.isPresent()
        && stored.get().value() instanceof Ok<DesiredUnit>(var unit)
        && unit.target() == TargetState.LAUNCHED;
  }

  /// Forgets a unit, whether its record can be understood or not.
  Response delete(UnitName name) throws InterruptedException {
    return retry.run(
        "unit " + name,
        lost -> {
          Optional<Stored<Parsed<DesiredUnit>>> stored = registry.unit(name);
          if (stored.isEmpty()) {
            Response response = lost.isPresent() ? Response.done(204) : UnitRequests.missing();
            return new Ending.Done(response, 0);
          }
          long revision = stored.get().revision();
          return lost.isPresent() && lost.getAsLong() != revision
              ? new Ending.Doubtful()
              : new Ending.Committed(
                  registry.destroy(name, revision), Response.done(204), revision);
        });
  }
}
