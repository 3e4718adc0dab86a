package fleet.api.service;

import fleet.api.service.UnitEdit.Step;
import fleet.cluster.DesiredUnit;
import fleet.cluster.MachineId;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.Orders;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.requirements.Indispensable;
import java.util.Optional;

/// What a client orders of a unit. Decides what that means for the unit that is there.
///
/// Unlike a PUT of fleet v1 ([UnitEdit]), which says how a unit should be, it counts also if the
/// unit should be so already: that it be started starts one that has stopped.
///
/// @param alone the one machine that a restart is for; empty for all that have the unit
/// @param file the options to create or replace the unit with, in normal form; empty to leave them
record UnitOrder(
    UnitName name,
    OrderId id,
    Order.Kind kind,
    Optional<MachineId> alone,
    Optional<UnitFile> file) {

  private static final int GIVEN = 200;

  /// @param stored the unit that is there, or why its record cannot be understood; empty if there
  ///     is none
  Step applyTo(Optional<Parsed<DesiredUnit>> stored) {
    if (stored.isEmpty()) {
      return file.isEmpty()
          ? new Step.Refuse(404, UnitEdit.UNKNOWN)
          : create(file.get(), Restarts.NONE, Orders.NONE);
    }
    return switch (stored.get()) {
      case Ok<DesiredUnit>(var unit) -> change(unit);
      case Malformed<DesiredUnit>(var reason) ->
          file.isEmpty()
              ? new Step.Refuse(500, UnitEdit.unreadable("units/" + name, reason))
              : create(file.get(), Restarts.NONE, Orders.NONE);
    };
  }

  private Step change(DesiredUnit unit) {
    Optional<Order> known = unit.orders().find(id);
    if (known.isPresent()) {
      return known.get().kind() == kind
          ? new Step.Keep()
          : new Step.Refuse(
              409, "order %s is known, and is to %s".formatted(id, known.get().kind().text()));
    }
    if (kind == Order.Kind.RESTART && unit.target() != TargetState.LAUNCHED) {
      return new Step.Refuse(
          409,
          "unit %s is not to be launched but %s: there is nothing to restart"
              .formatted(name, unit.target().text()));
    }
    if (kind == Order.Kind.STOP && unit.target() == TargetState.INACTIVE) {
      return new Step.Refuse(
          409, "unit %s is not to be on any machine: there is nothing to stop".formatted(name));
    }
    if (file.isPresent() && !file.get().hash().equals(unit.file().hash())) {
      return create(file.get(), unit.restarts(), unit.orders());
    }
    if (name instanceof UnitName.Template) {
      return UnitEdit.cannotActivate(name);
    }
    if (Indispensable.reason(name).isPresent()) {
      return UnitEdit.indispensable(name);
    }
    return new Step.Store(
        unit.to(target()).restarted(restarts(unit)).ordered(once(unit.orders())), GIVEN);
  }

  private Step create(UnitFile content, Restarts restarts, Orders orders) {
    return UnitEdit.obstacle(name, content, target())
        .orElseGet(
            () ->
                new Step.Store(
                    DesiredUnit.of(name, content, target(), restarts, once(orders)), GIVEN));
  }

  private Orders once(Orders before) {
    return before.once(id, kind, alone);
  }

  private Restarts restarts(DesiredUnit unit) {
    return kind == Order.Kind.RESTART
        ? alone.map(unit.restarts()::onceMoreOn).orElseGet(unit.restarts()::everywhereOnceMore)
        : unit.restarts();
  }

  private TargetState target() {
    return switch (kind) {
      case START, RESTART -> TargetState.LAUNCHED;
      case STOP, LOAD -> TargetState.LOADED;
    };
  }
}
