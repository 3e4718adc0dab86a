package fleet.ctl.change;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.ctl.change.LocalUnitFiles.Found;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalUnitFilesTest {

  private static final UnitName WEB = UnitName.parse("web.service").orElseThrow();
  private static final UnitName WEB_1 = UnitName.parse("web@1.service").orElseThrow();

  private static final UnitFile FILE =
      new UnitFile(List.of(new UnitOption("Service", "ExecStart", "/bin/true")));

  @TempDir Path directory;

  @Test
  void anInstanceHasItsOwnFileOrElseThatOfItsTemplate() throws IOException {
    Files.writeString(directory.resolve("web@.service"), FILE.text());
    var template = find(WEB_1);
    Files.writeString(directory.resolve("web@1.service"), FILE.text());
    var own = find(WEB_1);

    assertEquals(
        Optional.of(new Found(directory.resolve("web@.service"), true, new Ok<>(FILE), List.of())),
        template);
    assertEquals(
        Optional.of(
            new Found(directory.resolve("web@1.service"), false, new Ok<>(FILE), List.of())),
        own);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertEquals(Optional.empty(), find(WEB));
    assertEquals(Optional.empty(), find(WEB_1));
    assertEquals(
        Optional.empty(), LocalUnitFiles.find(directory.resolve("no/such/dir/web.service"), WEB));
  }

  @Test
  void whatCannotBeReadSaysWhy() throws IOException {
    Path path = directory.resolve("web.service");

    Files.writeString(path, "[Service\nExecStart=/bin/true\n");
    assertEquals(UnitFile.parse("[Service\nExecStart=/bin/true\n"), contents());
    Files.write(path, "[Unit]\nDescription=gr\u00fcn\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        new Malformed<>("it is not text in UTF-8: line 2: found \"Description=gr\\xfcn\""),
        contents());
    Files.delete(path);
    Files.createDirectory(path);
    assertEquals(new Malformed<>("it is a directory"), contents());
  }

  @Test
  void aFileThatIsTooLongIsNotReadToItsEnd() throws IOException {
    try (var file = new RandomAccessFile(directory.resolve("web.service").toFile(), "rw")) {
      file.setLength(1L << 40);
    }

    assertEquals(Malformed.class, contents().getClass());
  }

  private Optional<Found> find(UnitName name) {
    return LocalUnitFiles.find(directory.resolve(name.text()), name);
  }

  private Parsed<UnitFile> contents() {
    return find(WEB).orElseThrow().contents();
  }
}
