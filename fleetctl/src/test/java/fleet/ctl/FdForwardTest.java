package fleet.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.ctl.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `fd-forward` between real streams and a real socket.
@Timeout(300)
class FdForwardTest {

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private ServerSocketChannel server;

  @BeforeEach
  void listen() throws Exception {
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(directory.resolve("sock")));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  @Test
  void itCopiesBothWaysAndEndsWithTheSocket() throws Exception {
    var typed = new PipedOutputStream();
    var forward = start(new PipedInputStream(typed));
    try (var accepted = server.accept()) {
      typed.write("question\n".getBytes(StandardCharsets.UTF_8));
      typed.flush();
      byte[] question = Channels.newInputStream(accepted).readNBytes("question\n".length());
      Channels.newOutputStream(accepted).write("answer\n".getBytes(StandardCharsets.UTF_8));

      assertEquals("question\n", new String(question, StandardCharsets.UTF_8));
    }

    assertEquals(0, forward.get());
    assertEquals("answer\n", out.toString(StandardCharsets.UTF_8));
    typed.close();
  }

  @Test
  void itEndsWithItsInputToo() throws Exception {
    var forward = start(new ByteArrayInputStream("bye".getBytes(StandardCharsets.UTF_8)));
    try (var accepted = server.accept()) {
      assertEquals(0, forward.get());
      assertEquals(
          "bye",
          new String(Channels.newInputStream(accepted).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private FutureTask<Integer> start(InputStream in) {
    var printed = new PrintStream(out, false, StandardCharsets.UTF_8);
    var console = new Console(in, printed, printed, new TreeMap<>(), directory);
    var task =
        new FutureTask<>(
            () ->
                Fleetctl.run(
                    List.of("fd-forward", "sock"),
                    console,
                    new PlayedMachine(directory),
                    new PlayedTime()));
    Thread.ofVirtual().start(task);
    return task;
  }
}
