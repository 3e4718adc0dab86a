package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.requirements.Requirements;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Tag;

/// Laws of unit files that hold for every text.
@Tag("slow")
class UnitFilePropertiesTest {

  @Property(tries = 5_000)
  void whatIsPrintedIsReadBack(@ForAll("files") String text) {
    if (!(UnitFile.parse(text) instanceof Ok<UnitFile>(var file))) {
      return;
    }
    if (file.options().stream().anyMatch(option -> option.value().endsWith("\\"))) {
      return;
    }

    var again = UnitFile.parse(file.text()).orElseThrow();

    assertEquals(grouped(file), again.options());
    assertEquals(file.text(), again.text());
  }

  @Property(tries = 5_000)
  void normalFormIsItsOwnNormalFormAndIsReadBackAsItself(@ForAll("files") String text) {
    if (UnitFile.parse(text) instanceof Ok<UnitFile>(var file)) {
      normalFormHolds(file);
    }
  }

  @Property(tries = 5_000)
  void whateverOptionsAreSubmittedTheirNormalFormIsReadBackAsItself(
      @ForAll("optionLists") List<UnitOption> options) {
    normalFormHolds(new UnitFile(options));
  }

  private static void normalFormHolds(UnitFile file) {
    switch (file.normalized()) {
      case Malformed<UnitFile>(var reason) -> assertTrue(!reason.isEmpty());
      case Ok<UnitFile>(var normal) -> {
        assertEquals(new Ok<>(normal), normal.normalized());
        assertEquals(new Ok<>(normal), UnitFile.parse(normal.text()));
      }
    }
  }

  @Property
  void anyTextIsAFileOrHasAReason(@ForAll String text) {
    answers(text);
  }

  @Property
  void anyBytesAreAFileOrHaveAReason(@ForAll byte[] bytes) {
    answers(new String(bytes, StandardCharsets.ISO_8859_1));
    answers(new String(bytes, StandardCharsets.UTF_8));
    answers(new String(bytes, StandardCharsets.UTF_16));
  }

  @Property(tries = 5_000)
  void anyJunkIsAFileOrHasAReason(@ForAll("files") String text) {
    answers(text);
    answers("[X-Fleet]\n" + text);
  }

  private static void answers(String text) {
    switch (UnitFile.parse(text)) {
      case Malformed<UnitFile>(var reason) -> assertTrue(!reason.isEmpty());
      case Ok<UnitFile>(var file) -> {
        for (String name : List.of("a.service", "a@.service", "a@b.service")) {
          UnitName unit = UnitName.parse(name).orElseThrow();
          Requirements.of(unit, file);
          Requirements.problems(unit, file);
        }
        Requirements.warnings(file);
      }
    }
  }

  private static List<UnitOption> grouped(UnitFile file) {
    var sections = new LinkedHashMap<String, List<UnitOption>>();
    for (UnitOption option : file.options()) {
      sections.computeIfAbsent(option.section(), s -> new ArrayList<>()).add(option);
    }
    return sections.values().stream().flatMap(List::stream).toList();
  }

  /// Most are files with odd lines; the others junk that is seldom a file.
  @Provide
  Arbitrary<String> files() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, lines()), Tuple.of(1, junk(20)), Tuple.of(1, junk(20).map("[S]\n"::concat)));
  }

  @Provide
  Arbitrary<List<UnitOption>> optionLists() {
    return Combinators.combine(Arbitraries.of("S", "T", "S]", ""), junk(2), junk(5))
        .as(UnitOption::new)
        .list()
        .ofMaxSize(4);
  }

  private static Arbitrary<String> lines() {
    var keys =
        Arbitraries.of(
            "A", "B c", "", "MachineID", "MachineOf", "MachineMetadata", "Conflicts", "Global");
    var value =
        Arbitraries.of(
                "b",
                " ",
                "=",
                "\"",
                "\\",
                "\\\n",
                "\\ \n",
                "\r",
                "\t",
                "\u00a0",
                "#",
                "[",
                "]",
                "%i",
                "a=b",
                "c.service",
                "*")
            .list()
            .ofMaxSize(6)
            .map(parts -> String.join("", parts));
    var option = Combinators.combine(keys, value).as((key, text) -> key + "=" + text + "\n");
    var other =
        Arbitraries.of("[S]\n", " [T] \r\n", "[X-Fleet]\n", "# c\n", "; \\\n", "\n", " \t\r\n");
    return Arbitraries.frequencyOf(Tuple.of(2, option), Tuple.of(1, other))
        .list()
        .ofMaxSize(8)
        .map(lines -> "[S]\n" + String.join("", lines));
  }

  private static Arbitrary<String> junk(int parts) {
    return Arbitraries.frequencyOf(
            Tuple.of(
                40,
                Arbitraries.of(
                    "\n", "\\\n", "\\ \n", "\r\n", "\r", "[", "]", "=", "\\", "\"", "#", ";", " ",
                    "\t", "\u00a0", "A=1\n", "A", "=b\n", "[S]\n", "[T]\n", "%n", "é")),
            Tuple.of(1, Arbitraries.of("\0", "\ud83d", "\ude00")))
        .list()
        .ofMaxSize(parts)
        .map(list -> String.join("", list));
  }
}
