package fleet.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {

  @Test
  void unixSocketsAndTcpPortsAreEndpoints() {
    var socket = new Endpoint.Unix(Path.of("/run/fleet.sock"));

    assertEquals(new Ok<>(socket), Endpoint.parse("unix:///run/fleet.sock"));
    assertEquals(new Ok<>(socket), Endpoint.parse("file:///run/fleet.sock"));
    assertEquals(new Ok<>(socket), Endpoint.parse("unix:/run/fleet.sock"));
    assertEquals(
        new Ok<>(new Endpoint.Tcp("example.com", 80, "", false)),
        Endpoint.parse("http://example.com"));
    assertEquals(
        new Ok<>(new Endpoint.Tcp("10.0.0.1", 49153, "/a/b", false)),
        Endpoint.parse("http://10.0.0.1:49153/a/b/"));
    assertEquals(
        new Ok<>(new Endpoint.Tcp("::1", 443, "", true)), Endpoint.parse("https://[::1]/"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "unix://var/run/fleet.sock | unable to connect to host \"var\" with scheme \"unix\"",
        "/run/fleet.sock | URL scheme undefined",
        "~~ | URL scheme undefined",
        "ftp://x | URL scheme \"ftp\" unsupported",
        "unix: | endpoint \"unix:\" is no URL: Expected scheme-specific part",
        "http:///x | endpoint \"http:///x\" names no host",
        "http://x:99999 | endpoint \"http://x:99999\": no such port: 99999",
        "http://x y | endpoint \"http://x y\" is no URL: Illegal character in authority",
      })
  void whatIsNoneHasAReason(String text, String reason) {
    assertEquals(new Malformed<>(reason), Endpoint.parse(text));
  }

  @Test
  void anEndpointIsWrittenAsItIsRead() {
    assertEquals("unix:///run/x", new Endpoint.Unix(Path.of("/run/x")).text());
    assertEquals("https://[::1]:443/a", new Endpoint.Tcp("::1", 443, "/a", true).text());
    assertEquals(
        "unix:///run/x through n1",
        new Endpoint.Forwarded(new Endpoint.Unix(Path.of("/run/x")), Path.of("/tmp/y"), "n1")
            .text());
  }
}
