package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Order.Kind;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.TargetState;
import fleet.cluster.registry.Decision;
import fleet.unit.UnitFile;
import fleet.unit.UnitHash;
import java.util.List;
import java.util.Optional;

/// One machine with its agent, and users who give orders.
abstract class OrdersScene extends AgentScene {

  void order(String unit, String text, Kind kind, long number, long generation)
      throws InterruptedException {
    decide(assignment(unit, text, kind, number, generation));
  }

  static Decision assignment(String unit, String text, Kind kind, long number, long generation) {
    TargetState target =
        switch (kind) {
          case START, RESTART -> TargetState.LAUNCHED;
          case STOP, LOAD -> TargetState.LOADED;
        };
    var order = new Order(number, new OrderId("order-" + number), kind);
    return new Decision.Assign(
        ID, new Assignment(unit(unit), file(text), target, generation).by(Optional.of(order)));
  }

  static UnitFile file(String text) {
    return UnitFile.parse(text).orElseThrow();
  }

  static UnitHash hash(String text) {
    return file(text).hash();
  }

  void assertUntouched(String invocation) {
    assertEquals(invocation, systemd.peek(unit("web.service")).run().invocation());
    assertEquals("[web.service]", running());
    assertEquals(new OnDisk.Present(hash(SERVICE)), systemd.peek(unit("web.service")).file());
    assertEquals("loaded", systemd.peek(unit("web.service")).load());
  }

  long count(String asked) {
    return systemd.history().stream().filter(asked::equals).count();
  }

  Outcome last(String unit) throws InterruptedException {
    return state(unit).outcomes().getLast();
  }

  String outcomes(String unit) throws InterruptedException {
    List<Outcome> outcomes = state(unit).outcomes();
    return String.join("; ", outcomes.stream().map(OrdersScene::text).toList());
  }

  static String text(Outcome outcome) {
    return outcome.order().kind().text()
        + "#"
        + outcome.order().number()
        + " "
        + outcome.result().text()
        + (outcome.words().isEmpty() ? "" : ": " + outcome.words());
  }
}
