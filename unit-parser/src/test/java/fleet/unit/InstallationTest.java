package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class InstallationTest {

  private static Installation of(String name, String text) {
    return Installation.of(UnitName.parse(name).orElseThrow(), UnitFile.parse(text).orElseThrow());
  }

  @Test
  void otherNamesAreReadFromInstallAlone() {
    Installation found =
        of(
            "web@1.service",
            """
            [Unit]
            Alias=no.service
            [Install]
            Alias=b.service a@%i.service
            Alias=%n
            Also=%p.socket
            WantedBy=x.target
            """);

    assertEquals(List.of("a@1.service", "b.service"), List.copyOf(found.aliases()));
    assertEquals(List.of("web.socket"), List.copyOf(found.also()));
  }

  @Test
  void emptyValueTakesBackWhatStoodBefore() {
    Installation found = of("a.service", "[Install]\nAlias=b.service\nAlias=\nAlias=c.service\n");

    assertEquals(List.of("c.service"), List.copyOf(found.aliases()));
  }
}
