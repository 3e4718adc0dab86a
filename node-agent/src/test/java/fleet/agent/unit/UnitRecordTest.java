package fleet.agent.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.unit.Applied.Underway;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    assertTrue(failed.isStartFailed(false));
    assertTrue(failed.isStartFailed(true));
    assertFalse(failed.illegible(Optional.of("bad")).isStartFailed(false));
    assertFalse(failed(failed, false).isStartFailed(false));
    assertFalse(assigned(FILE).isStartFailed(false));
    var counted = assigned(FILE).counting(FailureCounter.NEW.failed("no", true, NOON, "12:00:00Z"));
    assertTrue(counted.isStartFailed(false));
    assertFalse(counted.isStartFailed(true));
  }
}
