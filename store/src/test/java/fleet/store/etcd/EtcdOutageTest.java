package fleet.store.etcd;

import static fleet.store.etcd.EtcdFixture.assertSays;
import static fleet.store.etcd.EtcdFixture.assertWithin;
import static fleet.store.etcd.EtcdFixture.awaitAnswer;
import static fleet.store.etcd.EtcdFixture.connect;
import static fleet.store.etcd.EtcdFixture.put;
import static fleet.store.etcd.EtcdFixture.since;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store.Change;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.StoreException;
import fleet.testing.store.Follower;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the client does while etcd is away, slow, or silent.
@Tag("slow")
final class EtcdOutageTest {

  private static final Duration LIMIT = EtcdOptions.DEFAULT_REQUEST_TIMEOUT;

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private RealEtcd etcd;
  private EtcdStore store;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    etcd = RealEtcd.start();
    store = connect(etcd.endpoint());
    awaitAnswer(store);
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    etcd.close();
  }

  @Test
  void whileEtcdIsStoppedEveryCallSaysSoInTimeAndAfterwardsWorksAtOnce() throws Exception {
    etcd.stop();

    long began = System.nanoTime();
    var failure = assertThrows(StoreException.Unavailable.class, () -> store.range("/fleet/"));
    assertWithin(LIMIT, since(began));
    assertSays("etcd " + etcd.endpoint() + ": range /fleet/: no answer within 1 s: ", failure);
    assertSays("Connection refused", failure);
    began = System.nanoTime();
    assertInstanceOf(Commit.Unknown.class, put(store, "a", "1"));
    assertWithin(LIMIT, since(began));
    try (var hasty = connect(Duration.ofMillis(200), etcd.endpoint())) {
      assertThrows(StoreException.Unavailable.class, () -> hasty.read("a"));
      assertThrows(StoreException.Unavailable.class, () -> hasty.keepAlive(1));
      assertThrows(StoreException.Unavailable.class, () -> hasty.grant(TEN_SECONDS));
      assertThrows(StoreException.Unavailable.class, () -> hasty.revoke(1));
    }

    etcd.startAgain();
    assertWithin(LIMIT, awaitAnswer(store));
  }

  @Test
  void callBegunWhileEtcdRestartsSucceeds() throws Exception {
    etcd.stop();
    Thread restart =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    etcd.startAgain();
                  } catch (IOException | InterruptedException failed) {
                    throw new AssertionError(failed);
                  }
                });
    try (var patient = connect(Duration.ofSeconds(30), etcd.endpoint())) {
      // Nothing has been sent until there is a connection, so even a commit can wait for one.
      assertInstanceOf(Commit.Applied.class, put(patient, "a", "1"));
    }
    restart.join();
  }

  @Test
  void watchGoesOnAfterARestartWithoutLossOrRepetition() throws Exception {
    List<String> written = new ArrayList<>();
    try (var follower = Follower.of(store, "counter", 1)) {
      for (int restart = 0; restart < 3; restart++) {
        for (int i = 0; i < 5; i++) {
          String value = restart + "." + i;
          assertInstanceOf(Commit.Applied.class, put(store, "counter", value));
          written.add(value);
        }
        if (restart == 1) {
          follower.await(written.size());
        }
        etcd.stop();
        etcd.startAgain();
        awaitAnswer(store);
      }

      List<Change> heard = follower.await(written.size());

      assertEquals(
          written, heard.stream().map(change -> ((Change.Put) change).entry().value()).toList());
    }
  }

  @Test
  void watchLearnsOfACompactionThatHappenedWhileItWasAway() throws Exception {
    long first = ((Commit.Applied) put(store, "a", "1")).revision();
    try (var follower = Follower.of(store, "a", first)) {
      follower.await(1);
      try (var proxy = new Proxy(etcd.endpoint());
          var behind = connect(proxy.endpoint());
          var cut = Follower.of(behind, "a", first)) {
        cut.await(1);
        proxy.cut();
        put(store, "a", "2");
        long third = ((Commit.Applied) put(store, "a", "3")).revision();
        etcd.ctl("compact", Long.toString(third));
        proxy.mend();

        assertEquals(third, cut.awaitCompacted().oldest());
      }
      assertEquals(3, follower.await(3).size());
    }
  }

  @Test
  void leaseSurvivesARestart() throws Exception {
    long lease = store.grant(Duration.ofSeconds(5));
    put(store, "leased", "", lease);

    etcd.stop();
    etcd.startAgain();
    awaitAnswer(store);

    assertTrue(store.keepAlive(lease));
    assertTrue(store.read("leased").isPresent());
  }

  @Test
  void etcdThatHangsIsUnavailableInTimeAndBackOnceItGoesOn() throws Exception {
    try (var follower = Follower.of(store, "a", store.range("").revision() + 1)) {
      etcd.suspend();

      long began = System.nanoTime();
      assertThrows(StoreException.Unavailable.class, () -> store.read("a"));
      assertWithin(LIMIT, since(began));
      began = System.nanoTime();
      var unknown = assertInstanceOf(Commit.Unknown.class, put(store, "a", "1"));
      assertWithin(LIMIT, since(began));
      assertTrue(unknown.cause().contains("commit of 1 changes, first of a"), unknown.cause());

      etcd.resume();
      assertWithin(LIMIT, awaitAnswer(store));
      assertInstanceOf(Commit.Applied.class, put(store, "a", "2"));
      follower.await("the last change", heard -> !heard.isEmpty() && isPutOf2(heard.getLast()));
    }
  }

  private static boolean isPutOf2(Change change) {
    return change instanceof Change.Put(_, var entry) && entry.value().equals("2");
  }

  @Test
  void networkThatIsCutIsNoticedAndLeftBehind() throws Exception {
    long now = store.range("").revision();
    try (var proxy = new Proxy(etcd.endpoint());
        var behind = connect(proxy.endpoint());
        var follower = Follower.of(behind, "a", now + 1)) {
      put(behind, "a", "1");
      follower.await(1);

      proxy.swallow(); // connections stay open and say nothing, as when a cable is pulled
      assertThrows(StoreException.Unavailable.class, () -> behind.read("a"));
      put(store, "a", "2");
      proxy.mend(); // for new connections; the old ones stay as they are

      long began = System.nanoTime();
      awaitAnswer(behind);
      assertEquals(2, follower.await(2).size());
      assertWithin(Duration.ofSeconds(2), since(began));
    }
  }

  @Test
  void nextEndpointIsTriedWhenOneIsAway() throws Exception {
    URI away;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      away = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    for (int i = 0; i < 4; i++) {
      try (var several = connect(away, etcd.endpoint());
          var follower = Follower.of(several, "key" + i, 1)) {
        assertInstanceOf(Commit.Applied.class, put(several, "key" + i, "1"));
        assertEquals(1, follower.await(1).size());
      }
    }
  }

  @Test
  void endpointThatSaysNothingIsLeftForTheNext() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI mute = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      try (var several = connect(mute, etcd.endpoint())) {
        Duration taken = awaitAnswer(several);
        assertWithin(LIMIT, taken);
      }
    }
  }

  @Test
  void nameThatCannotBeResolvedIsAClearError() {
    try (var client = connect(URI.create("http://nonexistent.invalid"))) {
      var failure = assertThrows(StoreException.Unavailable.class, () -> client.read("a"));

      assertSays("Unable to resolve host nonexistent.invalid", failure);
    }
  }

  @Test
  void endpointThatIsNoEtcdIsAClearError() throws Exception {
    try (var stranger = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var client = connect(URI.create("http://127.0.0.1:" + stranger.getLocalPort()))) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    var accepted = stranger.accept();
                    accepted
                        .getOutputStream()
                        .write(
                            "HTTP/1.1 400 Bad Request\r\n\r\n"
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    accepted.close();
                  }
                } catch (IOException closed) {
                  // The test is over.
                }
              });

      var failure = assertThrows(StoreException.Unavailable.class, () -> client.read("a"));

      assertSays("read a: ", failure);
    }
  }

  @Test
  void optionsThatCannotBeAreErrorsThatNameThem() {
    for (String bad : List.of("127.0.0.1:2379", "ftp://127.0.0.1", "http:///path", "http:x")) {
      var failure =
          assertThrows(IllegalArgumentException.class, () -> connect(URI.create("x:" + bad)));
      assertSays(bad, failure);
    }
    assertThrows(IllegalArgumentException.class, () -> connect());
    assertThrows(
        IllegalArgumentException.class, () -> connect(Duration.ZERO, URI.create("http://a:1")));
  }

  @Test
  void watchOfAStoreThatHasGoneBackInTimeReadsAnew() throws Exception {
    for (int i = 0; i < 10; i++) {
      put(store, "a", "before " + i);
    }
    try (var follower = Follower.of(store, "a", 1)) {
      follower.await(10);

      etcd.stop();
      etcd.wipe();
      etcd.startAgain();

      assertEquals(1, follower.awaitCompacted().oldest());
    }
  }

  @Test
  void callerWhoIsInterruptedStopsWaiting() throws Exception {
    etcd.suspend();
    Thread.currentThread().interrupt();

    assertThrows(InterruptedException.class, () -> store.read("a"));
  }
}
