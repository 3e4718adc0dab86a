package fleet.api.service;

import fleet.cluster.DesiredUnit;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.Quoted;
import fleet.unit.Requirements;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Optional;

/// What a client wants a unit to be. Decides what that means for the unit that is there.
///
/// The order of the checks and their words are those of fleet 1.0 (`api/units.go`). We differ where
/// it let bad records into the store: a replacement is checked as a creation is, and no template
/// can be created active.
///
/// @param file the options that were sent, in normal form; empty if none were
/// @param target the desired state that was sent; empty if none was
record UnitEdit(UnitName name, Optional<UnitFile> file, Optional<TargetState> target) {

  /// What to do.
  sealed interface Step {
    /// Tell the client no.
    record Refuse(int status, String message) implements Step {}

    /// Nothing: everything is as the client wants it.
    record Keep() implements Step {}

    /// Store `unit`, and say `status` once that is done.
    record Store(DesiredUnit unit, int status) implements Step {}
  }

  private static final int CREATED = 201;
  private static final int CHANGED = 204;

  /// @param stored the unit that is there, or why its record cannot be understood; empty if there
  ///     is none
  Step applyTo(Optional<Parsed<DesiredUnit>> stored) {
    if (stored.isEmpty()) {
      return file.isEmpty()
          ? new Step.Refuse(409, "unit does not exist and options field empty")
          : create(file.get(), Restarts.NONE);
    }
    return switch (stored.get()) {
      case Ok<DesiredUnit>(var unit) -> change(unit);
      case Malformed<DesiredUnit>(var reason) ->
          file.isEmpty()
              ? new Step.Refuse(500, unreadable("units/" + name, reason))
              : create(file.get(), Restarts.NONE);
    };
  }

  private Step change(DesiredUnit unit) {
    if (file.isPresent() && !file.get().hash().equals(unit.file().hash())) {
      return create(file.get(), unit.restarts());
    }
    if (target.isEmpty()) {
      return new Step.Refuse(409, "must provide DesiredState to update existing unit");
    }
    if (activatesTemplate()) {
      return cannotActivate();
    }
    if (target.get() == unit.target()) {
      return new Step.Keep();
    }
    return new Step.Store(unit.to(target.get()), CHANGED);
  }

  /// Stores new options. Without a desired state the unit becomes inactive, also one that runs:
  /// `fleetctl start --replace` of fleet 1.0 sends none and then waits for exactly that.
  private Step create(UnitFile content, Restarts restarts) {
    List<String> problems = Requirements.problems(name, content);
    if (!problems.isEmpty()) {
      return new Step.Refuse(400, String.join("; ", problems));
    }
    if (activatesTemplate()) {
      return cannotActivate();
    }
    return new Step.Store(
        DesiredUnit.of(name, content, target.orElse(TargetState.INACTIVE), restarts), CREATED);
  }

  private boolean activatesTemplate() {
    return name instanceof UnitName.Template
        && target.isPresent()
        && target.get() != TargetState.INACTIVE;
  }

  private Step cannotActivate() {
    return new Step.Refuse(400, "cannot activate template " + Quoted.text(name.text()));
  }

  /// Says that a record is spoiled, and how to mend it.
  static String unreadable(String key, String reason) {
    return "the record of this unit in the store, under "
        + key
        + ", cannot be understood: "
        + reason
        + "; replace it by a PUT with options, or DELETE it";
  }
}
