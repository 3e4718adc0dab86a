package fleet.ctl.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsTest {

  private static final SortedMap<String, String> HOME =
      new TreeMap<>(java.util.Map.of("HOME", "/home/me"));

  @TempDir Path directory;

  @Test
  void aTildeIsAHome() {
    assertEquals(Path.of("/home/me/.fleetctl/known_hosts"), file("~/.fleetctl/known_hosts"));
    assertEquals(Path.of("/root/hosts"), file("~root/hosts"));
    assertEquals(Path.of("/etc/hosts~"), file("/etc/hosts~"));
    assertEquals(directory.resolve("a/~"), file("a/~"));
    assertEquals(
        Path.of(System.getProperty("user.home"), "hosts"),
        KnownHosts.file("~/hosts", new TreeMap<>(), directory));
  }

  @Test
  void aTildeOfNobodyIsRefused() {
    var e = assertThrows(SshFailed.class, () -> file("~no-such-user/hosts"));

    assertEquals("--known-hosts-file: there is no user \"no-such-user\"", e.getMessage());
  }

  @Test
  void theFolderIsMadeForTheUserAlone() throws IOException {
    Path file = directory.resolve("some/where/known_hosts");

    KnownHosts.prepare(file);
    KnownHosts.prepare(file);

    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(directory.resolve("some/where"))));
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Files.createFile(directory.resolve("file"));

    var e =
        assertThrows(
            SshFailed.class, () -> KnownHosts.prepare(directory.resolve("file/x/known_hosts")));

    String message = String.valueOf(e.getMessage());
    assertTrue(message.endsWith("cannot make the folder " + directory + "/file/x"), message);
  }

  private Path file(String text) {
    return KnownHosts.file(text, HOME, directory);
  }
}
