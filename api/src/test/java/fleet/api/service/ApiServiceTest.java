package fleet.api.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.FixedClock;
import fleet.api.TestCluster;
import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import fleet.testing.store.MemoryStore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiServiceTest {

  private static final String OPTIONS =
      "{\"desiredState\":\"launched\",\"options\":"
          + "[{\"name\":\"ExecStart\",\"section\":\"Service\",\"value\":\"/bin/true\"}]}";

  private static final Response CREATED = done(201);
  private static final Response DONE = done(204);

  private final FixedClock world = new FixedClock();
  private final FlakyStore store = new FlakyStore(new MemoryStore(world));
  private TestCluster cluster;

  @BeforeEach
  void start() throws InterruptedException {
    cluster = new TestCluster(world, store, 100);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static Response done(int status) {
    return Response.done(status).with(new Header("Server", "fleetd/2.0.0"));
  }

  private Response send(String method, String target, String body) throws InterruptedException {
    var type = new Header("Content-Type", "application/json");
    return cluster.service().handle(new Request(method, target, List.of(type), body));
  }

  private Response get(String target) throws InterruptedException {
    return send("GET", target, "");
  }

  private Response put() throws InterruptedException {
    return send("PUT", "/fleet/v1/units/a.service", OPTIONS);
  }

  private Response target(String state) throws InterruptedException {
    return send("PUT", "/fleet/v1/units/a.service", "{\"desiredState\":\"" + state + "\"}");
  }

  private Response delete() throws InterruptedException {
    return send("DELETE", "/fleet/v1/units/a.service", "");
  }

  /// Somebody else writes the unit first.
  private static final FlakyStore.Fate OVERTAKEN =
      (good, when, then) -> {
        var other =
            "{\"contents\":\"[Service]\\nExecStart=/bin/other\\n\",\"target\":\"loaded\","
                + "\"generation\":3}";
        good.commit(List.of(), List.of(new Op.Put(then.getFirst().key(), other, 0)));
        return good.commit(when, then);
      };

  /// The answer is lost, and somebody else writes the unit afterwards.
  private static final FlakyStore.Fate LOST_AND_OVERTAKEN =
      (good, when, then) -> {
        Commit overtaken = OVERTAKEN.meet(good, when, then);
        return new Commit.Unknown("connection reset after " + overtaken);
      };

  @Test
  void everyAnswerButThatOfAServerThatIsAwayNamesTheServer() throws InterruptedException {
    var server = new Header("Server", "fleetd/2.0.0");

    assertTrue(get("/fleet/v1/units").headers().contains(server));
    assertTrue(get("/nothing").headers().contains(server));
    assertTrue(get("//").headers().contains(server));
    cluster.available(new Availability.Away("starting", FixedClock.NOW));
    assertEquals(
        List.of(new Header("Content-Type", "application/json")), get("/fleet/v1/units").headers());
  }

  @Test
  void theDescriptionOfTheApiIsUnderBothPrefixes() throws InterruptedException {
    assertEquals(Discovery.DOCUMENT, get("/fleet/v1/discovery").body());
    assertEquals(Discovery.DOCUMENT, get("/v1-alpha/discovery?alt=json").body());
  }

  @Test
  void aWriteWhoseAnswerIsLostIsFoundToHaveHappened() throws InterruptedException {
    store.next(FlakyStore.Fate.ANSWER_LOST);
    assertEquals(CREATED, put());

    store.next(FlakyStore.Fate.ANSWER_LOST);
    assertEquals(DONE, delete());
    assertEquals(404, get("/fleet/v1/units/a.service").status());
  }

  @Test
  void aWriteThatNeverArrivesIsRepeated() throws InterruptedException {
    assertEquals(CREATED, put());

    store.next(FlakyStore.Fate.REQUEST_LOST, FlakyStore.Fate.REQUEST_LOST);
    assertEquals(DONE, target("loaded"));

    store.next(FlakyStore.Fate.REQUEST_LOST);
    assertEquals(DONE, delete());
  }

  /// It may have been made, and replaced by others, who were told that theirs is done.
  @Test
  void aWriteInDoubtIsNotRepeatedOverOthers() throws InterruptedException {
    store.next(FlakyStore.Fate.REQUEST_LOST);
    assertTrue(doubted(put()), "it may have been created and destroyed");

    assertEquals(CREATED, put());
    store.next(LOST_AND_OVERTAKEN);
    assertTrue(doubted(target("loaded")));

    store.next(LOST_AND_OVERTAKEN);
    assertTrue(doubted(delete()));
    assertEquals(200, get("/fleet/v1/units/a.service").status());
  }

  private static boolean doubted(Response response) {
    return response.status() == 503 && response.body().contains("may or may not have been made");
  }

  @Test
  void aWriteThatIsOvertakenIsDecidedAnew() throws InterruptedException {
    store.next(OVERTAKEN, OVERTAKEN);

    assertEquals(CREATED, put());
    assertEquals(
        "{\"currentState\":\"inactive\",\"desiredState\":\"launched\",\"name\":\"a.service\","
            + "\"options\":[{\"name\":\"ExecStart\",\"section\":\"Service\","
            + "\"value\":\"/bin/true\"}]}",
        get("/fleet/v1/units/a.service").body());
    var unit = cluster.registry().unit(TestCluster.unit("a.service")).orElseThrow();
    assertEquals(3, unit.value().orElseThrow().restarts().everywhere());
  }

  @Test
  void aWriteThatIsAlwaysOvertakenGivesUp() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      store.next(OVERTAKEN);
    }

    assertEquals(
        "{\"error\":{\"code\":409,\"message\":\"unit a.service was changed by others 12 times in a"
            + " row; try again\"}}",
        put().body());
  }

  @Test
  void aWriteThatStaysInDoubtSaysSo() throws InterruptedException {
    store.next(
        (_, _, _) -> {
          store.fail(new StoreException.Unavailable("no answer from etcd"));
          return new Commit.Unknown("connection reset");
        });

    assertEquals(
        "{\"error\":{\"code\":503,\"message\":\"fleet server unable to communicate with etcd: the"
            + " change to unit a.service may or may not have been made: connection reset\"}}",
        put().body());
  }

  @Test
  void aStoreThatDoesNotAnswerIsNamed() throws InterruptedException {
    store.fail(new StoreException.Unavailable("no answer from http://10.0.0.1:2379"));

    String expected =
        "{\"error\":{\"code\":503,\"message\":\"fleet server unable to communicate with etcd: no"
            + " answer from http://10.0.0.1:2379\"}}";
    assertEquals(expected, get("/fleet/v1/units").body());
    assertEquals(expected, put().body());
    assertEquals(expected, delete().body());

    store.recover();
    assertEquals(200, get("/fleet/v1/units").status());
  }

  @Test
  void aStoreWhoseDiskTakesNothingIsNamedWithItsDisk() throws InterruptedException {
    String why = "/var/lib/fleet/store.mv: nothing can be stored: No space left on device";
    store.fail(new StoreException.Unwritable(why, new IllegalStateException("full")));

    assertEquals(
        "{\"error\":{\"code\":503,\"message\":\"fleet server unable to communicate with etcd: "
            + why
            + "\"}}",
        put().body());
  }

  @Test
  void aStoreThatRefusesIsQuoted() throws InterruptedException {
    store.fail(new StoreException.Denied("etcd: permission denied"));

    String expected = "{\"error\":{\"code\":500,\"message\":\"etcd: permission denied\"}}";
    assertEquals(expected, get("/fleet/v1/state").body());
    assertEquals(expected, put().body());
  }

  @Test
  void whoeverWritesReadsItBackEvenIfTheWatchLags() throws InterruptedException {
    assertEquals("{}", get("/fleet/v1/units").body());
    store.lag();

    assertEquals(CREATED, put());
    assertEquals(200, get("/fleet/v1/units/a.service").status());
    assertEquals(2, store.ranges());
  }

  @Test
  void readersShareOneMirror() throws InterruptedException {
    get("/fleet/v1/units");
    get("/fleet/v1/machines");
    get("/fleet/v1/state");

    assertEquals(1, store.ranges());
    assertEquals(1, store.watches());
  }

  @Test
  void aServiceThatIsClosedTurnsReadersAway() throws InterruptedException {
    get("/fleet/v1/units");
    cluster.service().close();

    assertEquals(
        "{\"error\":{\"code\":503,\"message\":\"fleet server unable to communicate with etcd: this"
            + " server is shutting down\"}}",
        get("/fleet/v1/units").body());
  }

  @Test
  void aTextThatNoStoreTakesIsRefusedWithAReason() throws InterruptedException {
    String large = "x".repeat(500);
    var options = new StringBuilder("{\"options\":[");
    for (int i = 0; i < 4000; i++) {
      options
          .append(i == 0 ? "" : ",")
          .append("{\"section\":\"A\",\"name\":\"B\",\"value\":\"")
          .append(large)
          .append("\"}");
    }

    Response response = send("PUT", "/fleet/v1/units/a.service", options.append("]}").toString());

    assertEquals(400, response.status());
    assertTrue(response.body().contains("too long"), response.body());
  }
}
