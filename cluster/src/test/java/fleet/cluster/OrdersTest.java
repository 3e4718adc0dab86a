package fleet.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import fleet.cluster.Order.Kind;
import fleet.unit.Parsed;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrdersTest {

  private static final MachineId A = new MachineId("a");
  private static final MachineId B = new MachineId("b");

  private static OrderId id(int number) {
    return new OrderId("o" + number);
  }

  private static Orders many(int count) {
    Orders orders = Orders.NONE;
    for (int i = 1; i <= count; i++) {
      orders = orders.once(id(i), Kind.START, Optional.empty());
    }
    return orders;
  }

  @Test
  void eachOrderBearsTheNextNumberAndTheLastEightAreKnown() {
    var orders = many(10);

    assertEquals(10, orders.last());
    assertEquals(8, orders.given().size());
    assertEquals(Optional.of(new Order(3, id(3), Kind.START)), orders.find(id(3)));
    assertEquals(Optional.empty(), orders.find(id(2)));
  }

  @Test
  void anOrderForOneMachineIsNothingToOthers() {
    var orders =
        Orders.NONE
            .once(id(1), Kind.START, Optional.empty())
            .once(id(2), Kind.RESTART, Optional.of(A));

    assertEquals(Optional.of(new Order(2, id(2), Kind.RESTART)), orders.on(A));
    assertEquals(Optional.of(new Order(1, id(1), Kind.START)), orders.on(B));
  }

  @Test
  void noMachinesNewestOrderIsForgottenForThoseOfOthers() {
    var orders =
        Orders.NONE
            .once(id(1), Kind.START, Optional.empty())
            .once(id(2), Kind.RESTART, Optional.of(A));
    for (int i = 3; i < 40; i++) {
      orders = orders.once(id(i), Kind.RESTART, Optional.of(new MachineId("m" + i % 20)));
    }

    assertEquals(Optional.of(new Order(2, id(2), Kind.RESTART)), orders.on(A));
    assertEquals(Optional.of(new Order(1, id(1), Kind.START)), orders.on(B));
    assertEquals(22, orders.given().size());
  }

  @Test
  void anOrderForAllMachinesIsTheNewestOfEach() {
    var orders =
        Orders.NONE
            .once(id(1), Kind.RESTART, Optional.of(A))
            .once(id(2), Kind.STOP, Optional.empty());

    assertEquals(Optional.of(new Order(2, id(2), Kind.STOP)), orders.on(A));
    assertEquals(Optional.of(new Order(1, id(1), Kind.RESTART)), orders.find(id(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ü", "a\n"})
  void whatCannotNameAnOrderIsMalformed(String text) {
    assertInstanceOf(Parsed.Malformed.class, OrderId.parse(text));
    assertInstanceOf(Parsed.Malformed.class, OrderId.parse("x".repeat(65)));
    assertEquals(new Parsed.Ok<>(id(1)), OrderId.parse("o1"));
  }
}
