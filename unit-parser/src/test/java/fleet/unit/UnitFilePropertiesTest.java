package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
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

/// Laws of unit files that hold for every text.
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
        Requirements.unknownKeys(file);
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

  /// Texts made of what matters to the parser, with a header in front of most.
  @Provide
  Arbitrary<String> files() {
    return Combinators.combine(Arbitraries.of("", "[S]\n", "[S]\n"), junk(20)).as(String::concat);
  }

  @Provide
  Arbitrary<List<UnitOption>> optionLists() {
    return Combinators.combine(Arbitraries.of("S", "T", "S]", ""), junk(2), junk(5))
        .as(UnitOption::new)
        .list()
        .ofMaxSize(4);
  }

  private static Arbitrary<String> junk(int parts) {
    return Arbitraries.frequencyOf(
            Tuple.of(
                30,
                Arbitraries.of(
                    "\n", "\\\n", "\\ \n", "\r\n", "\r", "[", "]", "=", "\\", "\"", "#", ";", " ",
                    "\t", "\u00a0", "A=1\n", "A", "=b\n", "[S]\n", "[T]\n", "%n", "é")),
            Tuple.of(
                10,
                Arbitraries.of(
                    "MachineID=",
                    "MachineOf=",
                    "Conflicts=",
                    "Replaces=",
                    "Global=on\n",
                    "MachineMetadata=",
                    "a=b",
                    "\"a\" \"b\"",
                    "*",
                    "[a-")),
            Tuple.of(1, Arbitraries.of("\0", "\ud83d", "\ude00")))
        .list()
        .ofMaxSize(parts)
        .map(list -> String.join("", list));
  }
}
