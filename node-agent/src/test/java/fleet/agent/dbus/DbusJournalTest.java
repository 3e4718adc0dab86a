package fleet.agent.dbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The journal of a real systemd, and commands that only pretend to read one.
final class DbusJournalTest extends NodeScene {

  @TempDir Path folder;

  DbusJournalTest(Node node) throws InterruptedException {
    super(node);
  }

  @Test
  void lastWordsOfAProgramAreRead() throws InterruptedException {
    install(
        "words.service",
        "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo one; echo \u00fcber; exit 3'\n");
    systemd().start(unit("words.service"), LONG);

    until(() -> lines("words.service", 10).toString().contains("result 'exit-code'"));
    List<String> lines = lines("words.service", 10);

    assertTrue(lines.containsAll(List.of("one", "\u00fcber")), () -> "found " + lines);
    assertEquals(lines.subList(lines.size() - 2, lines.size()), lines("words.service", 2));
  }

  @Test
  void namesThatOptionsOrPatternsCouldBeMistakenForAreUnderstood() throws InterruptedException {
    String name = "-lo\\x2dud@\\x2fx.service";
    install(name, "[Service]\nType=oneshot\nExecStart=/bin/false\n");
    systemd().start(unit(name), LONG);

    until(() -> lines(name, 10).toString().contains("result 'exit-code'"));
    assertEquals(List.of(), lines("-lo\\x2dud@\\x2fy.service", 10));
  }

  @Test
  void commandThatDoesNotEndIsEnded() throws IOException, InterruptedException {
    var journal = new Journal(List.of(script("exec sleep 600")), Duration.ofMillis(200));

    long before = System.nanoTime();
    assertEquals(List.of(), journal.lastLines(unit("a.service"), 10));

    assertTrue(System.nanoTime() - before < Duration.ofMinutes(5).toNanos());
  }

  @Test
  void commandThatFailsOrIsNotThereTellsNothing() throws IOException, InterruptedException {
    var failing = new Journal(List.of(script("echo no >&2; exit 1")), LONG);
    var missing = new Journal(List.of(folder.resolve("missing").toString()), LONG);

    assertEquals(List.of(), failing.lastLines(unit("a.service"), 10));
    assertEquals(List.of(), missing.lastLines(unit("a.service"), 10));
  }

  @Test
  void ofAllThatIsPrintedOnlyTheLastLinesCount() throws IOException, InterruptedException {
    var talking = new Journal(List.of(script("seq 1 100; printf '\\377'")), LONG);

    assertEquals(List.of("99", "100", "\ufffd"), talking.lastLines(unit("a.service"), 3));
  }

  private List<String> lines(String unit, int most) {
    try {
      return systemd().lastLines(unit(unit), most);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private String script(String text) throws IOException {
    Path script = folder.resolve("script" + text.hashCode());
    Files.writeString(script, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script.toString();
  }
}
