package fleet.api.service;

import fleet.api.GivenOrderResource;
import fleet.api.OrderResource;
import fleet.api.RestartResource;
import fleet.api.message.Response;
import fleet.api.service.OptimisticRetry.Ending;
import fleet.cluster.DesiredUnit;
import fleet.cluster.MachineId;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.Stored;
import fleet.cluster.store.Store.Commit;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.Quoted;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Takes orders: each once, however often it is sent. fleet v1 knew none.
final class UnitOrders {

  private final Registry registry;
  private final OptimisticRetry retry;
  private final ClusterViews views;
  private final Supplier<OrderId> ids;

  /// @param ids makes names for orders that bear none
  UnitOrders(Registry registry, OptimisticRetry retry, ClusterViews views, Supplier<OrderId> ids) {
    this.registry = registry;
    this.retry = retry;
    this.views = views;
    this.ids = ids;
  }

  /// Gives the order that a body describes.
  Response give(String name, String body) throws InterruptedException {
    return switch (OrderResource.JSON.read(body)) {
      case Malformed<OrderResource>(var reason) ->
          Response.error(400, "unable to decode body: " + reason);
      case Ok<OrderResource>(var order) ->
          switch (order(name, order)) {
            case Malformed<UnitOrder>(var reason) -> Response.error(400, reason);
            case Ok<UnitOrder>(var ok) -> give(ok, (unit, before) -> given(unit, ok, before));
          };
    };
  }

  private static Parsed<UnitOrder> order(String name, OrderResource order) {
    if (!(UnitName.parse(name) instanceof Ok<UnitName>(var unit))) {
      return new Malformed<>(reason(UnitName.parse(name)));
    }
    if (!(OrderId.parse(order.id()) instanceof Ok<OrderId>(var id))) {
      return new Malformed<>("invalid id: " + reason(OrderId.parse(order.id())));
    }
    Optional<Order.Kind> kind = Order.Kind.of(order.kind());
    if (kind.isEmpty()) {
      return new Malformed<>(
          "invalid kind: expected start, stop, restart or load, found "
              + Quoted.text(order.kind()));
    }
    boolean restart = kind.get() == Order.Kind.RESTART;
    if (restart && !order.options().isEmpty()) {
      return new Malformed<>("invalid options: a restart takes none; a start replaces a unit");
    }
    if (!restart && !order.machineId().isEmpty()) {
      return new Malformed<>("invalid machineID: only a restart may be for one machine");
    }
    Optional<MachineId> alone =
        Optional.of(order.machineId()).filter(text -> !text.isEmpty()).map(MachineId::new);
    if (order.options().isEmpty()) {
      return new Ok<>(new UnitOrder(unit, id, kind.get(), alone, Optional.empty()));
    }
    return switch (UnitEdit.file(order.options())) {
      case Malformed<UnitFile>(var reason) -> new Malformed<>(reason);
      case Ok<UnitFile>(var file) ->
          new Ok<>(new UnitOrder(unit, id, kind.get(), alone, Optional.of(file)));
    };
  }

  private static String reason(Parsed<?> malformed) {
    return malformed instanceof Malformed<?>(var reason) ? reason : "";
  }

  /// Gives the order to restart a unit, under a name of our own, to one who asks for the generation
  /// that it leads to: `POST units/U/restart`. `fleetctl` goes by `POST units/U/orders`.
  ///
  /// @param body of the request: nothing, or an object that names a machine
  Response restart(String name, String body) throws InterruptedException {
    if (!(UnitName.parse(name) instanceof Ok<UnitName>(var unit))) {
      return UnitRequests.missing();
    }
    return switch (body.isBlank() ? new Ok<>("") : RestartResource.REQUEST.read(body)) {
      case Malformed<String>(var reason) -> Response.error(400, "unable to decode body: " + reason);
      case Ok<String>(var machine) -> {
        Optional<MachineId> alone =
            Optional.of(machine).filter(id -> !id.isEmpty()).map(MachineId::new);
        var order = new UnitOrder(unit, ids.get(), Order.Kind.RESTART, alone, Optional.empty());
        yield give(
            order,
            (stored, _) ->
                Response.ok(
                    RestartResource.JSON.write(new RestartResource(generation(stored, alone)))));
      }
    };
  }

  private Response given(DesiredUnit unit, UnitOrder order, boolean before)
      throws InterruptedException {
    long number = unit.orders().find(order.id()).map(Order::number).orElse(0L);
    long generation = order.kind() == Order.Kind.RESTART ? generation(unit, order.alone()) : 0;
    List<GivenOrderResource.On> outcomes =
        before ? views.now().outcomes(order.name(), order.id()) : List.of();
    return Response.ok(
        GivenOrderResource.JSON.write(
            new GivenOrderResource(order.id().text(), number, generation, outcomes)));
  }

  private static long generation(DesiredUnit unit, Optional<MachineId> alone) {
    return alone.map(unit.restarts()::on).orElseGet(unit.restarts()::everywhere);
  }

  /// What to answer once the unit is stored so.
  private interface Answer {
    /// @param before whether the order was given before
    Response of(DesiredUnit unit, boolean before) throws InterruptedException;
  }

  private Response give(UnitOrder order, Answer answer) throws InterruptedException {
    return retry.run("unit " + order.name(), lost -> attempt(order, answer, lost));
  }

  private Ending attempt(UnitOrder order, Answer answer, OptionalLong lost)
      throws InterruptedException {
    Optional<Stored<Parsed<DesiredUnit>>> stored = registry.unit(order.name());
    long revision = stored.map(Stored::revision).orElse(0L);
    UnitEdit.Step step = order.applyTo(stored.map(Stored::value));
    if (step instanceof UnitEdit.Step.Keep) {
      return new Ending.Done(answer.of(stored.orElseThrow().value().orElseThrow(), true), revision);
    }
    if (lost.isPresent() && (stored.isEmpty() || lost.getAsLong() != revision)) {
      return new Ending.Doubtful(); // it may have been given, and the unit be another
    }
    return switch (step) {
      case UnitEdit.Step.Refuse(var status, var message) -> Ending.refused(status, message);
      case UnitEdit.Step.Keep() -> throw new IllegalStateException("it is answered above");
      case UnitEdit.Step.Store(var unit, _) -> {
        Optional<String> obstacle = obstacle(order);
        if (obstacle.isPresent()) {
          yield Ending.refused(409, obstacle.get());
        }
        Commit commit = stored.isEmpty() ? registry.create(unit) : registry.replace(unit, revision);
        yield new Ending.Committed(commit, answer.of(unit, false), revision);
      }
    };
  }

  /// Why the one machine that an order is for cannot carry it out.
  private Optional<String> obstacle(UnitOrder order) throws InterruptedException {
    if (order.alone().isEmpty() || !(order.name() instanceof UnitName.Placeable unit)) {
      return Optional.empty();
    }
    MachineId machine = order.alone().get();
    if (registry.announced(machine).isEmpty()) {
      return Optional.of("no machine %s is present".formatted(machine));
    }
    return registry.isAssigned(machine, unit)
        ? Optional.empty()
        : Optional.of("unit %s is not on machine %s".formatted(unit, machine));
  }
}
