package fleet.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerTest {

  @TempDir private Path directory;

  private ListenAddress.Unix address() {
    return new ListenAddress.Unix(directory.resolve("fleet.sock"));
  }

  private static String refusal(ListenAddress address) {
    var e = assertThrows(IOException.class, () -> Listener.on(address));
    return String.valueOf(e.getMessage());
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aUnixSocketIsForOwnerAndGroupAndGoesWithItsListener() throws IOException {
    try (Listener listener = Listener.on(address())) {
      assertEquals("unix://" + address().path(), listener.address());
      assertEquals(
          "rw-rw----",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(address().path())));
      assertEquals(List.of("fleet.sock"), files());
    }
    assertEquals(List.of(), files());
  }

  @Test
  void aSocketThatAProcessHasLeftBehindIsReplaced() throws IOException {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(address().path()))
        .close();
    assertEquals(List.of("fleet.sock"), files());

    try (Listener listener = Listener.on(address())) {
      new RawClient(listener.address()).close();
    }
  }

  @Test
  void aSocketThatIsServedIsNotReplaced() throws IOException {
    try (Listener living = Listener.on(address())) {
      assertEquals(
          "cannot listen on unix://" + address().path() + ": another process serves there",
          refusal(address()));
      new RawClient(living.address()).close();
    }
  }

  @Test
  void anotherKindOfFileIsNotReplaced() throws IOException {
    Files.writeString(address().path(), "mine");

    assertEquals(
        "cannot listen on unix://"
            + address().path()
            + ": expected a socket or nothing, found another kind of file",
        refusal(address()));
    assertEquals("mine", Files.readString(address().path()));
  }

  @Test
  void aSocketThatSomebodyElseHasPutThereIsNotRemoved() throws IOException {
    try (Listener listener = Listener.on(address())) {
      Files.delete(address().path());
      Files.writeString(address().path(), "theirs");
      assertFalse(listener.unix() && files().isEmpty());
    }
    assertEquals(List.of("fleet.sock"), files());
  }

  @Test
  void whatCannotBeListenedOnIsNamed() throws IOException {
    var missing = new ListenAddress.Unix(directory.resolve("no/where.sock"));
    assertTrue(refusal(missing).startsWith("cannot listen on unix://" + missing.path() + ": "));

    try (Listener first = Listener.on(new ListenAddress.Tcp("127.0.0.1", 0))) {
      int port = Integer.parseInt(first.address().substring(first.address().lastIndexOf(':') + 1));
      assertEquals(
          "cannot listen on http://127.0.0.1:" + port + ": Address already in use",
          refusal(new ListenAddress.Tcp("127.0.0.1", port)));
    }
  }
}
