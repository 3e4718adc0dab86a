package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.agent.disk.FileText;
import fleet.agent.disk.SavedUnits;
import fleet.agent.saved.SavedText;
import fleet.agent.saved.SavedText.Found;
import fleet.agent.unit.Applied;
import fleet.agent.unit.Applied.Underway;
import fleet.cluster.Assignment;
import fleet.cluster.MachineId;
import fleet.cluster.TargetState;
import fleet.testing.saved.MemoryText;
import fleet.unit.UnitFile;
import fleet.unit.UnitHash;
import fleet.unit.UnitName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an agent writes down is what the next one reads.
final class SavedTextTest {

  private static final MachineId ID = new MachineId("6f1a");

  @TempDir Path folder;

  @Test
  void fileThatWasNeverWrittenIsEmpty() throws IOException {
    assertEquals(new Found("", false), new FileText(folder.resolve("none"), true).read());
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    for (boolean durable : List.of(true, false)) {
      var text = new FileText(folder.resolve("made/along/text"), durable);

      text.write("first, and longer");
      text.write("sécond");

      assertEquals(
          new Found("sécond", false),
          new FileText(folder.resolve("made/along/text"), durable).read());
      try (var files = Files.list(folder.resolve("made/along"))) {
        assertEquals(List.of("text"), files.map(file -> file.getFileName().toString()).toList());
      }
    }
  }

  @Test
  void failureNamesTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    var write =
        assertThrows(IOException.class, () -> new FileText(file.resolve("text"), true).write("x"));
    var read = assertThrows(IOException.class, () -> new FileText(folder, true).read());

    assertTrue(write.toString().contains("cannot write " + file), write::toString);
    assertTrue(read.toString().contains("cannot read " + folder), read::toString);
  }

  @Test
  void bytesThatAreNoTextSpoilTheirLineOnly() throws IOException {
    Path file = folder.resolve("text");
    Files.write(file, new byte[] {'a', '\n', (byte) 0xff, (byte) 0xfe, '\n', 'b'});

    assertEquals("a\n\ufffd\ufffd\nb", new FileText(file, false).read().text());
  }

  @Test
  void whatCouldNotBeReplacedIsMarkedAsStaleUntilSomethingIsWritten() throws IOException {
    for (SavedText text : List.of(new FileText(folder.resolve("text"), false), new MemoryText())) {
      text.outdate();
      assertEquals(new Found("", false), text.read());

      text.write("old");
      text.outdate();
      text.outdate();
      assertEquals(new Found("old", true), text.read());

      text.write("new");
      assertEquals(new Found("new", false), text.read());
    }
    try (var files = Files.list(folder)) {
      assertEquals(List.of("text"), files.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void nothingIsUnderWayForCertainInStaleNotes() {
    var noted = new Found("web.service\tab\tlaunched\t3\tSTOP\n", true);

    var units = SavedUnits.applied(noted).units();

    assertEquals(
        new Applied(new UnitHash("ab"), TargetState.LAUNCHED, 3, Underway.ANYTHING),
        units.get(unit("web.service")));
  }

  @Test
  void assignmentsAreReadAsTheyWereWritten() {
    var assignments = new TreeMap<UnitName.Placeable, Assignment>();
    for (String name : List.of("web.service", "web@a@b.service", "esc\\x2daped.socket")) {
      assignments.put(
          unit(name),
          new Assignment(
              unit(name),
              UnitFile.parse("[Unit]\nDescription=täb\there \"and\" \\ there\n").orElseThrow(),
              TargetState.LAUNCHED,
              7));
    }

    var read = SavedUnits.assignments(ID, SavedUnits.assignments(ID, assignments));

    assertEquals(new SavedUnits<>(assignments, List.of()), read);
  }

  @Test
  void assignmentsOfAnotherMachineAreNotOurs() {
    String text = SavedUnits.assignments(new MachineId("0000"), new TreeMap<>());

    assertEquals(
        new SavedUnits<>(
            new TreeMap<>(), List.of("expected \"machine\t6f1a\", found \"machine\t0000\"")),
        SavedUnits.assignments(ID, text));
  }

  @Test
  void appliedIsReadAsItWasWritten() {
    var applied = new TreeMap<UnitName.Placeable, Applied>();
    applied.put(unit("web.service"), new Applied(new UnitHash("ab"), TargetState.LAUNCHED, 3));
    applied.put(
        unit("db@1.service"),
        new Applied(new UnitHash("cd"), TargetState.LAUNCHED, 0, Underway.START));

    assertEquals(
        new SavedUnits<>(applied, List.of()),
        SavedUnits.applied(new Found(SavedUnits.applied(applied), false)));
  }

  @Test
  void linesThatCannotBeUnderstoodAreNamedAndTheOthersUsed() {
    var read =
        SavedUnits.applied(
            new Found(
                """
                web.service\tab\tlaunched\t3\tNOTHING

                web@.service\tab\tlaunched\t3
                a.service\tab\trunning\t3
                b.service\tab\tlaunched\t99999999999999999999
                db.service\tcd\tloa\
                """,
                false));

    assertEquals("[web.service]", read.units().keySet().toString());
    assertEquals(
        List.of(
            "expected the name of a unit and a tab, found \"\"",
            "expected the name of a unit and a tab, found \"web@.service\tab\tlaunched\t3\"",
            "a.service: expected a hash, a target, a generation and what is under way, found \"ab"
                + "\trunning\t3\"",
            "b.service: expected a hash, a target, a generation and what is under way, found"
                + " \"ab\tlaunched\t99999999999999999999\"",
            "db.service: expected a hash, a target, a generation and what is under way, found \"cd"
                + "\tloa\""),
        read.problems());
  }

  private static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }
}
