package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Laws of unit names that hold for every text.
class UnitNamePropertiesTest {

  @Property
  void everyNameIsReadBackFromItsText(@ForAll("names") UnitName name) {
    assertEquals(new Ok<>(name), UnitName.parse(name.text()));
    assertEquals(name, UnitName.ofArgument("some/dir/" + name).orElseThrow());
  }

  @Property(tries = 5_000)
  void anyTextIsANameOrHasAReason(@ForAll("texts") String text) {
    switch (UnitName.parse(text)) {
      case Malformed<UnitName>(var reason) -> assertTrue(!reason.isEmpty());
      case Ok<UnitName>(var name) -> assertEquals(text, name.text());
    }
    switch (UnitName.ofArgument(text)) {
      case Malformed<UnitName>(var reason) -> assertTrue(!reason.isEmpty());
      case Ok<UnitName>(var name) -> assertTrue(text.contains(name.stem()));
    }
  }

  @Property(tries = 5_000)
  void theOrderIsThatOfTheTexts(@ForAll("alike") UnitName one, @ForAll("alike") UnitName other) {
    assertEquals(
        Integer.signum(one.text().compareTo(other.text())), Integer.signum(one.compareTo(other)));
  }

  /// Names that often share their beginnings.
  @Provide
  Arbitrary<UnitName> alike() {
    return Arbitraries.of("a", "aa", "a.b", "a-", "b")
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .flatMap(
            parts ->
                Arbitraries.of(".service", "@.service", "@a.service", "@aa.socket", "@a.b.service")
                    .map(end -> String.join("", parts) + end))
        .map(text -> UnitName.parse(text).orElseThrow());
  }

  @Provide
  Arbitrary<UnitName> names() {
    var part = Arbitraries.strings().withChars("aZ09:-_.\\").ofMinLength(1).ofMaxLength(9);
    var instance = Arbitraries.strings().withChars("aZ09:-_.\\@").ofMinLength(1).ofMaxLength(9);
    var template =
        Combinators.combine(part, Arbitraries.of(UnitType.class).filter(UnitType::templatable))
            .as(UnitName.Template::new);
    return Arbitraries.oneOf(
        Combinators.combine(part, Arbitraries.of(UnitType.class)).as(UnitName.Plain::new),
        template,
        Combinators.combine(template, instance).as(UnitName.Template::instance));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings(),
        Arbitraries.of(".", "@", "service", "target", "mount", "scope", "a", "/", " ", "\\", "é")
            .list()
            .ofMaxSize(8)
            .map(parts -> String.join("", parts)));
  }
}
