package fleet.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.api.JsonCodec;
import fleet.api.ListPage;
import fleet.api.MachineResource;
import fleet.api.RunResource;
import fleet.api.UnitResource;
import fleet.api.UnitStateResource;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.ctl.console.Console;
import fleet.unit.UnitOption;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lists of 10,000 units, served a hundred a page as fleet v1 does.
class LargeListsTest {

  private static final int UNITS = 10_000;
  private static final int MACHINES = 200;
  private static final int PAGE = 100;

  private final Map<String, List<String>> pages = new TreeMap<>();

  @ParameterizedTest
  @CsvSource({
    "list-units, 101, 3",
    "list-unit-files, 101, 3",
    "list-unit-files --fields=unit;hash;dstate;state;global;desc, 101, 0",
    "list-units --fields=unit;load;active;sub;hash, 101, 0",
  })
  void tenThousandUnitsAreListedAndNothingIsAskedThatIsNotShown(
      String command, int unitPages, int machinePages) throws Exception {
    prepare();
    try (var api = new ServedApi(this::answer)) {
      var printed = new ByteArrayOutputStream();
      var console =
          new Console(
              InputStream.nullInputStream(),
              new PrintStream(printed, false, StandardCharsets.UTF_8),
              new PrintStream(OutputStream.nullOutputStream()),
              Map.of("FLEETCTL_ENDPOINT", api.endpoint()),
              Path.of(""));

      int status =
          Fleetctl.run(
              List.of(command.replace(';', ',').split(" ")),
              console,
              new PlayedMachine(Path.of("")),
              new PlayedTime());

      assertEquals(0, status);
      assertEquals(UNITS + 1, printed.toString(StandardCharsets.UTF_8).lines().count());
      assertEquals(
          machinePages, api.targets().stream().filter(t -> t.contains("/machines")).count());
      assertEquals(unitPages + machinePages, api.targets().size());
    }
  }

  private void prepare() {
    var units = new ArrayList<UnitResource>();
    var states = new ArrayList<UnitStateResource>();
    var options =
        List.of(
            new UnitOption("Unit", "Description", "The web, part %i"),
            new UnitOption("Service", "ExecStart", "/usr/bin/web --part %i --port 80"),
            new UnitOption("X-Fleet", "Conflicts", "web@*.service"));
    for (int i = 0; i < UNITS; i++) {
      String name = "web@" + i + ".service";
      String machine = machine(i % MACHINES);
      units.add(new UnitResource(name, "launched", "launched", machine, options));
      states.add(
          new UnitStateResource(
              name, "0".repeat(40), machine, "loaded", "active", "running", RunResource.NONE));
    }
    var machines = new ArrayList<MachineResource>();
    for (int i = 0; i < MACHINES; i++) {
      machines.add(new MachineResource(machine(i), "10.0.0." + i, new TreeMap<>()));
    }
    pages.put("units", pages(units, UnitResource.PAGE));
    pages.put("state", pages(states, UnitStateResource.PAGE));
    pages.put("machines", pages(machines, MachineResource.PAGE));
  }

  private static String machine(int number) {
    return "%032x".formatted(number * 7_919L + 1);
  }

  /// As fleet v1 made them: after a full page comes another, though it may be empty.
  private static <T> List<String> pages(List<T> items, JsonCodec<ListPage<T>> codec) {
    var pages = new ArrayList<String>();
    for (int from = 0; from <= items.size(); from += PAGE) {
      int to = Math.min(from + PAGE, items.size());
      String next = to == from + PAGE ? Integer.toString(pages.size() + 1) : "";
      pages.add(codec.write(new ListPage<>(items.subList(from, to), next)));
    }
    return pages;
  }

  private Response answer(Request request) {
    String target = request.target();
    String path = target.substring(0, target.indexOf('?'));
    int token = target.indexOf("nextPageToken=");
    int page = token < 0 ? 0 : Integer.parseInt(target.substring(token + 14));
    List<String> list = pages.getOrDefault(path.substring("/fleet/v1/".length()), List.of());
    return Response.ok(list.get(page));
  }
}
