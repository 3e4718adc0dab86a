package fleet.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.ctl.console.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the API is asked for by verbs that are about one unit, however many the cluster has.
class AskingTest {

  private static final String MACHINE = "8dcea1bd0001";

  @TempDir Path directory;
  private PlayedWorld world;

  @BeforeEach
  void boot() throws Exception {
    world = new PlayedWorld();
    world.machine(MACHINE, "10.0.1.101", new TreeMap<>());
    for (String unit : List.of("web.service", "other.service", "another.service")) {
      world.unit(unit, "launched", "[Service]\nExecStart=/bin/sleep 9\n");
      world.assign(unit, MACHINE);
      report(unit);
    }
    world.unit("all.service", "launched", "[Service]\nExecStart=a\n[X-Fleet]\nGlobal=true\n");
    world.assign("all.service", MACHINE);
    report("all.service");
  }

  private void report(String unit) throws InterruptedException {
    world.report(
        unit, MACHINE, "launched", "loaded", "active", "running", "success", "", 0, List.of());
  }

  @AfterEach
  void shutDown() {
    world.close();
  }

  @Test
  void statusAsksForItsUnitsOnly() throws Exception {
    assertEquals(List.of("/units/web.service", "/machines"), asked("status", "web.service"));
    assertEquals(
        List.of("/units/all.service", "/explanations?unitName=all.service", "/machines"),
        asked("status", "all.service"));
  }

  @Test
  void journalAsksForItsUnitOnly() throws Exception {
    assertEquals(List.of("/units/web.service", "/machines"), asked("journal", "web.service"));
  }

  @Test
  void sshAsksForMachinesAndForTheUnitThatMayBeMeant() throws Exception {
    assertEquals(List.of("/machines"), asked("ssh", "--machine=8dc"));
    assertEquals(List.of("/machines", "/units/web.service"), asked("ssh", "--unit=web"));
    assertEquals(List.of("/machines", "/units/8dc.service"), asked("ssh", "8dc"));
  }

  @ParameterizedTest
  @CsvSource({
    "cat web.service, /units/web.service",
    "submit web.service, /units/web.service",
    "start web.service, /units/web.service /units/web.service/orders"
        + " /explanations?unitName=web.service /machines",
    "start --no-block web.service, /units/web.service /units/web.service/orders",
    "stop --no-block web.service, /units/web.service /units/web.service/orders",
    "unload --no-block web.service, /units/web.service",
    "destroy --no-block web.service, /units/web.service",
    "restart --no-block web.service, /units/web.service /units/web.service/orders",
    "list-units --fields=unit, /state",
    "list-units, /state /machines",
    "list-unit-files --fields=unit, /units",
    "list-unit-files, /units /machines",
    "list-machines, /machines",
    "version, ''",
    "help, ''"
  })
  void eachVerbAsksForWhatItNeedsOnly(String command, String targets) throws Exception {
    Set<String> asked = new LinkedHashSet<>(asked(command.split(" ")));

    assertEquals(targets, String.join(" ", asked));
  }

  private List<String> asked(String... words) throws InterruptedException {
    int before = world.targets().size();
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    var variables = Map.of("FLEETCTL_ENDPOINT", world.endpoint(), "HOME", directory.toString());
    var console =
        new Console(InputStream.nullInputStream(), nowhere, nowhere, variables, directory);
    var here = new PlayedMachine(directory);
    here.printTo(nowhere);
    assertEquals(0, Fleetctl.run(List.of(words), console, here, new PlayedTime()));
    List<String> targets = world.targets();
    return targets.subList(before, targets.size()).stream()
        .map(
            target ->
                target
                    .replace("/fleet/v1", "")
                    .replaceAll("[?&]details=true", "")
                    .replaceAll("[?&]pageSize=\\d+", ""))
        .toList();
  }
}
