package fleet.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.ExplanationResource;
import fleet.api.GivenOrderResource;
import fleet.api.MachineResource;
import fleet.api.OrderResource;
import fleet.api.RunResource;
import fleet.api.TestCluster;
import fleet.api.UnitResource;
import fleet.api.UnitStateResource;
import fleet.api.http.HttpServer;
import fleet.api.http.ListenAddress;
import fleet.api.http.Listener;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.SystemEnvironment;
import fleet.unit.UnitOption;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The client against the real server.
@Timeout(300)
class FleetClientTest {

  private static final List<UnitOption> OPTIONS =
      List.of(new UnitOption("Service", "ExecStart", "/bin/echo \"<é\ud83d\ude80>\""));

  @TempDir private Path directory;

  private TestCluster cluster;
  private HttpServer server;
  private List<FleetClient> clients;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    var environment = new SystemEnvironment();
    cluster = new TestCluster(environment, 3);
    server =
        HttpServer.start(
            cluster.service()::handle,
            environment,
            HttpServer.Limits.USUAL,
            List.of(
                Listener.on(new ListenAddress.Unix(directory.resolve("fleet.sock"))),
                Listener.on(new ListenAddress.Tcp("127.0.0.1", 0))));
    clients =
        server.addresses().stream()
            .map(address -> Endpoint.parse(address).orElseThrow())
            .map(endpoint -> new FleetClient(endpoint, TlsFiles.NONE))
            .toList();
  }

  @AfterEach
  void stop() throws IOException {
    clients.forEach(FleetClient::close);
    server.close();
    cluster.close();
  }

  private static UnitResource unit(String name, String state) {
    return new UnitResource(name, state, "", "", OPTIONS);
  }

  @Test
  void aUnitIsPutShownAndDestroyed() {
    for (FleetClient client : clients) {
      assertEquals(Optional.empty(), client.unit("a@1.service"));

      client.put(unit("a@1.service", ""));
      client.put(new UnitResource("a@1.service", "launched", "", "", List.of()));

      assertEquals(
          Optional.of(new UnitResource("a@1.service", "launched", "inactive", "", OPTIONS)),
          client.unit("a@1.service"));
      assertTrue(client.destroy("a@1.service"));
      assertFalse(client.destroy("a@1.service"));
    }
  }

  @Test
  void listsAreReadPageByPage() throws InterruptedException {
    var names = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      names.add("u" + i + ".service");
      cluster.desire(names.getLast(), "[Service]\nExecStart=/bin/true", TargetState.LOADED);
      cluster.machine("m" + i, "10.0.0." + i, new TreeMap<>(Map.of("n", "" + i)));
      cluster.report(
          "m" + i,
          names.getLast(),
          new UnitState(
              TargetState.LOADED,
              0,
              "loaded",
              "inactive",
              "dead",
              Optional.empty(),
              "",
              "",
              List.of()));
    }
    for (FleetClient client : clients) {
      assertEquals(names, client.units().stream().map(UnitResource::name).toList());
      assertEquals(
          names, client.explanations(names).stream().map(ExplanationResource::name).toList());
      assertEquals(names, client.states().stream().map(UnitStateResource::name).toList());
      assertEquals(
          new UnitStateResource(
              "u3.service", "", "m3", "loaded", "inactive", "dead", RunResource.NONE),
          client.states().get(names.indexOf("u3.service")));
      assertEquals(7, client.machines().size());
      assertEquals(
          new MachineResource("m0", "10.0.0.0", new TreeMap<>(Map.of("n", "0"))),
          client.machines().getFirst());
    }
  }

  @Test
  void anyNumberOfNamesCanBeExplained() throws InterruptedException {
    var names = new ArrayList<String>();
    for (int i = 0; i < 1000; i++) {
      names.add("a-unit-with-quite-a-long-name@" + i + ".service");
    }
    for (int i : List.of(0, 499, 999)) {
      cluster.desire(names.get(i), "[Service]\nExecStart=/bin/true", TargetState.LOADED);
    }

    for (FleetClient client : clients) {
      assertEquals(
          List.of(names.get(0), names.get(499), names.get(999)),
          client.explanations(names).stream().map(ExplanationResource::name).toList());
      assertEquals(List.of(), client.explanations(List.of()));
    }
  }

  @Test
  void aUnitIsRestartedEverywhereOrOnOneMachine() throws InterruptedException {
    cluster.machine("m1", "10.0.0.1", new TreeMap<>());
    cluster.desire("a.service", "[Service]\nExecStart=/bin/true", TargetState.LAUNCHED);
    cluster.assign("m1", "a.service");

    FleetClient client = clients.getFirst();
    var everywhere = new OrderResource("one", "restart", "", List.of());
    var here = new OrderResource("two", "restart", "m1", List.of());
    var elsewhere = new OrderResource("three", "restart", "m2", List.of());
    assertEquals(
        new GivenOrderResource("one", 1, 1, List.of()), client.order("a.service", everywhere));
    assertEquals(new GivenOrderResource("two", 2, 2, List.of()), client.order("a.service", here));
    var e = assertThrows(ApiException.class, () -> client.order("a.service", elsewhere));
    assertEquals(409, e.code());
  }

  @Test
  void theServersWordsArePassedOn() {
    for (FleetClient client : clients) {
      var e = assertThrows(ApiException.class, () -> client.put(unit("nothing", "")));
      assertEquals(400, e.code());
      assertEquals("Error 400: unit name must contain \".\"", e.getMessage());
    }
  }

  @Test
  void aUnitOfAnyNameAndSizeArrives() {
    String large = "x".repeat(1_000_000);
    for (FleetClient client : clients) {
      var unit =
          new UnitResource(
              "a:b-c_d\\x2d.e@f.service",
              "inactive",
              "inactive",
              "",
              List.of(new UnitOption("Service", "ExecStart", large)));
      client.put(unit);
      assertEquals(Optional.of(unit), client.unit(unit.name()));
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedInTheServersWords() {
    String large = "x".repeat(30_000_000);
    for (FleetClient client : clients) {
      var unit =
          new UnitResource("a.service", "", "", "", List.of(new UnitOption("A", "B", large)));
      var e = assertThrows(ApiException.class, () -> client.put(unit));
      assertEquals("Error 413: the body is longer than 2097152 bytes", e.getMessage());
      assertEquals(List.of(), client.units());
    }
  }

  @Test
  void aServerThatVanishesIsNamedAndOneThatReturnsIsFound() throws IOException {
    FleetClient client = clients.getFirst();
    assertEquals(List.of(), client.units());

    server.close();
    var e = assertThrows(Unreachable.class, client::units);
    assertEquals(server.addresses().getFirst(), e.endpoint().text());
    assertEquals(
        "no answer from "
            + server.addresses().getFirst()
            + ": cannot connect: there is no socket; is fleetd running here?",
        e.getMessage());

    server =
        HttpServer.start(
            cluster.service()::handle,
            new SystemEnvironment(),
            HttpServer.Limits.USUAL,
            List.of(Listener.on(new ListenAddress.Unix(directory.resolve("fleet.sock")))));
    assertEquals(List.of(), client.units());
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    Endpoint closed = Endpoint.parse(server.addresses().getLast()).orElseThrow();
    try (var impatient =
        new FleetClient(
            closed, TlsFiles.NONE, Duration.ofSeconds(5), Trace.NONE, RetryPolicy.NEVER)) {
      server.close();
      var e = assertThrows(Unreachable.class, impatient::units);
      assertEquals(
          "no answer from " + closed.text() + ": cannot connect: Connection refused",
          e.getMessage());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
