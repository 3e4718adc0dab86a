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
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What is known of orders while nothing but the book is asked.
class OrderBookTest {

  private static final UnitName.Placeable WEB = unit("web.service");
  private static final UnitName.Placeable DB = unit("db.service");
  private static final UnitFile FILE =
      UnitFile.parse("[Service]\nExecStart=/bin/true\n").orElseThrow();
  private static final Order FIRST = order(1);
  private static final Order SECOND = order(2);

  private final OrderBook book = new OrderBook();

  private static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  private static Order order(long number) {
    return new Order(number, new OrderId("order-" + number), Kind.START);
  }

  private void assign(Order order) {
    var assignment = new Assignment(WEB, FILE, TargetState.LAUNCHED, 1).by(Optional.of(order));
    book.assigned(List.of(assignment), new TreeSet<>(List.of(WEB)), true);
  }

  private void look(String web, String db) {
    var observed = new TreeMap<UnitName.Placeable, LocalUnit>();
    observed.put(WEB, seen(web));
    observed.put(DB, seen(db));
    book.seen(observed, Duration.ZERO);
  }

  private static LocalUnit seen(String active) {
    return new LocalUnit(new OnDisk.Present(FILE.hash()), "loaded", active, "", "success", "");
  }

  /// It comes, is carried out, and is told of.
  private void carryOut(Order order) {
    assign(order);
    book.acting(WEB, Optional.of(order));
    book.settled(WEB, Optional.of(order), Duration.ZERO);
    look("active", "active");
  }

  private List<String> outcomes() {
    return book.outcomes(WEB).stream().map(OrderBookTest::text).toList();
  }

  private static String text(Outcome outcome) {
    return outcome.order().number() + " " + outcome.result().text();
  }

  private static SortedMap<UnitName.Placeable, UnitFile> file() {
    return new TreeMap<>(Map.of(WEB, FILE));
  }

  /// As when an agent comes up with an older copy of what is assigned.
  @Test
  void orderThatIsToldOfIsNotTakenAgainThoughAnotherHasComeSince() {
    carryOut(FIRST);
    carryOut(SECOND);

    assign(FIRST);

    assertEquals(new TreeMap<>(), book.pending().due());
    assertEquals(List.of("1 done", "2 done"), outcomes());
  }

  @Test
  void outcomeThatIsToldIsNotSupersededByALaterOrder() {
    assign(FIRST);
    book.ended(WEB, Optional.of(FIRST), Result.NOT_STARTED, "no such unit", Duration.ZERO);
    look("inactive", "active");
    assertFalse(book.calm());

    assign(SECOND);

    assertEquals(List.of("1 not-started"), outcomes());
  }

  @Test
  void restartOfWhatHasNotRunAnewIsUncertain() {
    var restart = new Order(1, new OrderId("restart"), Kind.RESTART);
    assign(restart);
    look("active", "active");
    book.settled(WEB, Optional.of(restart), Duration.ZERO);
    look("active", "active");

    assertEquals(List.of("1 uncertain"), outcomes());
  }

  @Test
  void restartOfWhatHasEndedSinceIsDone() {
    var restart = new Order(1, new OrderId("restart"), Kind.RESTART);
    assign(restart);
    look("active", "active");
    book.acting(WEB, Optional.of(restart));
    book.settled(WEB, Optional.of(restart), Duration.ZERO);
    look("inactive", "active");

    assertEquals(List.of("1 done"), outcomes());
  }

  @Test
  void textThatIsToBePutBackIsForgottenWithItsUnitOnly() {
    book.trying(file());
    assign(FIRST);
    assertEquals(file(), book.toPutBack());

    book.assigned(List.of(), new TreeSet<>(List.of(WEB)), true);

    assertEquals(new TreeMap<>(), book.toPutBack());
  }

  @Test
  void nothingIsCalmBeforeAnOrderIsToldOf() {
    assertTrue(book.calm());
    assign(FIRST);
    assertFalse(book.calm());

    carryOut(FIRST);

    assertTrue(book.calm());
  }

  @Test
  void nothingIsCalmWhileAUnitLacksAnother() {
    book.lacks(WEB, new TreeSet<>(List.of(DB)));
    look("inactive", "failed");
    assertFalse(book.calm());

    look("inactive", "active");

    assertTrue(book.calm());
  }

  @Test
  void nothingIsCalmWhileATextIsToBePutBack() {
    book.trying(file());
    assertFalse(book.calm());

    book.putBack(WEB);

    assertTrue(book.calm());
  }

  /// Who has seen a count goes by what was the case then, until it is another.
  @Test
  void everyChangeMakesTheCountGrow() {
    grows(() -> assign(FIRST));
    grows(() -> book.acting(WEB, Optional.of(FIRST)));
    grows(() -> book.inDoubt(WEB, Optional.of(FIRST)));
    grows(() -> book.started(WEB, Optional.of(FIRST), Duration.ZERO));
    grows(() -> book.settled(WEB, Optional.of(FIRST), Duration.ZERO));
    grows(() -> look("active", "active"));
    grows(() -> assign(SECOND));
    grows(() -> book.ended(WEB, Optional.of(SECOND), Result.REFUSED, "masked", Duration.ZERO));
    grows(() -> book.reconsider(WEB));
    grows(() -> book.lacks(WEB, new TreeSet<>(List.of(DB))));
    grows(() -> look("inactive", "active"));
    grows(() -> book.trying(file()));
    grows(() -> book.putBack(WEB));
    grows(() -> book.couldStart(WEB, FILE.hash()));
    grows(() -> book.removed(WEB));
  }

  private void grows(Runnable change) {
    long before = book.changes();
    change.run();
    assertTrue(book.changes() > before, () -> book.changes() + " after " + before);
  }

  @Test
  void lookAtWhatIsKnownChangesNothing() {
    carryOut(FIRST);
    long before = book.changes();

    look("active", "active");

    assertEquals(before, book.changes());
  }
}
