package fleet.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.UnitResource;
import fleet.api.client.HttpConnection.Answer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The client against servers of all kinds. In their answers, `|` stands for the end of a line.
@Timeout(300)
class HttpConnectionTest {

  private static final String OK = "HTTP/1.1 200 OK|Content-Length: 2||{}";

  @TempDir private Path directory;

  private static HttpConnection connect(ScriptedServer server) {
    return new HttpConnection(server.endpoint(), TlsFiles.NONE, Duration.ofSeconds(60), Trace.NONE);
  }

  private static Answer get(String answer) throws IOException {
    try (var server = new ScriptedServer(answer);
        var http = connect(server)) {
      return http.exchange("GET", "/", null);
    }
  }

  private static String refusal(String answer) throws IOException {
    try (var server = new ScriptedServer(answer, answer);
        var http = connect(server)) {
      var e = assertThrows(Unreachable.class, () -> http.exchange("GET", "/", null));
      String message = String.valueOf(e.getMessage());
      String start = "no answer from http://127.0.0.1:" + server.port() + ": ";
      assertTrue(message.startsWith(start), message);
      return message.substring(start.length());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK,
        "HTTP/1.1 200 OK|content-length:2 ||{}",
        "HTTP/1.1 200 \nContent-Length: 2\n\n{}",
        "HTTP/1.0 200 OK||{}close",
        "HTTP/1.1 100 Continue||HTTP/1.1 200 OK|Content-Length: 2||{}",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1;x=y|{|1|}|0|A: b||",
        "HTTP/1.1 200 OK|Transfer-Encoding: Chunked|Content-Length: 7||02|{}|0||",
      })
  void allWaysToSendABodyAreUnderstood(String answer) throws IOException {
    assertEquals(new Answer(200, "{}", ""), get(answer));
  }

  @Test
  void anAnswerWithoutBodyEndsWithItsHead() throws IOException {
    assertEquals(new Answer(204, "", ""), get("HTTP/1.1 204 No Content||"));
    assertEquals(new Answer(201, "", ""), get("HTTP/1.1 201 Created|Content-Length: 0||"));
  }

  @Test
  void aConnectionIsKeptForTheNextRequest() throws IOException {
    try (var server = new ScriptedServer(OK, OK, OK);
        var http = connect(server)) {
      for (int i = 0; i < 3; i++) {
        http.exchange("PUT", "/" + i, "é");
      }
      assertEquals(1, server.connections());
      assertEquals(
          "[PUT /0 HTTP/1.1, PUT /1 HTTP/1.1, PUT /2 HTTP/1.1]", server.requests().toString());
    }
  }

  @Test
  void aRequestIsRepeatedIfItsConnectionWasClosedMeanwhile() throws IOException {
    try (var server = new ScriptedServer(OK, ScriptedServer.CLOSE, OK);
        var http = connect(server)) {
      http.exchange("GET", "/1", null);
      assertEquals(new Answer(200, "{}", ""), http.exchange("GET", "/2", null));
      assertEquals(2, server.connections());
    }
  }

  @Test
  void aConnectionThatTheServerEndsIsNotKept() throws IOException {
    String last = "HTTP/1.1 200 OK|Connection: close|Content-Length: 2||{}";
    try (var server = new ScriptedServer(last, last);
        var http = connect(server)) {
      http.exchange("GET", "/", null);
      http.exchange("GET", "/", null);
      assertEquals(2, server.connections());
    }
  }

  @Test
  void aServerThatClosesAtOnceIsAskedOnlyOnce() throws IOException {
    try (var server = new ScriptedServer(ScriptedServer.CLOSE, OK);
        var http = connect(server)) {
      var e = assertThrows(Unreachable.class, () -> http.exchange("GET", "/", null));
      assertTrue(
          String.valueOf(e.getMessage()).endsWith("the connection was closed without an answer"));
      assertEquals(1, server.requests().size());
    }
  }

  @Test
  void anAnswerThatIsCutShortIsNone() throws IOException {
    String expected = "the connection was closed in the middle of the answer";

    assertEquals(expected, refusal("HTTP/1.1 200 OK|Content-Length: 3||{}close"));
    assertEquals(expected, refusal("HTTP/1.1 200 OK|Content-close"));
    assertEquals(expected, refusal("HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|{}close"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2|",
        "HTTP/1.1 abc||",
        "HTTP/1.1 000 Zero||",
        "HTTP/1.1 +20 Plus||",
        "HTTP/2.0 200 OK||",
        "HTTP/1.1 200 OK|no header||",
        "HTTP/1.1 200 OK|Content-Length: -2||{}",
        "HTTP/1.1 200 OK|Content-Length: 2, 2||{}",
        "HTTP/1.1 200 OK|Transfer-Encoding: gzip||{}",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||xyz|",
      })
  void whatIsNoHttpIsShown(String answer) throws IOException {
    String refusal = refusal(answer + ScriptedServer.CLOSE);

    assertTrue(refusal.startsWith("this is no answer of an HTTP server: expected "), refusal);
  }

  @Test
  void anAnswerWithoutEndIsCutOff() throws IOException {
    assertEquals(
        "the answer is longer than 536870912 bytes",
        refusal("HTTP/1.1 200 OK|Content-Length: 536870913||{}"));
    assertTrue(
        refusal("HTTP/1.1 200 OK|X: " + "x".repeat(70_000) + "||")
            .startsWith("this is no answer of an HTTP server: expected lines below 64 KiB"));
    assertEquals(
        "the answer has more than 1000 header fields",
        refusal("HTTP/1.1 200 OK|" + "X: y|".repeat(1001) + "|"));
  }

  @Test
  void aSilentServerIsNotWaitedForForEver() throws IOException {
    try (var server = new ScriptedServer("HTTP/1.1 200 OK|Content-Length: 2||{");
        var http =
            new HttpConnection(
                server.endpoint(), TlsFiles.NONE, Duration.ofMillis(100), Trace.NONE)) {
      var e = assertThrows(Unreachable.class, () -> http.exchange("GET", "/", null));
      assertTrue(String.valueOf(e.getMessage()).contains("timed out after 100 ms"));
    }
  }

  @Test
  void aSilentUnixServerIsNotWaitedForForEver() throws IOException {
    var endpoint = new Endpoint.Unix(directory.resolve("silent.sock"));
    try (var silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        var http =
            new HttpConnection(endpoint, TlsFiles.NONE, Duration.ofMillis(100), Trace.NONE)) {
      silent.bind(UnixDomainSocketAddress.of(endpoint.path()));

      var e = assertThrows(Unreachable.class, () -> http.exchange("GET", "/", null));
      assertEquals(
          "no answer from "
              + endpoint.text()
              + ": timed out after 100 ms: the server does not answer",
          e.getMessage());

      var large = "x".repeat(10_000_000);
      var stuck = assertThrows(Unreachable.class, () -> http.exchange("PUT", "/", large));
      assertEquals(
          "no answer from "
              + endpoint.text()
              + ": timed out after 100 ms: the server does not take the request",
          stuck.getMessage());
    }
  }

  @Test
  void theEndpointsPathComesFirst() throws IOException {
    try (var server = new ScriptedServer(OK)) {
      var endpoint = Endpoint.parse("http://127.0.0.1:" + server.port() + "/proxy/").orElseThrow();
      try (var client = new FleetClient(endpoint, TlsFiles.NONE)) {
        client.units();
      }
      assertEquals(
          "[GET /proxy/fleet/v1/units?pageSize=1000 HTTP/1.1]", server.requests().toString());
    }
  }

  @Test
  void anAnswerOfAnotherServerIsTold() throws IOException {
    try (var server =
            new ScriptedServer(
                "HTTP/1.1 200 OK|Content-Length: 6||<html>",
                "HTTP/1.1 502 Bad Gateway|Content-Length: 6||<html>");
        var client = new FleetClient(server.endpoint(), TlsFiles.NONE)) {
      var e = assertThrows(Unreachable.class, client::units);
      assertTrue(
          String.valueOf(e.getMessage())
              .contains("the answer is none of fleet's API: invalid JSON in line 1"));
      var bad = assertThrows(ApiException.class, client::units);
      assertEquals("got HTTP response code 502 with body: <html>", bad.getMessage());
    }
  }

  @Test
  void aPageThatCannotBeReadIsToldWhenTheOthersHaveCome() throws IOException {
    try (var server =
            new ScriptedServer(
                page("{\"nextPageToken\":\"n\",\"units\":3}"),
                page("{\"units\":[{\"name\":\"a\"}]}"));
        var client = new FleetClient(server.endpoint(), TlsFiles.NONE)) {
      var e = assertThrows(Unreachable.class, client::units);
      assertTrue(String.valueOf(e.getMessage()).contains("the answer is none of fleet's API"));
      assertEquals(2, server.requests().size());
    }
  }

  @Test
  void theTokenMayComeAfterTheItems() throws IOException {
    try (var server =
            new ScriptedServer(
                page("{\"units\":[{\"name\":\"a\"}],\"nextPageToken\":\"n\"}"),
                page("{\"units\":[{\"name\":\"b\"}]}"));
        var client = new FleetClient(server.endpoint(), TlsFiles.NONE)) {
      assertEquals(List.of("a", "b"), client.units().stream().map(UnitResource::name).toList());
    }
  }

  private static String page(String json) {
    return "HTTP/1.1 200 OK|Content-Length: " + json.length() + "||" + json;
  }

  @Test
  void whatIsForwardedGoesThroughTheSocket() throws IOException {
    Path socket = directory.resolve("forwarded");
    try (var server = new ScriptedServer(OK);
        var _ = new Forwarder(socket, server.port());
        var http = forwarded(socket)) {
      assertEquals(new Answer(200, "{}", ""), http.exchange("GET", "/x", null));
      assertEquals(List.of("GET /base/x HTTP/1.1"), server.requests());
    }
  }

  @Test
  void whatIsForwardedNoMoreSaysSo() {
    try (var http = forwarded(directory.resolve("none"))) {
      var e = assertThrows(Unreachable.class, () -> http.exchange("GET", "/x", null));

      assertEquals(
          "no answer from http://api.example:80/base through n1: cannot connect: n1 forwards"
              + " nothing any more",
          e.getMessage());
    }
  }

  private static HttpConnection forwarded(Path socket) {
    var far = new Endpoint.Tcp("api.example", 80, "/base", false);
    var endpoint = new Endpoint.Forwarded(far, socket, "n1");
    return new HttpConnection(endpoint, TlsFiles.NONE, Duration.ofSeconds(60), Trace.NONE);
  }
}
