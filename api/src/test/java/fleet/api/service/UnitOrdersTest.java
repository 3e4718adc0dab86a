package fleet.api.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.TestCluster;
import fleet.api.WireReader;
import fleet.cluster.Order;
import fleet.cluster.TargetState;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.MemoryStore;
import java.util.List;
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
    var unit = cluster.registry().unit(TestCluster.unit(UNIT)).orElseThrow().value().orElseThrow();
    return unit.restarts().everywhere();
  }

  private static long number(Response response) {
    assertEquals(200, response.status(), response.body());
    return WireReader.givenOrder(response.body()).orElseThrow().number();
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
