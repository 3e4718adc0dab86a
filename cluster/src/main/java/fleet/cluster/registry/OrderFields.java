package fleet.cluster.registry;

import static fleet.cluster.registry.JsonFields.elements;
import static fleet.cluster.registry.JsonFields.excerpt;
import static fleet.cluster.registry.JsonFields.number;
import static fleet.cluster.registry.JsonFields.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fleet.cluster.Invocation;
import fleet.cluster.MachineId;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.Orders;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Seen;
import fleet.cluster.registry.JsonFields.Misread;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.util.List;
import java.util.Optional;

/// Orders and their outcomes as fields of JSON objects. An older fleet wrote none of them, and
/// ignores them.
final class OrderFields {

  private OrderFields() {}

  static void put(ObjectNode object, Order order) {
    object
        .put("number", order.number())
        .put("id", order.id().text())
        .put("kind", order.kind().text());
  }

  static Order order(JsonNode object) {
    OrderId id =
        switch (OrderId.parse(string(object, "id"))) {
          case Ok<OrderId>(var ok) -> ok;
          case Malformed<OrderId>(var reason) -> throw new Misread("id: " + reason);
        };
    String kind = string(object, "kind");
    return new Order(
        number(object, "number"),
        id,
        Order.Kind.of(kind)
            .orElseThrow(
                () ->
                    new Misread(
                        "kind: expected start, stop, restart or load, found " + excerpt(kind))));
  }

  static void put(ObjectNode object, Orders orders) {
    if (orders.equals(Orders.NONE)) {
      return;
    }
    ArrayNode given = object.put("orders", orders.last()).putArray("given");
    for (Orders.Given each : orders.given()) {
      ObjectNode one = given.addObject();
      put(one, each.order());
      each.alone().ifPresent(machine -> one.put("machine", machine.text()));
    }
  }

  static Orders orders(JsonNode object) {
    return object.has("orders")
        ? new Orders(number(object, "orders"), elements(object, "given", each -> given(each)))
        : Orders.NONE;
  }

  private static Orders.Given given(JsonNode object) {
    return new Orders.Given(
        order(object),
        object.has("machine")
            ? Optional.of(new MachineId(string(object, "machine")))
            : Optional.empty());
  }

  static void put(ObjectNode object, List<Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      return;
    }
    ArrayNode all = object.putArray("outcomes");
    for (Outcome outcome : outcomes) {
      ObjectNode one = all.addObject();
      put(one, outcome.order());
      one.put("result", outcome.result().text()).put("words", outcome.words());
      put(one.putObject("before"), outcome.before());
      put(one.putObject("after"), outcome.after());
    }
  }

  static List<Outcome> outcomes(JsonNode object) {
    return elements(object, "outcomes", each -> outcome(each));
  }

  private static Outcome outcome(JsonNode object) {
    String result = string(object, "result");
    return new Outcome(
        order(object),
        Outcome.Result.of(result)
            .orElseThrow(() -> new Misread("result: expected a result, found " + excerpt(result))),
        string(object, "words"),
        seen(object.path("before")),
        seen(object.path("after")));
  }

  private static void put(ObjectNode object, Seen seen) {
    object
        .put("active", seen.active())
        .put("sub", seen.sub())
        .put("result", seen.result())
        .put("invocation", seen.invocation());
  }

  private static Seen seen(JsonNode object) {
    return new Seen(
        string(object, "active"),
        string(object, "sub"),
        string(object, "result"),
        string(object, "invocation"));
  }

  static void put(ObjectNode object, Invocation invocation) {
    if (invocation.equals(Invocation.NONE)) {
      return;
    }
    ObjectNode inner = object.putObject("invocation");
    inner
        .put("id", invocation.id())
        .put("restarts", invocation.restarts())
        .put("exit", invocation.exit())
        .put("crashLooping", invocation.crashLooping());
  }

  static Invocation invocation(JsonNode object) {
    JsonNode inner = object.path("invocation");
    return inner.isMissingNode()
        ? Invocation.NONE
        : new Invocation(
            string(inner, "id"),
            number(inner, "restarts"),
            string(inner, "exit"),
            inner.path("crashLooping").asBoolean());
  }
}
