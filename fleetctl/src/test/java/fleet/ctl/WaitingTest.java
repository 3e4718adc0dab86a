package fleet.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.ctl.console.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How soon `start` returns, and how much it asks of the API until then.
class WaitingTest {

  private static final String MACHINE = "8dcea1bd0001";

  private final PlayedTime time = new PlayedTime();
  private PlayedWorld world;

  @BeforeEach
  void boot() throws Exception {
    world = new PlayedWorld();
    world.machine(MACHINE, "10.0.1.101", new TreeMap<>());
  }

  @AfterEach
  void shutDown() {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 30, 100, 400, 3_000, 60_000})
  void startReturnsSoonAfterTheUnitIsActive(int activeAfterMillis) throws Exception {
    world.unit("web.service", "inactive", "[Service]\nExecStart=/bin/sleep 9\n");
    time.after(Duration.ofMillis(activeAfterMillis), () -> launch("web.service"));

    int status = fleetctl(List.of("start", "web.service"));

    assertEquals(0, status);
    Duration late = time.uptime().minusMillis(activeAfterMillis);
    assertTrue(late.compareTo(Duration.ofMillis(400)) <= 0, "returned " + late + " after");
  }

  @Test
  void manyUnitsAreAskedForTogether() throws Exception {
    List<String> words = new ArrayList<>(List.of("start"));
    for (int i = 0; i < 300; i++) {
      String unit = "web@" + i + ".service";
      world.unit(unit, "inactive", "[Service]\nExecStart=/bin/sleep 9\n");
      words.add(unit);
      time.after(Duration.ofMillis(10L * i), () -> launch(unit));
    }
    int before = world.targets().size();

    int status = fleetctl(words);

    assertEquals(0, status);
    List<String> asked = world.targets().subList(before, world.targets().size());
    long units = asked.stream().filter(target -> target.contains("/units/")).count();
    long waiting = asked.stream().filter(target -> target.contains("/explanations")).count();
    long others = asked.size() - units - waiting;
    assertEquals(600, units); // each is looked for, and ordered
    assertTrue(waiting < 120, "asked " + waiting + " times in " + time.uptime());
    assertEquals(1, others);
  }

  private void launch(String unit) throws InterruptedException {
    world.assign(unit, MACHINE);
    world.report(
        unit, MACHINE, "launched", "loaded", "active", "running", "success", "", 0, List.of());
    world.outcome(unit, MACHINE, "done", "");
  }

  private int fleetctl(List<String> words) throws InterruptedException {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    var variables = Map.of("FLEETCTL_ENDPOINT", world.endpoint());
    var console =
        new Console(InputStream.nullInputStream(), nowhere, nowhere, variables, Path.of(""));
    return Fleetctl.run(words, console, new PlayedMachine(Path.of("")), time);
  }
}
