package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import fleet.unit.Parsed;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  private static final Main.Request DEFAULT = new Main.Request.Run(Optional.empty());

  private static Main.Request file(String path) {
    return new Main.Request.Run(Optional.of(Path.of(path)));
  }

  @Test
  void flagsAreGos() {
    assertEquals(DEFAULT, Main.request());
    assertEquals(file("/x"), Main.request("-config", "/x"));
    assertEquals(file("/x"), Main.request("--config", "/x"));
    assertEquals(file("/x"), Main.request("-config=/x"));
    assertEquals(file("/x"), Main.request("--config=/x"));
    assertEquals(file("/y"), Main.request("-config=/x", "-config", "/y"));
  }

  @Test
  void aFileThatIsNamedMustBeThere(@TempDir Path folder) {
    Path missing = folder.resolve("fleet.conf");

    assertEquals(
        new Parsed.Malformed<>(missing + ": no such file"),
        new ConfigurationFile(Optional.of(missing)).read());
    assertInstanceOf(
        Parsed.Malformed.class, new ConfigurationFile(Optional.of(folder)).read(), "a folder");
  }

  @Test
  void theVersionIsAFlagOrTheOnlyArgument() {
    assertEquals(new Main.Request.ShowVersion(), Main.request("-version"));
    assertEquals(new Main.Request.ShowVersion(), Main.request("--version"));
    assertEquals(new Main.Request.ShowVersion(), Main.request("version"));
    assertEquals(new Main.Request.ShowVersion(), Main.request("-config", "/x", "-version"));
  }

  @Test
  void helpIsAsked() {
    assertEquals(new Main.Request.ShowHelp(), Main.request("-h"));
    assertEquals(new Main.Request.ShowHelp(), Main.request("-help"));
    assertEquals(new Main.Request.ShowHelp(), Main.request("--help"));
  }

  @Test
  void anythingElseIsMisuse() {
    assertEquals(
        new Main.Request.Misused(
            "fleetd takes no arguments. Did you mean to invoke fleetctl instead?", 1),
        Main.request("start", "a.service"));
    assertEquals(new Main.Request.Misused("unknown flag -verbose", 2), Main.request("-verbose"));
    assertEquals(
        new Main.Request.Misused("-config: expected a path behind it", 2), Main.request("-config"));
  }
}
