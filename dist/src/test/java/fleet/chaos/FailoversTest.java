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

  private static Failovers of(List<Run> runs, Trouble... troubles) {
    return Failovers.of(
        new Evidence(runs, List.of(troubles), List.of(), "", new TreeMap<>(), new TreeSet<>()));
  }

  @Test
  void aFailoverTakesFromTheFaultToTheStartElsewhere() {
    var cut = trouble(Fault.POWER_OFF, "n1", 100, 110);
    List<Run> runs = List.of(run("n1", 10, 100), run("n2", 103));

    assertEquals(new Failovers(List.of(Duration.ofSeconds(3)), List.of()), of(runs, cut));
    assertEquals(
        new Failovers(List.of(), List.of(Duration.ofSeconds(3))),
        of(runs, cut, trouble(Fault.KILL_STORE, "", 90, 101)));
  }

  @Test
  void whatRanElsewhereAlreadyHasNotMoved() {
    var cut = trouble(Fault.POWER_OFF, "n1", 100, 110);

    assertEquals(
        new Failovers(List.of(), List.of()),
        of(List.of(run("n1", 10, 100), run("n2", 11), run("n3", 103)), cut));
  }
}
