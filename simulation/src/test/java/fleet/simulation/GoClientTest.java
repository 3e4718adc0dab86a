package fleet.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.api.UnitResource;
import fleet.api.UnitStateResource;
import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What fleet v1's client asks of the API, request by request and with its pauses
/// (`fleetctl/fleetctl.go`, `fleetctl/restart.go`, `fleetctl/start.go`), with engines and agents
/// behind it: it comes to its end, the unit runs on, and what it is told at every look is true.
@Tag("slow")
class GoClientTest {

  private static final String UNIT = "web.service";
  private static final UnitName.Placeable NAME =
      (UnitName.Placeable) UnitName.parse(UNIT).orElseThrow();
  private static final String OLD = "[Service]\nExecStart=/bin/run\n";
  private static final String NEW = "[Service]\nExecStart=/bin/run --new\n";

  /// fleet v1's client looks at a unit that often, the first time after as long.
  private static final Duration PERIOD = Duration.ofMillis(250);

  private static final int MOST_LOOKS = 200;

  private static final String CLIENT = "google-api-go-client/0.5";
  private static final String SOMEBODY_ELSE = "curl/8.5.0";

  /// Each test boots it, with a seed of its own.
  @SuppressWarnings("NullAway.Init")
  private World world;

  private final List<String> untrue = new ArrayList<>();

  @AfterEach
  void end() {
    world.environment.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void restartReturnsAndTheUnitRunsOn(long seed) {
    boot(seed);
    List<String> before = new ArrayList<>();
    var looks = new ArrayList<String>();
    play(
        () -> {
          before.addAll(starts());
          get("units/" + UNIT);
          get("units");
          put("loaded", List.of());
          looks.addAll(await("launched"));
          put("launched", List.of());
          looks.addAll(await("launched"));
        });

    assertEquals(List.of(), untrue);
    assertEquals("launched", looks.getLast());
    assertEquals(1, runningOn().size(), "runs on " + runningOn());
    assertEquals(before.size() + 1, starts().size(), starts().toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void replacementReturnsOnceTheNewTextRuns(long seed) {
    boot(seed);
    var looks = new ArrayList<String>();
    var states = new ArrayList<String>();
    play(
        () -> {
          get("units/" + UNIT);
          put("", options(NEW));
          looks.addAll(await("inactive"));
          get("units/" + UNIT);
          put("launched", List.of());
          looks.addAll(await("launched"));
          states.addAll(awaitActive());
        });

    assertEquals(List.of(), untrue);
    assertEquals("launched", looks.getLast());
    assertEquals("loaded active", states.getLast());
    assertEquals(1, runningOn().size(), "runs on " + runningOn());
    assertEquals(
        new OnDisk.Present(UnitFile.parse(NEW).orElseThrow().hash()),
        runningOn().getFirst().systemd.peek(NAME).file());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void textThatTakesAnothersPlaceIsLaunchedOnlyOnceItRuns(long seed) {
    boot(seed);
    play(
        () -> {
          put("launched", options(NEW));
          await("launched");
        });

    assertEquals(List.of(), untrue);
    assertEquals(1, runningOn().size(), "runs on " + runningOn());
  }

  /// Three machines, of which one runs the unit.
  private void boot(long seed) {
    world = new World(seed, new Shape(3, 0, Duration.ofSeconds(3), Duration.ofHours(1)));
    world.run(Climate.CALM, Duration.ofSeconds(10));
    play(
        () -> {
          put("launched", options(OLD));
          await("launched");
        });
    world.run(Climate.CALM, Duration.ofSeconds(5));
    assertEquals(1, runningOn().size(), "runs on " + runningOn());
  }

  private interface Story {
    void play() throws InterruptedException;
  }

  private void play(Story story) {
    var ended = new ArrayList<Boolean>();
    world.environment.fork(
        "client",
        () -> {
          story.play();
          ended.add(true);
        });
    world.environment.fork(
        "somebody else",
        () -> {
          while (ended.isEmpty()) {
            Response response = send(SOMEBODY_ELSE, "GET", "units/" + UNIT, "");
            if (response.status() == 200) {
              verify(UnitResource.JSON.read(response.body()).orElseThrow());
            }
            world.environment.sleep(Duration.ofMillis(2));
          }
        });
    world.run(Climate.CALM, Duration.ofSeconds(60));
    assertEquals(List.of(true), ended, "the client waits for ever");
  }

  private List<SimulatedMachine> runningOn() {
    return world.machines.stream().filter(machine -> machine.runs(UNIT)).toList();
  }

  /// All starts of the unit that systemd has been asked for, on any machine.
  private List<String> starts() {
    return world.machines.stream()
        .flatMap(machine -> machine.systemd.history().stream())
        .filter(line -> line.equals("start " + UNIT) || line.equals("restart " + UNIT))
        .toList();
  }

  /// Looks until the unit is in a state, as fleet v1's client does.
  ///
  /// @return the states that it was told
  private List<String> await(String state) throws InterruptedException {
    var told = new ArrayList<String>();
    while (told.isEmpty() || !told.getLast().equals(state)) {
      assertTrue(told.size() < MOST_LOOKS, "it is never " + state + ", but " + told);
      world.environment.sleep(PERIOD);
      UnitResource unit = UnitResource.JSON.read(get("units/" + UNIT)).orElseThrow();
      told.add(unit.currentState());
      verify(unit);
    }
    return told;
  }

  private List<String> awaitActive() throws InterruptedException {
    var told = new ArrayList<String>();
    while (told.isEmpty() || !told.getLast().equals("loaded active")) {
      assertTrue(told.size() < MOST_LOOKS, "it is never active, but " + told);
      world.environment.sleep(PERIOD);
      var state =
          UnitStateResource.PAGE.read("{\"states\":[" + get("state/" + UNIT) + "]}").orElseThrow();
      told.add(
          state.items().getFirst().systemdLoadState()
              + " "
              + state.items().getFirst().systemdActiveState());
    }
    return told;
  }

  /// Notes what is said of the unit and is not so. Of one that is to be stopped it is no lie for
  /// the moment that its machine takes to stop it and to say so.
  private void verify(UnitResource unit) {
    if (!unit.currentState().equals("launched") || !unit.desiredState().equals("launched")) {
      return;
    }
    var text = new UnitFile(unit.options()).normalized().orElseThrow().hash();
    for (SimulatedMachine machine : world.machines) {
      if (machine.id.text().equals(unit.machineId()) && runsText(machine, text)) {
        return;
      }
    }
    untrue.add(
        "at "
            + world.environment.uptime()
            + " it is not launched on "
            + unit.machineId()
            + " in its present text");
  }

  /// Whether what runs there was started after the text came.
  private static boolean runsText(SimulatedMachine machine, fleet.unit.UnitHash text) {
    List<String> history = machine.systemd.history();
    int installed = -1;
    int started = -1;
    for (int i = 0; i < history.size(); i++) {
      String line = history.get(i);
      installed = line.startsWith("install") && line.contains(UNIT) ? i : installed;
      started = line.equals("start " + UNIT) || line.equals("restart " + UNIT) ? i : started;
    }
    return machine.runs(UNIT)
        && machine.systemd.peek(NAME).file().equals(new OnDisk.Present(text))
        && installed < started;
  }

  private static List<UnitOption> options(String text) {
    return UnitFile.parse(text).orElseThrow().options();
  }

  private void put(String state, List<UnitOption> options) throws InterruptedException {
    var unit = new UnitResource(UNIT, state, "", "", options);
    Response response = send(CLIENT, "PUT", "units/" + UNIT, UnitResource.JSON.write(unit));
    assertTrue(response.status() < 300, response.body());
  }

  private String get(String resource) throws InterruptedException {
    Response response = send(CLIENT, "GET", resource, "");
    assertEquals(200, response.status(), response.body());
    return response.body();
  }

  private Response send(String agent, String method, String resource, String body)
      throws InterruptedException {
    String target = "/fleet/v1/" + resource + "?alt=json";
    var headers =
        List.of(new Header("User-Agent", agent), new Header("Content-Type", "application/json"));
    Optional<Response> answer =
        world.machines.getFirst().ask(new Request(method, target, headers, body));
    return answer.orElseThrow();
  }
}
