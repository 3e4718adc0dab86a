package fleet.ctl.look;

import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Exit;
import fleet.ctl.console.Console;
import fleet.ctl.console.Synopsis;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// `fleetctl fd-forward`: what the `--tunnel` of fleet 1.0 runs on the far side.
public final class FdForward implements Command {

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "fd-forward",
        "Connect standard input and output to a unix socket",
        "SOCKET",
        """
        Copies standard input to the socket and the socket to standard output, until either ends.
        The --tunnel of fleet 1.0 runs this on the machine that it leads to.
        """,
        List.of());
  }

  @Override
  public int run(CommandCall call) throws InterruptedException {
    Console console = call.console();
    if (call.arguments().size() != 1) {
      console.complain("Provide a single argument");
      return Exit.USAGE;
    }
    Path path = console.directory().resolve(call.arguments().getFirst());
    try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      var ended = new CountDownLatch(1);
      copy(console.in(), Channels.newOutputStream(socket), ended);
      copy(Channels.newInputStream(socket), console.out(), ended);
      ended.await();
      return Exit.DONE;
    } catch (IOException | IllegalArgumentException e) {
      console.complain("Failed dialing remote address: " + path + ": " + e.getMessage());
      return Exit.FAILED;
    }
  }

  /// In a thread that does not keep the process alive: nothing ends a wait for standard input.
  private static void copy(InputStream from, OutputStream to, CountDownLatch ended) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (from) {
                from.transferTo(to);
                to.flush();
              } catch (IOException e) {
                // It ends here, in whichever way.
              }
              ended.countDown();
            });
  }
}
