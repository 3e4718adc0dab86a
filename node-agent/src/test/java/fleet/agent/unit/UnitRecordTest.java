package fleet.agent.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.order.OrderHistory;
import fleet.agent.unit.Applied.Underway;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Order.Kind;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.Outcome.Seen;
import fleet.cluster.TargetState;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UnitRecordTest {

  private static final UnitName.Placeable WEB =
      (UnitName.Placeable) UnitName.parse("web.service").orElseThrow();
  private static final UnitFile FILE = file("[Service]\nExecStart=/bin/true\n");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration NOON = Duration.ofHours(12);

  private static UnitFile file(String text) {
    return UnitFile.parse(text).orElseThrow();
  }

  private static UnitRecord assigned(UnitFile file) {
    return UnitRecord.EMPTY.assigned(
        Optional.of(new Assignment(WEB, file, TargetState.LAUNCHED, 1)));
  }

  private static UnitRecord failed(UnitRecord before, boolean ofStart) {
    return before.failed("no", ofStart, NOON.plus(before.pause(SECOND, SECOND.multipliedBy(60))));
  }

  /// systemd would not carry out its newest order.
  private static UnitRecord refused(UnitRecord record) {
    var order = Optional.of(new Order(1, new OrderId("order-1"), Kind.RESTART));
    var outcome = new Outcome(order.get(), Result.REFUSED, "masked", Seen.NOTHING, Seen.NOTHING);
    return record.orders(
        Optional.of(
            new OrderHistory(
                order,
                false,
                Optional.empty(),
                List.of(outcome),
                new TreeSet<>(),
                Optional.empty(),
                Optional.empty(),
                Seen.NOTHING)));
  }

  @Test
  void attemptsAreFurtherAndFurtherApart() {
    var record = assigned(FILE);
    for (int seconds : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
      assertEquals(SECOND.multipliedBy(seconds), record.pause(SECOND, SECOND.multipliedBy(60)));
      record = failed(record, false);
    }
  }

  @Test
  void unitIsLeftAloneUntilTheNextAttemptIsDue() {
    var record = failed(assigned(FILE), false);

    assertTrue(record.isDeferred(NOON));
    assertEquals(List.of(NOON.plus(SECOND)), record.attempts().toList());
    assertFalse(record.isDeferred(NOON.plus(SECOND)));
    assertFalse(record.isStartDeferred(NOON));
  }

  @Test
  void whatWasInTheWayOfAStartMayHaveGoneAndOnlyOfAStart() {
    assertFalse(failed(assigned(FILE), true).retriedAtOnce(NOON).isDeferred(NOON));
    assertTrue(failed(assigned(FILE), false).retriedAtOnce(NOON).isDeferred(NOON));
  }

  @Test
  void somethingNewMayBeTriedAtOnce() {
    var failed = failed(assigned(FILE), false);

    assertEquals(
        assigned(file("[Unit]\n")), failed.assigned(assigned(file("[Unit]\n")).assigned()));
    assertEquals(UnitRecord.EMPTY, failed.assigned(Optional.empty()));
  }

  /// Others may be told of a unit's orders for as long as anything of it is here.
  @Test
  void ordersAreForgottenWithAUnitThatIsNeitherAssignedNorInstalled() {
    var assigned = assigned(FILE).ordered(assigned(FILE).assigned(), true, false);
    var installed = assigned.reached(new Applied(FILE.hash(), TargetState.LOADED, 1));

    assertEquals(Optional.of(OrderHistory.NONE), assigned.orders());
    assertEquals(Optional.empty(), assigned.ordered(Optional.empty(), true, true).orders());
    assertEquals(
        Optional.of(OrderHistory.NONE), installed.ordered(Optional.empty(), true, true).orders());
    assertEquals(Optional.empty(), installed.removed().orders());
  }

  @Test
  void onlyWhatHasALimitIsCounted() {
    assertEquals(Optional.empty(), assigned(FILE).counter());
    assertEquals(
        Optional.of(FailureCounter.NEW),
        assigned(file("[Service]\nExecStart=/bin/true\n[X-Fleet]\nFailureLimit=3\n")).counter());
  }

  @Test
  void whatADeadMansSwitchHasStoppedIsStartedAgainIfItWasLaunched() {
    var launched = new Applied(FILE.hash(), TargetState.LAUNCHED, 1);
    var loaded = new Applied(FILE.hash(), TargetState.LOADED, 1);

    assertEquals(
        Underway.START,
        UnitRecord.EMPTY.reached(launched).cutDown().applied().orElseThrow().underway());
    assertEquals(Optional.of(loaded), UnitRecord.EMPTY.reached(loaded).cutDown().applied());
  }

  @Test
  void whatItIsThatHasFailedIsToldByTheLastAttempt() {
    var failed = failed(assigned(FILE), true);

    assertTrue(failed.isStartFailed());
    assertTrue(refused(failed).isStartFailed());
    assertFalse(failed.illegible(Optional.of("bad")).isStartFailed());
    assertFalse(failed(failed, false).isStartFailed());
    assertFalse(assigned(FILE).isStartFailed());
    var counted = assigned(FILE).counting(FailureCounter.NEW.failed("no", true, NOON, "12:00:00Z"));
    assertTrue(counted.isStartFailed());
    assertFalse(refused(counted).isStartFailed());
  }
}
