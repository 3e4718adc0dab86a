package fleet.agent.order;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What a unit needs, as the texts of units say.
class NeedsTest {

  private final TreeMap<UnitName.Placeable, UnitFile> files = new TreeMap<>();

  private static UnitFile file(String text) {
    return UnitFile.parse(text).orElseThrow();
  }

  private void known(String unit, String text) {
    files.put((UnitName.Placeable) UnitName.parse(unit).orElseThrow(), file(text));
  }

  @Test
  void onlyWhatMustBeUpIsNeeded() {
    UnitFile file =
        file(
            """
            [Unit]
            Requires=a.service b.service
            BindsTo=c.service
            Requisite=d.service
            Wants=e.service
            After=f.service
            Requires=%p.socket
            [Service]
            Requires=g.service
            """);

    assertEquals("[a.service, b.service, c.service, d.service]", Needs.of(file).toString());
  }

  @Test
  void whatIsNeededByWhatIsNeededIsToo() {
    known("a.service", "[Unit]\nRequires=b.service stranger.service\n");
    known("b.service", "[Unit]\nBindsTo=c.service\n");
    known("c.service", "[Unit]\n");
    known("other.service", "[Unit]\nRequires=d.service\n");

    assertEquals(
        "[a.service, b.service, c.service, stranger.service]",
        Needs.all(file("[Unit]\nRequires=a.service\n"), files).toString());
  }

  @Test
  void unitsThatNeedEachOtherAreCountedOnce() {
    known("a.service", "[Unit]\nRequires=b.service\n");
    known("b.service", "[Unit]\nRequires=a.service\n");

    assertEquals(
        "[a.service, b.service]",
        Needs.all(file("[Unit]\nRequires=a.service\n"), files).toString());
  }
}
