package fleet.api.service;

import fleet.cluster.DesiredUnit;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.Orders;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.Quoted;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import fleet.unit.requirements.Indispensable;
import fleet.unit.requirements.Requirements;
import java.util.List;
import java.util.Optional;

/// What a client wants a unit to be. Decides what that means for the unit that is there.
///
/// The order of the checks and their words are those of fleet 1.0 (`api/units.go`). We differ where
/// it let bad records into the store: a replacement is checked as a creation is, and no template
/// can be created active.
///
/// What changes the target or the options is an order, as if it had been given by [UnitOrder]: to
/// start what is to be launched, to stop what was to be launched and is to be loaded, else to load.
/// fleet v1's clients give their orders no names; so each that changes something is one of its own,
/// and what changes nothing is none.
///
/// @param file the options that were sent, in normal form; empty if none were
/// @param target the desired state that was sent; empty if none was
/// @param by the name for the order
record UnitEdit(UnitName name, Optional<UnitFile> file, Optional<TargetState> target, OrderId by) {

  /// fleet v1's words for a unit that is not there.
  static final String UNKNOWN = "unit does not exist";

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
          : create(file.get(), Restarts.NONE, Orders.NONE, TargetState.INACTIVE);
    }
    return switch (stored.get()) {
      case Ok<DesiredUnit>(var unit) -> change(unit);
      case Malformed<DesiredUnit>(var reason) ->
          file.isEmpty()
              ? new Step.Refuse(500, unreadable("units/" + name, reason))
              : create(file.get(), Restarts.NONE, Orders.NONE, TargetState.INACTIVE);
    };
  }

  private Step change(DesiredUnit unit) {
    if (file.isPresent() && !file.get().hash().equals(unit.file().hash())) {
      return create(file.get(), unit.restarts(), unit.orders(), unit.target());
    }
    if (target.isEmpty()) {
      return new Step.Refuse(409, "must provide DesiredState to update existing unit");
    }
    if (activatesTemplate(name, target.get())) {
      return cannotActivate(name);
    }
    if (target.get() == unit.target()) {
      return new Step.Keep();
    }
    if (target.get() != TargetState.INACTIVE && Indispensable.reason(name).isPresent()) {
      return indispensable(name);
    }
    return new Step.Store(
        unit.to(target.get()).ordered(once(unit.orders(), unit.target(), target.get())), CHANGED);
  }

  /// Stores new options. Without a desired state the unit becomes inactive, also one that runs:
  /// `fleetctl start --replace` of fleet 1.0 sends none and then waits for exactly that.
  private Step create(UnitFile content, Restarts restarts, Orders orders, TargetState before) {
    TargetState next = target.orElse(TargetState.INACTIVE);
    return obstacle(name, content, next)
        .orElseGet(
            () ->
                new Step.Store(
                    DesiredUnit.of(name, content, next, restarts, once(orders, before, next)),
                    CREATED));
  }

  /// These orders and what it means that the target changes so. That a unit is taken off its
  /// machines is no order.
  private Orders once(Orders orders, TargetState before, TargetState next) {
    return switch (next) {
      case INACTIVE -> orders;
      case LAUNCHED -> orders.once(by, Order.Kind.START, Optional.empty());
      case LOADED ->
          orders.once(
              by,
              before == TargetState.LAUNCHED ? Order.Kind.STOP : Order.Kind.LOAD,
              Optional.empty());
    };
  }

  /// Why there can be no unit of that content and target; empty if there can.
  static Optional<Step> obstacle(UnitName name, UnitFile content, TargetState target) {
    if (Indispensable.reason(name).isPresent()) {
      return Optional.of(indispensable(name));
    }
    List<String> problems = Requirements.problems(name, content);
    if (!problems.isEmpty()) {
      return Optional.of(new Step.Refuse(400, String.join("; ", problems)));
    }
    return activatesTemplate(name, target) ? Optional.of(cannotActivate(name)) : Optional.empty();
  }

  /// A record of such a name may be there from before this was asked: it can be lowered, and
  /// destroyed.
  static Step indispensable(UnitName name) {
    return new Step.Refuse(400, Indispensable.refusal(name).orElseThrow());
  }

  private static boolean activatesTemplate(UnitName name, TargetState target) {
    return name instanceof UnitName.Template && target != TargetState.INACTIVE;
  }

  static Step cannotActivate(UnitName name) {
    return new Step.Refuse(400, "cannot activate template " + Quoted.text(name.text()));
  }

  /// The file that options make, in normal form.
  static Parsed<UnitFile> file(List<UnitOption> options) {
    return switch (new UnitFile(options).normalized()) {
      case Ok<UnitFile>(var file) when file.options().isEmpty() ->
          new Malformed<>("invalid options: nothing is left of them in a unit file");
      case Parsed<UnitFile> other -> other;
    };
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
