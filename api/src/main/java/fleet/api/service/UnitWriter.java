package fleet.api.service;

import fleet.api.service.UnitEdit.Step;
import fleet.cluster.DesiredUnit;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.Stored;
import fleet.cluster.store.Store.Commit;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitName;
import java.util.Optional;

/// Carries out what clients want of units.
final class UnitWriter {

  private final Registry registry;
  private final Attempts attempts;

  UnitWriter(Registry registry, Attempts attempts) {
    this.registry = registry;
    this.attempts = attempts;
  }

  /// Creates, replaces or changes a unit.
  Response put(UnitEdit edit) throws InterruptedException {
    return attempts.run("unit " + edit.name(), new Put(edit));
  }

  private final class Put implements Attempts.Attempt {
    private final UnitEdit edit;

    /// What we last tried to store, and what to say if it is there.
    private Optional<Step.Store> tried = Optional.empty();

    Put(UnitEdit edit) {
      this.edit = edit;
    }

    @Override
    public Attempts.Outcome attempt(boolean unconfirmed) throws InterruptedException {
      Optional<Stored<Parsed<DesiredUnit>>> stored = registry.unit(edit.name());
      if (unconfirmed && stored.isPresent() && tried.isPresent()) {
        Step.Store last = tried.get();
        if (stored.get().value().equals(new Ok<>(last.unit()))) {
          return new Attempts.Outcome.Done(Response.done(last.status()), stored.get().revision());
        }
      }
      return switch (edit.applyTo(stored.map(Stored::value))) {
        case Step.Refuse(var status, var message) ->
            new Attempts.Outcome.Done(Response.error(status, message), 0);
        case Step.Keep() ->
            new Attempts.Outcome.Done(Response.done(204), stored.map(Stored::revision).orElse(0L));
        case Step.Store step -> {
          tried = Optional.of(step);
          Commit commit =
              stored.isEmpty()
                  ? registry.create(step.unit())
                  : registry.replace(step.unit(), stored.get().revision());
          yield new Attempts.Outcome.Committed(commit, Response.done(step.status()));
        }
      };
    }
  }

  /// Forgets a unit, whether its record can be understood or not.
  Response delete(UnitName name) throws InterruptedException {
    return attempts.run(
        "unit " + name,
        unconfirmed -> {
          Optional<Stored<Parsed<DesiredUnit>>> stored = registry.unit(name);
          if (stored.isEmpty()) {
            return new Attempts.Outcome.Done(unconfirmed ? Response.done(204) : Units.missing(), 0);
          }
          return new Attempts.Outcome.Committed(
              registry.destroy(name, stored.get().revision()), Response.done(204));
        });
  }
}
