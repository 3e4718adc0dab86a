package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitDirectoryTest {

  private static final UnitFile FILE = file("[Service]\nExecStart=/bin/true\n");

  @TempDir Path temporary;
  private Path path;
  private UnitDirectory directory;

  @BeforeEach
  void name() {
    path = temporary.resolve("fleet/units");
    directory = new UnitDirectory(path);
  }

  @Test
  void thatIsNotThereIsEmpty() throws IOException {
    assertEquals(new TreeMap<>(), directory.list());
    assertNull(directory.delete(unit("a.service")));
  }

  @Test
  void isMadeForTheFirstFile() throws IOException {
    directory.write(unit("a.service"), FILE);

    assertEquals("rwxr-xr-x", mode(path));
    assertEquals("rw-r--r--", mode(path.resolve("a.service")));
    assertEquals(FILE.text(), Files.readString(path.resolve("a.service")));
    assertEquals(listed("a.service", new OnDisk.Present(FILE.hash())), directory.list());
  }

  @Test
  void holdsNothingElseAfterAWrite() throws IOException {
    directory.write(unit("a.service"), FILE);

    try (var files = Files.list(path)) {
      assertEquals(List.of(path.resolve("a.service")), files.toList());
    }
  }

  @Test
  void showsNoWriteThatWasCutShort() throws IOException {
    Files.createDirectories(path);
    Files.writeString(path.resolve(".unfinished"), "[Serv");

    assertEquals(new TreeMap<>(), directory.list());
    directory.write(unit("a.service"), FILE);
    assertEquals(listed("a.service", new OnDisk.Present(FILE.hash())), directory.list());
  }

  @Test
  void showsOnlyWhatHasTheNameOfAUnit() throws IOException {
    Files.createDirectories(path.resolve("a.service.d"));
    for (String name : List.of("notes.txt", "web@.service", "x.scope", "service", ".service")) {
      Files.writeString(path.resolve(name), FILE.text());
    }

    assertEquals(new TreeMap<>(), directory.list());
  }

  @Test
  void saysWhyAFileIsNoUnit() throws IOException, InterruptedException {
    Files.createDirectories(path.resolve("directory.service"));
    Files.createSymbolicLink(path.resolve("dangling.service"), Path.of("nowhere"));
    Files.createSymbolicLink(path.resolve("loop.service"), Path.of("loop.service"));
    Files.createSymbolicLink(path.resolve("null.service"), Path.of("/dev/null"));
    Files.write(path.resolve("latin.service"), new byte[] {'[', 'A', ']', '\n', (byte) 0xe4});
    Files.writeString(path.resolve("long.service"), "#".repeat(UnitFile.LONGEST_BYTES + 1));
    new ProcessBuilder("mkfifo", path.resolve("pipe.service").toString()).start().waitFor();

    var problems = new TreeMap<String, String>();
    directory
        .list()
        .forEach(
            (name, content) ->
                problems.put(name.text(), ((OnDisk.Garbage) content).problem().split(";")[0]));

    assertEquals("expected a regular file, found another", problems.get("directory.service"));
    assertEquals("expected a regular file, found another", problems.get("null.service"));
    assertEquals("expected a regular file, found another", problems.get("pipe.service"));
    assertEquals("expected UTF-8, found other bytes", problems.get("latin.service"));
    assertEquals("a symbolic link that leads nowhere", problems.get("dangling.service"));
    assertNotNull(problems.get("long.service"));
    assertNotNull(problems.get("loop.service"));
    assertEquals(7, problems.size());
  }

  @Test
  void seesAnEditOfTheSameLengthAtOnce() throws IOException {
    UnitFile other = file("[Service]\nExecStart=/bin/trua\n");
    directory.write(unit("a.service"), FILE);
    assertEquals(listed("a.service", new OnDisk.Present(FILE.hash())), directory.list());

    Files.writeString(path.resolve("a.service"), other.text());
    Files.setLastModifiedTime(path.resolve("a.service"), FileTime.from(Instant.EPOCH));

    assertEquals(listed("a.service", new OnDisk.Present(other.hash())), directory.list());
  }

  @Test
  void replacesWhateverLiesInTheWay() throws IOException {
    Files.createDirectories(path);
    Files.createSymbolicLink(path.resolve("a.service"), Path.of("/dev/null"));

    directory.write(unit("a.service"), FILE);

    assertEquals(listed("a.service", new OnDisk.Present(FILE.hash())), directory.list());
  }

  @Test
  void saysWhyAFileCannotBeDeleted() throws IOException {
    Files.createDirectories(path.resolve("a.service/inside"));

    assertEquals("directory not empty", directory.delete(unit("a.service")));
  }

  @Test
  void thatIsAFileCannotBeListed() throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "a file");

    assertThrows(NotDirectoryException.class, directory::list);
  }

  private static SortedMap<UnitName.Placeable, OnDisk> listed(String name, OnDisk content) {
    var listed = new TreeMap<UnitName.Placeable, OnDisk>();
    listed.put(unit(name), content);
    return listed;
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  private static UnitFile file(String text) {
    return UnitFile.parse(text).orElseThrow();
  }
}
