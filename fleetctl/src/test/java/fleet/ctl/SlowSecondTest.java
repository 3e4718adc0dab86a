package fleet.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.ctl.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A batch whose API says for a while, in the middle of it, that the store does not answer.
class SlowSecondTest {

  private static final String MACHINE = "8dcea1bd0001";
  private static final String TEXT = "[Service]\nExecStart=/bin/sleep 9\n";
  private static final int COUNT = 60;

  private final PlayedTime time = new PlayedTime();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
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

  private static List<String> units() {
    var units = new ArrayList<String>();
    for (int i = 1; i <= COUNT; i++) {
      units.add("many@" + i + ".service");
    }
    return units;
  }

  private void units(String target) throws InterruptedException {
    for (String unit : units()) {
      world.unit(unit, target, TEXT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "load", "stop", "unload", "destroy", "restart"})
  void slowSecondIsForgivenToEveryVerb(String verb) throws Exception {
    units(
        switch (verb) {
          case "start", "load" -> "inactive";
          case "restart" -> "loaded";
          default -> "launched";
        });
    world.awayAfter(5);
    time.after(Duration.ofMillis(2_500), world::back);

    int status = fleetctl(verb, "--no-block");

    assertEquals(0, status, err.toString(StandardCharsets.UTF_8));
    String said = verb.equals("destroy") ? "Destroyed %s" : "Triggered unit %s " + verb;
    assertEquals(
        units().stream().map(unit -> said.formatted(unit).replace("restart", "start")).toList(),
        lines(out));
  }

  @Test
  void slowSecondIsForgivenToSubmit() throws Exception {
    world.unit("many@.service", "inactive", TEXT);
    world.awayAfter(5);
    time.after(Duration.ofMillis(2_500), world::back);

    int status = fleetctl("submit");

    assertEquals(0, status, err.toString(StandardCharsets.UTF_8));
    assertEquals(units().stream().map(unit -> "Unit " + unit + " inactive").toList(), lines(out));
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "stop", "destroy", "unload", "restart"})
  void whatWasNotDoneInTenSecondsIsNamedOneByOne(String verb) throws Exception {
    units(
        switch (verb) {
          case "start" -> "inactive";
          case "restart" -> "loaded";
          default -> "launched";
        });
    world.awayAfter(25);

    int status = fleetctl(verb, "--no-block");

    assertEquals(1, status);
    var told = new TreeSet<String>();
    for (String line : lines(out)) {
      told.add(line.replaceAll(".*(many@\\d+\\.service).*", "$1"));
    }
    for (String line : lines(err)) {
      if (line.startsWith("Not ")) {
        told.add(line.substring(line.indexOf(": ") + 2));
      }
    }
    assertEquals(new TreeSet<>(units()), told);
    assertEquals(
        COUNT, lines(out).size() + lines(err).stream().filter(SlowSecondTest::names).count());
  }

  private static boolean names(String line) {
    return line.startsWith("Not ");
  }

  private int fleetctl(String... verb) throws InterruptedException {
    var words = new ArrayList<>(List.of(verb));
    words.addAll(units());
    var console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("FLEETCTL_ENDPOINT", world.endpoint()),
            Path.of(""));
    return Fleetctl.run(words, console, new PlayedMachine(Path.of("")), time);
  }

  private static List<String> lines(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
