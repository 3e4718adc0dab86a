package fleet.api.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.GivenOrderResource;
import fleet.api.TestCluster;
import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Order;
import fleet.cluster.OrderId;
import fleet.cluster.Outcome;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.cluster.env.SystemEnvironment;
import fleet.testing.store.MemoryStore;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Orders whose answers get lost.
class UnitOrdersTest {

  private static final String UNIT = "a.service";

  private final SystemEnvironment world = new SystemEnvironment();
  private final FlakyStore store = new FlakyStore(new MemoryStore(world));
  private TestCluster cluster;

  @BeforeEach
  void boot() throws Exception {
    cluster = new TestCluster(world, store, 100);
    cluster.desire(UNIT, "[Service]\nExecStart=/bin/true\n", TargetState.LAUNCHED);
  }

  @AfterEach
  void shutDown() {
    cluster.close();
  }

  @Test
  void orderWhoseAnswerIsLostIsGivenOnce() throws Exception {
    store.next(FlakyStore.Fate.ANSWER_LOST);

    assertEquals(1, number(order("one", "restart")));

    assertEquals(1, restarts());
  }

  @Test
  void orderThatIsSentAgainRestartsNothingOnceMore() throws Exception {
    assertEquals(1, number(order("one", "restart")));
    assertEquals(2, number(order("two", "restart")));
    assertEquals(1, number(order("one", "restart")));

    assertEquals(2, restarts());
  }

  @Test
  void orderThatIsSentAgainIsAnsweredWithWhatBecameOfIt() throws Exception {
    order("one", "start");
    Order one = unit().orders().find(new OrderId("one")).orElseThrow();
    var outcome =
        new Outcome(
            one, Outcome.Result.REFUSED, "masked", Outcome.Seen.NOTHING, Outcome.Seen.NOTHING);
    var state =
        new UnitState(
            TargetState.LAUNCHED,
            0,
            "loaded",
            "active",
            "running",
            Optional.of(unit().file().hash()),
            "success",
            "",
            List.of());
    cluster.machine("m1", "", new TreeMap<>());
    cluster.assign("m1", UNIT);
    cluster.report("m1", UNIT, state.ordered(List.of(outcome)));
    order("two", "start");

    Response again = order("one", "start");

    assertEquals(
        "{\"id\":\"one\",\"number\":1,\"outcomes\":[{\"id\":\"one\",\"kind\":\"start\","
            + "\"machineID\":\"m1\",\"number\":1,\"result\":\"refused\",\"words\":\"masked\"}]}",
        again.body());
  }

  @Test
  void orderThatNeverArrivedIsRepeated() throws Exception {
    store.next(FlakyStore.Fate.REQUEST_LOST, FlakyStore.Fate.REQUEST_LOST);

    assertEquals(1, number(order("one", "stop")));
  }

  @Test
  void creationInDoubtIsTold() throws Exception {
    store.next(FlakyStore.Fate.REQUEST_LOST);
    Response response =
        post(
            "new.service",
            "{\"id\":\"one\",\"kind\":\"start\",\"options\":[{\"section\":\"Service\","
                + "\"name\":\"ExecStart\",\"value\":\"/bin/true\"}]}");

    assertEquals(503, response.status());
    assertTrue(response.body().contains("may or may not have been made"), response.body());
  }

  @Test
  void whatFleetOneAsksForIsAnOrderOfItsOwn() throws Exception {
    put("loaded");
    put("launched");
    put("launched");
    put("inactive");
    put("loaded");

    assertEquals(
        List.of(Order.Kind.STOP, Order.Kind.START, Order.Kind.LOAD),
        cluster
            .registry()
            .unit(TestCluster.unit(UNIT))
            .orElseThrow()
            .value()
            .orElseThrow()
            .orders()
            .given()
            .stream()
            .map(given -> given.order().kind())
            .toList());
  }

  private long restarts() throws InterruptedException {
    return unit().restarts().everywhere();
  }

  private DesiredUnit unit() throws InterruptedException {
    return cluster.registry().unit(TestCluster.unit(UNIT)).orElseThrow().value().orElseThrow();
  }

  private static long number(Response response) {
    assertEquals(200, response.status(), response.body());
    return GivenOrderResource.JSON.read(response.body()).orElseThrow().number();
  }

  private Response order(String id, String kind) throws InterruptedException {
    return post(UNIT, "{\"id\":\"" + id + "\",\"kind\":\"" + kind + "\"}");
  }

  private Response post(String unit, String body) throws InterruptedException {
    return cluster
        .service()
        .handle(new Request("POST", "/fleet/v1/units/" + unit + "/orders", List.of(), body));
  }

  private void put(String target) throws InterruptedException {
    var json = List.of(new Header("Content-Type", "application/json"));
    var body = "{\"desiredState\":\"" + target + "\"}";
    Response response =
        cluster.service().handle(new Request("PUT", "/fleet/v1/units/" + UNIT, json, body));
    assertEquals(204, response.status());
  }
}
