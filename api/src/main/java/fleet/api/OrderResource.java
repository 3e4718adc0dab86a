package fleet.api;

import fleet.unit.UnitOption;
import java.util.List;

/// What a client orders of one unit. Not in fleet v1. An empty text stands for a field that is not
/// there.
///
/// @param id made by the client: the same order under the same ID is given once, however often it
///     is sent
/// @param kind `start`, `stop`, `restart` or `load`
/// @param machineId the machine that is to restart it alone; empty for all that have it
/// @param options to create the unit with, or to replace its own with; empty to leave them
public record OrderResource(String id, String kind, String machineId, List<UnitOption> options) {

  public static final JsonCodec<OrderResource> JSON =
      new RecordCodec<>(new OrderResource("", "", "", List.of())) {
        @Override
        OrderResource pass(Fields fields, OrderResource order) {
          return new OrderResource(
              fields.text("id", order.id),
              fields.text("kind", order.kind),
              fields.text("machineID", order.machineId),
              fields.field("options", UnitResource.OPTIONS, order.options));
        }
      };

  public OrderResource {
    options = List.copyOf(options);
  }
}
