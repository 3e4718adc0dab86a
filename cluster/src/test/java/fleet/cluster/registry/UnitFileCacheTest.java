package fleet.cluster.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import org.junit.jupiter.api.Test;

class UnitFileCacheTest {

  private static final String TEXT = "[Service]\nExecStart=/bin/true\n";

  private final UnitFileCache files = new UnitFileCache();

  @Test
  void equalTextsAreReadOnce() {
    UnitFile file = files.parse(TEXT).orElseThrow();

    assertEquals(UnitFile.parse(TEXT).orElseThrow(), file);
    assertSame(file, files.parse(TEXT).orElseThrow());
  }

  @Test
  void otherTextsAreOtherFiles() {
    assertEquals(
        UnitFile.parse("[Service]\nExecStart=/bin/false\n"),
        files.parse("[Service]\nExecStart=/bin/false\n"));
    assertInstanceOf(Parsed.Malformed.class, files.parse("[Service\n"));
    assertInstanceOf(Parsed.Malformed.class, files.parse("[Service\n"));
  }
}
