package fleet.store.etcd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.env.LastingTrouble;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// What is written while nothing comes from etcd, as when all packets are dropped. Alone, since all
/// clients of this process write to the same log.
@Isolated
@Tag("slow")
final class EtcdSilenceTest {

  /// So many attempts have failed that one line each would be seen.
  private static final int ATTEMPTS = 24;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// Keeps what is logged.
  private static final class Log extends Handler {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      lines.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void silenceIsToldOnceHoweverOftenEtcdIsTried() throws Exception {
    var log = new Log();
    Logger logger = Logger.getLogger(Link.class.getName());
    logger.addHandler(log);
    long began = System.nanoTime();
    var accepted = new ArrayList<Socket>();
    try (var silent = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        var _ = EtcdFixture.connect(URI.create("http://127.0.0.1:" + silent.getLocalPort()))) {
      silent.setSoTimeout((int) PATIENCE.toMillis());
      while (accepted.size() < ATTEMPTS) {
        accepted.add(silent.accept());
      }
    } finally {
      logger.removeHandler(log);
      for (Socket socket : accepted) {
        socket.close();
      }
    }

    // Once for each way in which it may be silent, and at doubling intervals if it takes so long.
    long minutes = Duration.ofNanos(System.nanoTime() - began).dividedBy(LastingTrouble.FIRST);
    assertTrue(log.lines.size() <= 2 + minutes, log.lines::toString);
    assertTrue(log.lines.getFirst().startsWith("cannot reach etcd reason="), log.lines::toString);
  }
}
