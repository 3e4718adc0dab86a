package fleet.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.message.Response;
import fleet.cluster.env.SystemEnvironment;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@Tag("slow")
class InheritedSocketsTest {

  @TempDir private Path directory;

  /// What is started with sockets: says where it listens, serves until its input ends.
  public static final class Activated {
    private Activated() {}

    public static void main(String[] arguments) throws IOException {
      List<Listener> listeners = InheritedSockets.take(System.getenv());
      try (var server =
          HttpServer.start(
              request -> new Response(200, List.of(), "from " + request.target()),
              new SystemEnvironment(),
              HttpServer.Limits.USUAL,
              listeners)) {
        System.out.println(server.addresses());
        while (System.in.read() >= 0) {
          // Until the test is over.
        }
      }
    }
  }

  @Test
  void socketsOfBothKindsAreTakenOverFromSystemd() throws IOException, InterruptedException {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String unix = "unix://" + directory.resolve("fleet.sock");
    String tcp = "http://127.0.0.1:" + port;
    Process process =
        new ProcessBuilder(
                "systemd-socket-activate",
                "--listen=" + directory.resolve("fleet.sock"),
                "--listen=127.0.0.1:" + port,
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Activated.class.getName())
            .redirectError(ProcessBuilder.Redirect.PIPE)
            .start();
    try {
      assertTrue(
          process.errorReader().readLine().startsWith("Listening on "),
          "systemd-socket-activate listens");
      process.errorReader().readLine();

      for (int round = 0; round < 3; round++) {
        for (String address : List.of(unix, tcp)) {
          try (var client = new RawClient(address)) {
            String answer =
                client.send("GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").rest();
            assertTrue(answer.endsWith("\r\n\r\nfrom /x"), answer);
          }
        }
      }
      assertEquals("[" + unix + ", " + tcp + "]", process.inputReader().readLine());
    } finally {
      process.getOutputStream().close();
      assertTrue(process.waitFor(120, TimeUnit.SECONDS));
    }
    assertEquals(0, process.exitValue());
  }

  @Test
  void socketsForAnotherProcessAreLeftAlone() throws IOException {
    assertEquals(List.of(), InheritedSockets.take(Map.of()));
    assertEquals(List.of(), InheritedSockets.take(Map.of("LISTEN_PID", "1", "LISTEN_FDS", "1")));
  }
}
