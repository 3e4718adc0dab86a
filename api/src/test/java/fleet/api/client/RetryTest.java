package fleet.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.UnitResource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which requests are sent again, and what is made of their answers.
@Timeout(300)
class RetryTest {

  private static final String NOT_NOW = "HTTP/1.1 503 Service Unavailable|Content-Length: 0||";
  private static final String GONE = "HTTP/1.1 404 Not Found|Content-Length: 0||";
  private static final String DONE = "HTTP/1.1 204 No Content|Content-Length: 0||";

  /// Sends again so many times in a row.
  private static final class Times implements RetryPolicy {
    private final int most;
    private final List<String> failures = new ArrayList<>();
    private int answers;

    Times(int most) {
      this.most = most;
    }

    @Override
    public boolean again(ClientException failure) {
      failures.add(failure.getClass().getSimpleName());
      return failures.size() <= most;
    }

    @Override
    public void answered() {
      answers++;
    }
  }

  private static FleetClient client(ScriptedServer server, RetryPolicy retry) {
    return new FleetClient(
        server.endpoint(), TlsFiles.NONE, Duration.ofSeconds(60), Trace.NONE, retry);
  }

  @Test
  void whatMayBeDoneTwiceIsSentAgainUntilItIsAnswered() throws IOException {
    var retry = new Times(2);
    try (var server = new ScriptedServer(NOT_NOW, NOT_NOW, DONE);
        var client = client(server, retry)) {
      client.put(new UnitResource("a.service", "launched", "", "", List.of()));

      assertEquals(3, server.requests().size());
      assertEquals(1, retry.answers);
    }
  }

  @Test
  void serverThatClosesInsteadOfAnsweringIsAskedAgain() throws IOException {
    var retry = new Times(1);
    try (var server = new ScriptedServer(ScriptedServer.CLOSE, GONE);
        var client = client(server, retry)) {
      assertEquals(Optional.empty(), client.unit("a.service"));
      assertEquals(List.of("Unreachable"), retry.failures);
    }
  }

  @Test
  void theLastFailureIsToldOnceItIsNotSentAgain() throws IOException {
    try (var server = new ScriptedServer(NOT_NOW, NOT_NOW);
        var client = client(server, new Times(1))) {
      var refused = assertThrows(ApiException.class, () -> client.unit("a.service"));

      assertEquals(503, refused.code());
      assertEquals(2, server.requests().size());
    }
  }

  @Test
  void unitThatIsGoneWhenItsDestructionIsAskedForAgainWasDestroyed() throws IOException {
    try (var server = new ScriptedServer(NOT_NOW, GONE, GONE);
        var client = client(server, new Times(1))) {
      assertTrue(client.destroy("a.service"));
      assertFalse(client.destroy("a.service"));
    }
  }

  @Test
  void whoAsksOnceIsToldAtOnce() throws IOException {
    try (var server = new ScriptedServer(NOT_NOW, DONE);
        var client = client(server, new Times(1))) {
      assertThrows(ApiException.class, () -> client.once().unit("a.service"));
      assertEquals(1, server.requests().size());
    }
  }
}
