package fleet.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.TargetState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

@Timeout(300)
class HttpServerTest {

  @TempDir private Path directory;

  private TestServer server;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    server = new TestServer(directory);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void answersAreExactlyWhatClientsOfFleetV1Expect() throws IOException, InterruptedException {
    server.cluster().desire("a.service", "[Service]\nExecStart=/bin/a <é>", TargetState.LOADED);

    for (String address : server.addresses()) {
      assertEquals(
          TestServer.http(
              """
              HTTP/1.1 200 OK
              Content-Type: application/json
              Server: fleetd/2.0.0
              connection: close
              content-length: 167

              {"units":[{"currentState":"inactive","desiredState":"loaded","name":"a.service",\
              "options":[{"name":"ExecStart","section":"Service","value":"/bin/a \\u003cÃ©\\u003e"}]}]}\
              """),
          TestServer.exchange(address, TestServer.closing(TestServer.GET_UNITS)));
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
        TestServer.http(
            """
            HTTP/1.1 201 Created
            Server: fleetd/2.0.0
            connection: close
            content-length: 0

            """),
        server.exchange(TestServer.http(put.formatted(options.length(), options))));
    assertEquals(
        TestServer.http(
            """
            HTTP/1.1 204 No Content
            Server: fleetd/2.0.0
            connection: close

            """),
        server.exchange(TestServer.http(put.formatted(state.length(), state))));
  }

  @Test
  void aHeadRequestIsAnsweredWithoutTheBodyOfItsError() throws IOException {
    assertEquals(
        TestServer.http(
            """
            HTTP/1.1 405 Method Not Allowed
            Content-Type: application/json
            Server: fleetd/2.0.0
            Content-Length: 75
            connection: close

            """),
        server.exchange(TestServer.closing(TestServer.GET_UNITS).replace("GET", "HEAD")));
  }

  @Test
  void aConnectionCarriesManyRequests() throws IOException {
    try (var client = new RawClient(server.addresses().getFirst())) {
      for (int i = 0; i < 3; i++) {
        assertTrue(client.send(TestServer.GET_UNITS).until("{}").startsWith("HTTP/1.1 200 OK\r\n"));
      }
      String pipelined =
          client
              .send(
                  TestServer.GET_UNITS
                      + TestServer.GET_UNITS
                      + TestServer.closing(TestServer.GET_UNITS))
              .rest();
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
      String answer = server.exchange(garbage);
      assertTrue(
          answer.isEmpty() || answer.matches("(?s)HTTP/\\d\\.\\d (400|501) [^\r]*\r\n.*"), answer);
    }
    assertTrue(server.exchange(TestServer.closing(TestServer.GET_UNITS)).endsWith("\r\n\r\n{}"));
  }

  @Test
  void aHandlerThatFailsIsNotTheEnd() throws IOException {
    var calls = new AtomicInteger();
    server.restart(
        request -> {
          if (calls.incrementAndGet() == 1) {
            throw new IllegalStateException("a bug");
          }
          return TestServer.ok(request);
        },
        TestServer.SMALL);

    assertTrue(
        server
            .exchange(TestServer.closing(TestServer.GET_UNITS))
            .endsWith(
                "{\"error\":{\"code\":500,\"message\":\"this server has failed:"
                    + " java.lang.IllegalStateException: a bug\"}}"));
    assertTrue(server.exchange(TestServer.closing(TestServer.GET_UNITS)).endsWith("ok"));
  }

  @Test
  void aServerThatClosesAnswersWhatItHasBegun() throws Exception {
    var held = new CountDownLatch(1);
    var arrived = new CountDownLatch(1);
    server.restart(
        request -> {
          arrived.countDown();
          held.await();
          return TestServer.ok(request);
        },
        TestServer.SMALL);
    String address = server.addresses().getLast();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var busy = new RawClient(address).send(TestServer.GET_UNITS);
        var idle = new RawClient(address)) {
      arrived.await();
      Future<?> closing =
          threads.submit(
              () -> {
                server.closeServer();
                return null;
              });
      assertEquals("", idle.rest());
      assertEquals("", answerOfNobody(address));
      assertFalse(closing.isDone());
      held.countDown();
      assertTrue(busy.rest().endsWith("ok"));
      closing.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /// Nobody listens any more, or whoever takes the connection ends it.
  private static String answerOfNobody(String address) {
    try {
      return TestServer.exchange(address, TestServer.GET_UNITS);
    } catch (IOException nobody) {
      return "";
    }
  }
}
