package fleet.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@Tag("slow")
class HttpLimitsTest {

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
  void headsThatAreTooLongAreRefused() throws IOException {
    String address = "GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    String header =
        TestServer.closing(TestServer.GET_UNITS).replace("Host: x", "Host: " + "x".repeat(5000));

    String refusal = server.exchange(address);
    assertTrue(refusal.startsWith("HTTP/1.0 414 "), refusal);
    assertTrue(
        refusal.endsWith(
            "{\"error\":{\"code\":414,\"message\":\"the address is longer than 4096"
                + " bytes\"}}"));
    assertTrue(server.exchange(header).startsWith("HTTP/1.1 431 "));
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
      String answer = server.exchange(request);
      assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
      assertTrue(answer.endsWith(refusal), answer);
    }
  }

  @Test
  void aClientThatAsksFirstIsToldToGoOn() throws IOException {
    server.restart(TestServer::ok, TestServer.SMALL);
    try (var client = new RawClient(server.addresses().getLast())) {
      client.send(
          TestServer.http(
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
    server.restart(
        request -> {
          arrived.countDown();
          held.await();
          return TestServer.ok(request);
        },
        TestServer.SMALL);
    String put =
        "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\nConnection: close\r\n\r\n"
            + "x".repeat(900);

    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(new RawClient(server.addresses().getLast()).send(put));
    }
    arrived.await();
    assertTrue(server.exchange(put).startsWith("HTTP/1.1 503 "));
    held.countDown();
    for (RawClient client : clients) {
      assertTrue(client.rest().startsWith("HTTP/1.1 200 "));
      client.close();
    }
    assertTrue(server.exchange(put).startsWith("HTTP/1.1 200 "));
  }

  @Test
  void aClientThatStallsIsLeft() throws IOException {
    server.restart(TestServer::ok, TestServer.patient(500));
    String tcp = server.addresses().getLast();

    try (var silent = new RawClient(tcp);
        var inHead = new RawClient(tcp).send("GET / HT");
        var inBody =
            new RawClient(tcp).send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")) {
      assertEquals("", silent.rest());
      assertEquals("", inHead.rest());
      assertEquals("", inBody.rest());
    }
  }

  @Test
  void aClientThatSendsAByteNowAndThenIsLeft() throws Exception {
    server.restart(TestServer::ok, TestServer.patient(600));
    try (var client = new RawClient(server.addresses().getFirst());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> sent =
          threads.submit(
              () -> {
                try {
                  client.send("GET / HTTP/1.1\r\nX: ");
                  while (true) {
                    client.send("x");
                    Thread.sleep(20);
                  }
                } catch (IOException closed) {
                  return "left";
                }
              });
      assertEquals("", client.rest());
      assertEquals("left", sent.get());
    }
  }

  @Test
  void aRequestMayTakeLongerThanItsClientMay() throws IOException {
    server.restart(
        request -> {
          Thread.sleep(5_000);
          return TestServer.ok(request);
        },
        TestServer.patient(2_000));

    assertTrue(server.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").endsWith("ok"));
  }

  @Test
  void aThousandClientsAreServedTogether() throws Exception {
    var together = new CountDownLatch(1000);
    server.restart(
        request -> {
          together.countDown();
          together.await();
          return server.cluster().service().handle(request);
        },
        TestServer.SMALL);
    List<Callable<String>> clients = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String address = server.addresses().get(i % 2);
      clients.add(() -> TestServer.exchange(address, TestServer.closing(TestServer.GET_UNITS)));
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
    server.restart(
        request -> {
          arrived.countDown();
          held.await();
          return TestServer.ok(request);
        },
        new HttpServer.Limits(1000, 3000, 2, 4096, Duration.ofSeconds(60), Duration.ofSeconds(60)));
    String address = server.addresses().getFirst();

    try (var one = new RawClient(address).send(TestServer.closing(TestServer.GET_UNITS));
        var two = new RawClient(address).send(TestServer.closing(TestServer.GET_UNITS))) {
      arrived.await();
      assertTrue(
          server.exchange(TestServer.closing(TestServer.GET_UNITS)).startsWith("HTTP/1.1 503 "));
      held.countDown();
      assertTrue(one.rest().endsWith("ok"));
      assertTrue(two.rest().endsWith("ok"));
    }
    assertTrue(server.exchange(TestServer.closing(TestServer.GET_UNITS)).endsWith("ok"));
  }
}
