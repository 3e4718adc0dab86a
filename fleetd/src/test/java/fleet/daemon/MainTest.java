package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
