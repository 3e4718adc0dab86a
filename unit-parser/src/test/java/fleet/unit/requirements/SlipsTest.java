package fleet.unit.requirements;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.unit.UnitFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What [Requirements#warnings] has to say of a file that can be used.
class SlipsTest {

  @Test
  void unknownKeysAreNamed() {
    var file =
        UnitFile.parse(
                """
                [Service]
                Foo=1
                [X-Fleet]
                machineid=1
                X-MachineOf=1
                X-Global=1
                X-Replaces=1
                ConditionMachineOf=1
                MachineID=1
                X-ConditionMachineID=1
                X-ConditionMachineBootID=1
                MachineOf=1
                X-ConditionMachineOf=1
                MachineMetadata=1
                X-ConditionMachineMetadata=1
                Conflicts=1
                X-Conflicts=1
                Replaces=1
                Global=1
                """)
            .orElseThrow();

    assertEquals(
        List.of(
            unknown("machineid", "MachineID"),
            unknown("X-MachineOf", "MachineOf"),
            unknown("X-Global", "Global"),
            unknown("X-Replaces", "Replaces"),
            unknown("ConditionMachineOf", "X-ConditionMachineOf")),
        Requirements.warnings(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Flet",
        "x-fleet",
        "X-FLEET",
        "X-Fleets",
        "Fleet",
        "XFleet",
        " X-Fleet ",
        "X-Felet"
      })
  void sectionsThatAreMeantForFleetAreNamed(String section) {
    var file =
        UnitFile.parse("[" + section + "]\nMachineMetadata=a=b\nGlobal=true\n").orElseThrow();

    assertEquals(
        List.of("unrecognized section \"[" + section + "]\", did you mean \"[X-Fleet]\"?"),
        Requirements.warnings(file));
  }

  @Test
  void optionsThatBelongIntoOurSectionAreNamed() {
    var file =
        UnitFile.parse(
                """
                [Unit]
                Conflicts=a.service
                MachineOf=b.service
                [Service]
                Conflicts=c.service
                [X-Other]
                Global=true
                [X-Fleet]
                Conflicts=d.service
                """)
            .orElseThrow();

    assertEquals(
        List.of(
            "\"MachineOf\" has no effect in section \"[Unit]\", did you mean \"[X-Fleet]\"?",
            "\"Conflicts\" has no effect in section \"[Service]\", did you mean \"[X-Fleet]\"?"),
        Requirements.warnings(file));
  }

  @Test
  void ofManySlipsTheFirstAreNamed() {
    var file = new StringBuilder("[X-Fleet]\n");
    for (int i = 0; i < 100; i++) {
      file.append("Key").append(i).append("=\n");
    }

    List<String> warnings = Requirements.warnings(UnitFile.parse(file.toString()).orElseThrow());

    assertEquals(21, warnings.size());
    assertEquals("and more", warnings.getLast());
  }

  private static String unknown(String key, String meant) {
    return "unrecognized requirement in [X-Fleet] section: \"%s\", did you mean \"%s\"?"
        .formatted(key, meant);
  }
}
