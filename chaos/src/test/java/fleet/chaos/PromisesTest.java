package fleet.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Violations that are planted are found, and what may happen is none.
class PromisesTest {

  private static final Run STOPPED = run("n1", 10, 100);
  private static final String FOUND =
      "x-calm@1.service was stopped on n1 at 1970-01-01T00:01:40Z without a cause; it ran since"
          + " 1970-01-01T00:00:10Z, invocation n1-10";

  private static final Traits TRAITS =
      new Traits(
          new TreeMap<>(Map.of("x-beside.service", "x-calm@1.service")),
          new TreeSet<>(List.of("x-only.service")),
          new TreeSet<>(List.of("x-only.service", "x-stop.service")),
          new TreeSet<>(List.of("x-breaking.service")),
          new TreeMap<>(Map.of("x-own.service", "n2")));

  static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }

  static Run run(String node, long from, long to) {
    return run("x-calm@1.service", node, from, to);
  }

  static Run run(String unit, String node, long from, long to) {
    return new Run(unit, node, node + "-" + from, at(from), at(to), at(to));
  }

  static Run run(String node, long from) {
    return new Run("x-calm@1.service", node, node + "-" + from, at(from), Instant.MAX, Instant.MAX);
  }

  static Trouble trouble(Fault fault, String node, long from, long to) {
    return new Trouble(fault, node, at(from), at(from), at(to), at(to));
  }

  private static List<String> broken(List<Run> runs, Trouble... troubles) {
    return broken(runs, List.of(), troubles);
  }

  private static List<String> broken(
      List<Run> runs, List<UserCommand> commands, Trouble... troubles) {
    return Promises.broken(new Evidence(runs, List.of(troubles), commands, "", TRAITS));
  }

  private static List<String> broken(String storeHolder, List<Run> runs, Trouble trouble) {
    return Promises.broken(new Evidence(runs, List.of(trouble), List.of(), storeHolder, TRAITS));
  }

  @Test
  void aUnitThatStopsForNoReasonIsFound() {
    assertEquals(List.of(FOUND), broken(List.of(STOPPED)));
  }

  @Test
  void aUnitThatTheMachineHasOfItsOwnStopsOnlyWithItsMachine() {
    var own = List.of(run("x-own.service", "n2", 10, 100));
    var fleets = List.of(run("x-own.service", "n1", 10, 100));
    var asked = List.of(new UserCommand("destroy", "x-own.service", at(99), at(101), true));
    String found =
        "x-own.service was stopped on n2 at 1970-01-01T00:01:40Z without a cause; it ran since"
            + " 1970-01-01T00:00:10Z, invocation n2-10";

    assertEquals(List.of(found), broken(own, asked));
    assertEquals(List.of(), broken(fleets, asked));
    assertEquals(List.of(found), broken(own, trouble(Fault.CUT, "n2", 70, 95)));
    assertEquals(List.of(found), broken(own, trouble(Fault.LEAVE, "n2", 99, 105)));
    assertEquals(List.of(), broken(own, trouble(Fault.REBOOT, "n2", 99, 105)));
    assertEquals(List.of(), broken(own, trouble(Fault.POWER_OFF, "n2", 100, 105)));
  }

  @Test
  void aUnitThatRunsOnIsNone() {
    assertEquals(List.of(), broken(List.of(run("n1", 10))));
  }

  @Test
  void aUnitMayStopIfAUserAskedForSomethingOfItAndForNoOther() {
    var asked = new UserCommand("stop", "x-calm@1.service", at(99), at(101), false);
    var other = new UserCommand("stop", "x-calm@2.service", at(99), at(101), true);
    var later = new UserCommand("stop", "x-calm@1.service", at(101), at(102), true);

    assertEquals(List.of(), broken(List.of(STOPPED), List.of(asked)));
    assertEquals(List.of(FOUND), broken(List.of(STOPPED), List.of(other)));
    assertEquals(List.of(FOUND), broken(List.of(STOPPED), List.of(later)));
  }

  @Test
  void aUnitMayStopWhenItsMachineWasSilentAndIsHeardAgain() {
    assertEquals(List.of(), broken(List.of(STOPPED), trouble(Fault.CUT, "n1", 70, 95)));
    assertEquals(List.of(), broken(List.of(STOPPED), trouble(Fault.POWER_OFF, "n1", 100, 105)));

    assertEquals(List.of(FOUND), broken(List.of(STOPPED), trouble(Fault.CUT, "n2", 70, 95)));
    assertEquals(List.of(FOUND), broken(List.of(STOPPED), trouble(Fault.CUT, "n1", 40, 50)));
    assertEquals(List.of(FOUND), broken(List.of(STOPPED), trouble(Fault.CUT, "n1", 101, 105)));
  }

  @Test
  void aReturnIsLateWhileTheStoreIsAway() {
    assertEquals(
        List.of(),
        broken(
            List.of(STOPPED),
            trouble(Fault.CUT, "n1", 40, 50),
            trouble(Fault.KILL_STORE, "", 45, 90)));
  }

  @Test
  void noUnitMayStopForWhatShouldNotTouchIt() {
    for (Fault fault :
        List.of(
            Fault.KILL_STORE,
            Fault.RESTART_BUS,
            Fault.RELOAD,
            Fault.REEXECUTE,
            Fault.EDIT_FILE,
            Fault.DELETE_FILE,
            Fault.SHADOW,
            Fault.FILL_RUN,
            Fault.CUT_FROM_MACHINE)) {
      assertEquals(List.of(FOUND), broken(List.of(STOPPED), trouble(fault, "n1", 95, 105)));
    }
  }

  @Test
  void whatBeganUnderAFileOfTheMachinesOwnMayStopAsThatGoesAndNotBefore() {
    var own = new Trouble(Fault.SHADOW, "n1", at(9), at(9), at(99), at(101));
    var elsewhere = new Trouble(Fault.SHADOW, "n2", at(9), at(9), at(99), at(101));
    var before = new Trouble(Fault.SHADOW, "n1", at(9), at(9), at(101), at(102));
    var under = new Trouble(Fault.SHADOW, "n1", at(11), at(11), at(99), at(101));

    assertEquals(List.of(), broken(List.of(STOPPED), own));
    assertEquals(List.of(FOUND), broken(List.of(STOPPED), elsewhere));
    assertEquals(List.of(FOUND), broken(List.of(STOPPED), before));
    assertEquals(List.of(FOUND), broken(List.of(STOPPED), under));
  }

  @Test
  void aDaemonThatIsBackInTimeIsNoCauseAndOneThatIsLateIs() {
    assertEquals(
        List.of(FOUND), broken(List.of(STOPPED), trouble(Fault.KILL_DAEMON, "n1", 98, 99)));
    assertEquals(List.of(), broken(List.of(STOPPED), trouble(Fault.KILL_DAEMON, "n1", 96, 99)));
  }

  @Test
  void aCompanionMayFollow() {
    Run beside = run("x-beside.service", "n1", 10, 102);
    var cut = trouble(Fault.CUT, "n1", 60, 90);

    assertEquals(
        List.of(), broken(List.of(STOPPED, beside), cut, trouble(Fault.KILL_STORE, "", 1, 2)));
    assertEquals(1, broken(List.of(run("n1", 10), beside)).size());
  }

  @Test
  void anExclusiveUnitThatRanTwiceIsFound() {
    Run first = run("x-only.service", "n1", 10, 100);
    Run early = run("x-only.service", "n2", 99, 120);
    Run inTime = run("x-only.service", "n2", 100, 120);
    var cuts =
        new Trouble[] {trouble(Fault.CUT, "n1", 80, 100), trouble(Fault.CUT, "n2", 110, 130)};

    assertEquals(
        List.of("x-only.service ran twice, on n1 and n2, at 1970-01-01T00:01:39Z"),
        broken(List.of(first, early), cuts));
    assertEquals(List.of(), broken(List.of(first, inTime), cuts));
  }

  @Test
  void onlyWhatAsksForItMayStopWhileTheStoreIsAway() {
    for (Fault fault : List.of(Fault.KILL_STORE, Fault.FREEZE_STORE)) {
      var away = trouble(fault, "", 97, 110);

      assertEquals(List.of(), broken(List.of(run("x-only.service", "n1", 10, 100)), away));
      assertEquals(List.of(), broken(List.of(run("x-stop.service", "n1", 10, 100)), away));
      assertEquals(List.of(FOUND), broken(List.of(STOPPED), away));
    }
  }

  @Test
  void whatStopsWhileTheStoreIsAwayDoesNotStopBeforeALeaseMayHaveLapsed() {
    Run only = run("x-only.service", "n1", 10, 100);

    assertEquals(1, broken(List.of(only)).size());
    assertEquals(1, broken(List.of(only), trouble(Fault.KILL_STORE, "", 99, 110)).size());
    assertEquals(1, broken(List.of(only), trouble(Fault.KILL_STORE, "", 97, 98)).size());
    assertEquals(1, broken(List.of(only), trouble(Fault.KILL_STORE, "", 50, 70)).size());
    assertEquals(1, broken(List.of(only), trouble(Fault.CUT_BRIEFLY, "n1", 99, 100)).size());
  }

  /// Its daemon must start before the store is there again.
  @Test
  void aMachineThatHoldsTheStoreIsAwayForLongerThanItsPower() {
    Run only = run("x-only.service", "n1", 10, 100);
    var cut = trouble(Fault.POWER_OFF, "n3", 98, 99);

    assertEquals(List.of(), broken("n3", List.of(only), cut));
    assertEquals(1, broken("n4", List.of(only), cut).size());
    assertEquals(List.of(FOUND), broken("n3", List.of(STOPPED), cut));
    assertEquals(1, broken("n3", List.of(only), trouble(Fault.KILL_DAEMON, "n3", 98, 99)).size());
  }

  @Test
  void severalShortTroublesMakeALongSilence() {
    Run only = run("x-only.service", "n1", 10, 100);
    var first = trouble(Fault.KILL_STORE, "", 96, 98);

    assertEquals(
        List.of(), broken(List.of(only), first, trouble(Fault.CUT_BRIEFLY, "n1", 99, 100)));
    assertEquals(1, broken(List.of(only), first, trouble(Fault.CUT_BRIEFLY, "n2", 99, 100)).size());
    assertEquals(1, broken(List.of(only), first, trouble(Fault.RESTART_BUS, "n1", 99, 100)).size());
  }

  @Test
  void whereSomethingIsMissingOnlyWhatNeedsItMayStop() {
    Run breaking = run("x-breaking.service", "n1", 10, 100);
    var missing = trouble(Fault.BREAK, "n1", 99, 105);

    assertEquals(List.of(), broken(List.of(breaking), missing));
    assertEquals(1, broken(List.of(breaking), trouble(Fault.BREAK, "n2", 99, 105)).size());
    assertEquals(1, broken(List.of(breaking)).size());
    assertEquals(List.of(FOUND), broken(List.of(STOPPED), missing));
  }

  @Test
  void aUnitThatIsStartedOverAndOverIsFound() {
    var missing = trouble(Fault.BREAK, "n1", 0, 200);
    var runs = new ArrayList<Run>();
    for (long i = 0; i < Promises.STARTS; i++) {
      runs.add(run("x-breaking.service", "n1", 2 * i, 2 * i + 1));
    }
    assertEquals(List.of(), broken(runs, missing));

    runs.add(run("x-breaking.service", "n1", 59, 60));
    assertEquals(
        List.of(
            "x-breaking.service on n1 was started more than 20 times in the minute until"
                + " 1970-01-01T00:00:59Z"),
        broken(runs, missing));
  }

  @Test
  void whatIsThawedLongAgoRuns() {
    Run first = run("x-only.service", "n1", 10, 120);
    Run second = run("x-only.service", "n2", 90, 130);
    var frozen = trouble(Fault.FREEZE, "n1", 80, 100);
    var cut = trouble(Fault.CUT, "n2", 110, 130);

    assertEquals(
        List.of("x-only.service ran twice, on n1 and n2, at 1970-01-01T00:01:30Z"),
        broken(List.of(first, second), frozen, cut, trouble(Fault.CUT, "n1", 110, 125)));
  }

  @Test
  void whatIsFrozenDoesNotRun() {
    Run frozen = run("x-only.service", "n1", 10, 101);
    Run other = run("x-only.service", "n2", 90, 120);

    assertEquals(
        List.of(),
        broken(
            List.of(frozen, other),
            trouble(Fault.FREEZE, "n1", 80, 100),
            trouble(Fault.CUT, "n2", 110, 130)));
  }

  @Test
  void whatIsThawedMayTakeAMomentToBeKilled() {
    Run frozen = run("x-only.service", "n1", 10, 102);
    Run late = run("x-only.service", "n1", 10, 104);
    Run thawed = run("x-only.service", "n1", 90, 102);
    Run other = run("x-only.service", "n2", 101, 120);
    var freeze = trouble(Fault.FREEZE, "n1", 80, 100);
    var cut = trouble(Fault.CUT, "n2", 110, 130);
    var twice = List.of("x-only.service ran twice, on n1 and n2, at 1970-01-01T00:01:41Z");

    assertEquals(List.of(), broken(List.of(frozen, other), freeze, cut));
    assertEquals(twice, broken(List.of(late, other), freeze, cut));
    assertEquals(twice, broken(List.of(thawed, other), freeze, cut));
  }
}
