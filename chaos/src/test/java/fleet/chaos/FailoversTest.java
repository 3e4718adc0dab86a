package fleet.chaos;

import static fleet.chaos.PromisesTest.run;
import static fleet.chaos.PromisesTest.trouble;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FailoversTest {

  private static final Traits TRAITS =
      new Traits(
          new TreeMap<>(),
          new TreeSet<>(List.of("x-only.service")),
          new TreeSet<>(),
          new TreeSet<>(),
          new TreeMap<>());

  private static Failovers of(List<Run> runs, Trouble... troubles) {
    return Failovers.of(new Evidence(runs, List.of(troubles), List.of(), "", TRAITS));
  }

  private static List<Duration> seconds(long seconds) {
    return List.of(Duration.ofSeconds(seconds));
  }

  @Test
  void aFailoverTakesFromTheFaultToTheStartElsewhere() {
    var cut = trouble(Fault.POWER_OFF, "n1", 100, 110);
    List<Run> runs = List.of(run("n1", 10, 100), run("n2", 103));

    assertEquals(new Failovers(seconds(3), List.of(), List.of()), of(runs, cut));
    assertEquals(
        new Failovers(List.of(), List.of(), seconds(3)),
        of(runs, cut, trouble(Fault.KILL_STORE, "", 90, 101)));
  }

  @Test
  void thoseOfExclusiveUnitsAreApart() {
    var cut = trouble(Fault.POWER_OFF, "n1", 100, 110);
    List<Run> runs = List.of(run("x-only.service", "n1", 10, 100), only("n2", 107));

    assertEquals(new Failovers(List.of(), seconds(7), List.of()), of(runs, cut));
  }

  private static Run only(String node, long from) {
    return run("x-only.service", node, from, 1_000);
  }

  @Test
  void whatRanElsewhereAlreadyHasNotMoved() {
    var cut = trouble(Fault.POWER_OFF, "n1", 100, 110);

    assertEquals(
        new Failovers(List.of(), List.of(), List.of()),
        of(List.of(run("n1", 10, 100), run("n2", 11), run("n3", 103)), cut));
  }
}
