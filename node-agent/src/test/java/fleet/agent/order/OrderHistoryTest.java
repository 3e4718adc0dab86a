package fleet.agent.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Order.Kind;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.TargetState;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What is known of the orders of one unit.
class OrderHistoryTest {

  private static final UnitName.Placeable WEB = unit("web.service");
  private static final UnitName.Placeable DB = unit("db.service");
  private static final UnitFile FILE =
      UnitFile.parse("[Service]\nExecStart=/bin/true\n").orElseThrow();
  private static final Order FIRST = order(1);
  private static final Order SECOND = order(2);

  private OrderHistory orders = OrderHistory.NONE;

  private static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  private static Order order(long number) {
    return new Order(number, new OrderId("order-" + number), Kind.START);
  }

  private void assign(Order order) {
    var assignment = new Assignment(WEB, FILE, TargetState.LAUNCHED, 1).by(Optional.of(order));
    orders = orders.assigned(assignment, true);
  }

  private void look(String web, String db) {
    var observed = new TreeMap<UnitName.Placeable, LocalUnit>();
    observed.put(WEB, seen(web));
    observed.put(DB, seen(db));
    orders = orders.seen(Optional.of(seen(web)), observed, Duration.ZERO);
  }

  private static LocalUnit seen(String active) {
    return new LocalUnit(new OnDisk.Present(FILE.hash()), "loaded", active, "", "success", "");
  }

  /// It comes, is carried out, and is told of.
  private void carryOut(Order order) {
    assign(order);
    orders = orders.acting(Optional.of(order));
    orders = orders.settled(Optional.of(order), Duration.ZERO);
    look("active", "active");
  }

  private List<String> outcomes() {
    return orders.outcomes().stream().map(OrderHistoryTest::text).toList();
  }

  private static String text(Outcome outcome) {
    return outcome.order().number() + " " + outcome.result().text();
  }

  /// As when an agent comes up with an older copy of what is assigned.
  @Test
  void orderThatIsToldOfIsNotTakenAgainThoughAnotherHasComeSince() {
    carryOut(FIRST);
    carryOut(SECOND);

    assign(FIRST);

    assertEquals(Optional.empty(), orders.due());
    assertEquals(List.of("1 done", "2 done"), outcomes());
  }

  @Test
  void outcomeThatIsToldIsNotSupersededByALaterOrder() {
    assign(FIRST);
    orders = orders.ended(Optional.of(FIRST), Result.NOT_STARTED, "no such unit", Duration.ZERO);
    look("inactive", "active");
    assertTrue(orders.inHand().isPresent());

    assign(SECOND);

    assertEquals(List.of("1 not-started"), outcomes());
  }

  @Test
  void restartOfWhatHasNotRunAnewIsUncertain() {
    var restart = new Order(1, new OrderId("restart"), Kind.RESTART);
    assign(restart);
    look("active", "active");
    orders = orders.settled(Optional.of(restart), Duration.ZERO);
    look("active", "active");

    assertEquals(List.of("1 uncertain"), outcomes());
  }

  @Test
  void restartOfWhatHasEndedSinceIsDone() {
    var restart = new Order(1, new OrderId("restart"), Kind.RESTART);
    assign(restart);
    look("active", "active");
    orders = orders.acting(Optional.of(restart));
    orders = orders.settled(Optional.of(restart), Duration.ZERO);
    look("inactive", "active");

    assertEquals(List.of("1 done"), outcomes());
  }

  @Test
  void textThatIsToBePutBackIsForgottenWithItsUnitOnly() {
    orders = orders.trying(FILE);
    assign(FIRST);
    assertEquals(Optional.of(FILE), orders.back());

    orders = orders.unassigned();

    assertEquals(Optional.empty(), orders.back());
  }

  @Test
  void orderIsInHandUntilItIsToldOf() {
    assign(FIRST);
    assertTrue(orders.inHand().isPresent());

    carryOut(FIRST);

    assertEquals(Optional.empty(), orders.inHand());
  }

  @Test
  void unitLacksWhatHasFailedUntilThatRuns() {
    orders = orders.lacking(new TreeSet<>(List.of(DB)));
    look("inactive", "failed");
    assertEquals("[db.service]", orders.lacks().toString());

    look("inactive", "active");

    assertEquals("[]", orders.lacks().toString());
  }

  /// Who goes by what was the case must know of each change, but not of what the unit was seen to
  /// be.
  @Test
  void everyChangeTellsSomethingElse() {
    changes(() -> assign(FIRST));
    changes(() -> orders = orders.acting(Optional.of(FIRST)));
    changes(() -> orders = orders.inDoubt(Optional.of(FIRST)));
    changes(() -> orders = orders.started(Optional.of(FIRST), Duration.ZERO));
    changes(() -> orders = orders.settled(Optional.of(FIRST), Duration.ZERO));
    changes(() -> look("active", "active"));
    changes(() -> assign(SECOND));
    changes(
        () -> orders = orders.ended(Optional.of(SECOND), Result.REFUSED, "masked", Duration.ZERO));
    changes(() -> orders = orders.lacking(new TreeSet<>(List.of(DB))));
    changes(() -> look("inactive", "active"));
    changes(() -> orders = orders.trying(FILE));
    changes(() -> orders = orders.isPutBack());
    changes(() -> orders = orders.couldStart(FILE.hash()));
    changes(() -> orders = orders.reconsidered());
  }

  private void changes(Runnable change) {
    OrderHistory before = orders;
    change.run();
    assertFalse(orders.tellsTheSameAs(before), () -> orders + " after " + before);
  }

  @Test
  void lookAtWhatIsKnownChangesNothing() {
    carryOut(FIRST);
    OrderHistory before = orders;

    look("failed", "active");

    assertTrue(orders.tellsTheSameAs(before));
  }
}
