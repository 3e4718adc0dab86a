package fleet.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.TestCluster;
import fleet.api.service.Header;
import fleet.api.service.Request;
import fleet.api.service.Response;
import fleet.cluster.TargetState;
import fleet.cluster.env.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpServerTest {

  private static final HttpServer.Limits SMALL =
      new HttpServer.Limits(1000, 3000, 2000, 4096, Duration.ofSeconds(20), Duration.ofSeconds(5));

  private static final String GET_UNITS = "GET /fleet/v1/units HTTP/1.1\r\nHost: x\r\n\r\n";

  @TempDir private Path directory;

  private final SystemEnvironment environment = new SystemEnvironment();
  private TestCluster cluster;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    cluster = new TestCluster(environment, 100);
    server = serve(cluster.service()::handle, SMALL);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    cluster.close();
  }

  private HttpServer serve(HttpServer.Handler handler, HttpServer.Limits limits)
      throws IOException {
    return HttpServer.start(
        handler,
        environment,
        limits,
        List.of(
            Listener.on(new ListenAddress.Unix(directory.resolve("fleet.sock"))),
            Listener.on(new ListenAddress.Tcp("127.0.0.1", 0))));
  }

  /// Replaces the server by one with another handler or other limits.
  private void restart(HttpServer.Handler handler, HttpServer.Limits limits) throws IOException {
    server.close();
    server = serve(handler, limits);
  }

  private static HttpServer.Limits patient(long millis) {
    return new HttpServer.Limits(
        1000, 3000, 2000, 4096, Duration.ofMillis(millis), Duration.ofSeconds(5));
  }

  private String exchange(String address, String request) throws IOException {
    try (var client = new RawClient(address)) {
      return client.send(request).rest();
    }
  }

  private String exchange(String request) throws IOException {
    return exchange(server.addresses().getLast(), request);
  }

  /// Lines as HTTP has them.
  private static String http(String text) {
    return text.replace("\n", "\r\n");
  }

  private static String closing(String request) {
    return request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
  }

  private static Response ok(Request request) {
    return new Response(200, List.of(new Header("X-Length", "" + request.body().length())), "ok");
  }

  @Test
  void answersAreExactlyWhatClientsOfFleetV1Expect() throws IOException, InterruptedException {
    cluster.desire("a.service", "[Service]\nExecStart=/bin/a <é>", TargetState.LOADED);

    for (String address : server.addresses()) {
      assertEquals(
          http(
              """
              HTTP/1.1 200 OK
              Content-Type: application/json
              Server: fleetd/2.0.0
              connection: close
              content-length: 167

              {"units":[{"currentState":"inactive","desiredState":"loaded","name":"a.service",\
              "options":[{"name":"ExecStart","section":"Service","value":"/bin/a \\u003cÃ©\\u003e"}]}]}\
              """),
          exchange(address, closing(GET_UNITS)));
    }
  }

  @Test
  void answersWithoutBodyHaveNone() throws IOException {
    String put =
        """
        PUT /fleet/v1/units/a.service HTTP/1.1
        Host: x
        Content-Type: application/json
        Content-Length: %d
        Connection: close

        %s\
        """;
    String options =
        "{\"options\":[{\"name\":\"ExecStart\",\"section\":\"Service\",\"value\":\"/bin/a\"}]}";
    String state = "{\"desiredState\":\"loaded\"}";

    assertEquals(
        http(
            """
            HTTP/1.1 201 Created
            Server: fleetd/2.0.0
            connection: close
            content-length: 0

            """),
        exchange(http(put.formatted(options.length(), options))));
    assertEquals(
        http(
            """
            HTTP/1.1 204 No Content
            Server: fleetd/2.0.0
            connection: close

            """),
        exchange(http(put.formatted(state.length(), state))));
  }

  @Test
  void aHeadRequestIsAnsweredWithoutTheBodyOfItsError() throws IOException {
    assertEquals(
        http(
            """
            HTTP/1.1 405 Method Not Allowed
            Content-Type: application/json
            Server: fleetd/2.0.0
            Content-Length: 75
            connection: close

            """),
        exchange(closing(GET_UNITS).replace("GET", "HEAD")));
  }

  @Test
  void aConnectionCarriesManyRequests() throws IOException {
    try (var client = new RawClient(server.addresses().getFirst())) {
      for (int i = 0; i < 3; i++) {
        assertTrue(client.send(GET_UNITS).until("{}").startsWith("HTTP/1.1 200 OK\r\n"));
      }
      String pipelined = client.send(GET_UNITS + GET_UNITS + closing(GET_UNITS)).rest();
      assertEquals(3, pipelined.split("HTTP/1.1 200 OK", -1).length - 1);
    }
  }

  @Test
  void bytesThatAreNoRequestAreRefusedAndDisturbNobody() throws IOException {
    for (String garbage :
        List.of(
            "\r\n\r\n\0\u0001\u0002\u00ff\r\n\r\n",
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n",
            "GET\r\n\r\n",
            "GET /fleet/v1/units HTTP/9.9\r\n\r\n",
            "PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")) {
      String answer = exchange(garbage);
      assertTrue(
          answer.isEmpty() || answer.matches("(?s)HTTP/\\d\\.\\d (400|501) [^\r]*\r\n.*"), answer);
    }
    assertTrue(exchange(closing(GET_UNITS)).endsWith("\r\n\r\n{}"));
  }

  @Test
  void headsThatAreTooLongAreRefused() throws IOException {
    String address = "GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    String header = closing(GET_UNITS).replace("Host: x", "Host: " + "x".repeat(5000));

    String refusal = exchange(address);
    assertTrue(refusal.startsWith("HTTP/1.0 414 "), refusal);
    assertTrue(
        refusal.endsWith(
            "{\"error\":{\"code\":414,\"message\":\"the address is longer than 4096"
                + " bytes\"}}"));
    assertTrue(exchange(header).startsWith("HTTP/1.1 431 "));
  }

  @Test
  void bodiesThatAreTooLongAreRefusedWhenTheyAreSent() throws IOException {
    String head = "PUT /fleet/v1/units/a.service HTTP/1.1\r\nHost: x\r\n";
    String refusal =
        "{\"error\":{\"code\":413,\"message\":\"the body is longer than 1000 bytes\"}}";

    for (String request :
        List.of(
            head + "Content-Length: 1001\r\n\r\n" + "x".repeat(1001),
            head + "Content-Length: 17000\r\n\r\n",
            head + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n",
            head
                + "Transfer-Encoding: chunked\r\n\r\n"
                + ("64\r\n" + "x".repeat(100) + "\r\n").repeat(11)
                + "0\r\n\r\n",
            head
                + "Transfer-Encoding: chunked\r\n\r\n"
                + ("64\r\n" + "x".repeat(100) + "\r\n").repeat(170))) {
      String answer = exchange(request);
      assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
      assertTrue(answer.endsWith(refusal), answer);
    }
  }

  @Test
  void aClientThatAsksFirstIsToldToGoOn() throws IOException {
    restart(HttpServerTest::ok, SMALL);
    try (var client = new RawClient(server.addresses().getLast())) {
      client.send(
          http(
              """
              PUT / HTTP/1.1
              Host: x
              Content-Length: 3
              Expect: 100-continue
              Connection: close

              """));
      assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.until("\r\n\r\n"));
      assertTrue(client.send("abc").rest().contains("X-Length: 3"));
    }
  }

  @Test
  void bodiesTogetherAreBoundedToo() throws Exception {
    var held = new CountDownLatch(1);
    var arrived = new CountDownLatch(3);
    restart(
        request -> {
          arrived.countDown();
          held.await();
          return ok(request);
        },
        SMALL);
    String put =
        "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\nConnection: close\r\n\r\n"
            + "x".repeat(900);

    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(new RawClient(server.addresses().getLast()).send(put));
    }
    arrived.await();
    assertTrue(exchange(put).startsWith("HTTP/1.1 503 "));
    held.countDown();
    for (RawClient client : clients) {
      assertTrue(client.rest().startsWith("HTTP/1.1 200 "));
      client.close();
    }
    assertTrue(exchange(put).startsWith("HTTP/1.1 200 "));
  }

  @Test
  void aClientThatStallsIsLeft() throws IOException {
    restart(HttpServerTest::ok, patient(200));

    assertEquals("", exchange(""));
    assertEquals("", exchange("GET / HT"));
    assertEquals("", exchange("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"));
    assertTrue(exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").endsWith("ok"));
  }

  @Test
  void aClientThatSendsAByteNowAndThenIsLeft() throws Exception {
    restart(HttpServerTest::ok, patient(300));
    try (var client = new RawClient(server.addresses().getFirst());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> sent =
          threads.submit(
              () -> {
                int count = 0;
                try {
                  client.send("GET / HTTP/1.1\r\nX: ");
                  while (count < 1000) {
                    client.send("x");
                    count++;
                    Thread.sleep(20);
                  }
                } catch (IOException closed) {
                  // As it should be.
                }
                return count;
              });
      assertEquals("", client.rest());
      assertTrue(sent.get() < 500);
    }
  }

  @Test
  void aRequestMayTakeLongerThanItsClientMay() throws IOException {
    restart(
        request -> {
          Thread.sleep(700);
          return ok(request);
        },
        patient(200));

    assertTrue(exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").endsWith("ok"));
  }

  @Test
  void aThousandClientsAreServedTogether() throws Exception {
    var together = new CountDownLatch(1000);
    restart(
        request -> {
          together.countDown();
          together.await();
          return cluster.service().handle(request);
        },
        SMALL);
    List<Callable<String>> clients = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String address = server.addresses().get(i % 2);
      clients.add(() -> exchange(address, closing(GET_UNITS)));
    }

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> answer : threads.invokeAll(clients)) {
        assertTrue(answer.get().startsWith("HTTP/1.1 200 OK\r\n"), answer::resultNow);
      }
    }
  }

  @Test
  void moreRequestsThanCanBeAnsweredAreRefused() throws Exception {
    var held = new CountDownLatch(1);
    var arrived = new CountDownLatch(2);
    restart(
        request -> {
          arrived.countDown();
          held.await();
          return ok(request);
        },
        new HttpServer.Limits(1000, 3000, 2, 4096, Duration.ofSeconds(20), Duration.ofSeconds(5)));
    String address = server.addresses().getFirst();

    try (var one = new RawClient(address).send(closing(GET_UNITS));
        var two = new RawClient(address).send(closing(GET_UNITS))) {
      arrived.await();
      assertTrue(exchange(closing(GET_UNITS)).startsWith("HTTP/1.1 503 "));
      held.countDown();
      assertTrue(one.rest().endsWith("ok"));
      assertTrue(two.rest().endsWith("ok"));
    }
    assertTrue(exchange(closing(GET_UNITS)).endsWith("ok"));
  }

  @Test
  void aHandlerThatFailsIsNotTheEnd() throws IOException {
    var calls = new AtomicInteger();
    restart(
        request -> {
          if (calls.incrementAndGet() == 1) {
            throw new IllegalStateException("a bug");
          }
          return ok(request);
        },
        SMALL);

    assertTrue(
        exchange(closing(GET_UNITS))
            .endsWith(
                "{\"error\":{\"code\":500,\"message\":\"this server has failed:"
                    + " java.lang.IllegalStateException: a bug\"}}"));
    assertTrue(exchange(closing(GET_UNITS)).endsWith("ok"));
  }

  @Test
  void aServerThatClosesAnswersWhatItHasBegun() throws Exception {
    var held = new CountDownLatch(1);
    var arrived = new CountDownLatch(1);
    restart(
        request -> {
          arrived.countDown();
          held.await();
          return ok(request);
        },
        SMALL);
    String address = server.addresses().getLast();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var busy = new RawClient(address).send(GET_UNITS);
        var idle = new RawClient(address)) {
      arrived.await();
      Future<?> closing =
          threads.submit(
              () -> {
                server.close();
                return null;
              });
      assertEquals("", idle.rest());
      assertThrows(IOException.class, () -> exchange(address, GET_UNITS));
      assertFalse(closing.isDone());
      held.countDown();
      assertTrue(busy.rest().endsWith("ok"));
      closing.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
