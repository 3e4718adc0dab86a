package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # name                | stem           | prefix    | kind
          foo.service           | foo            | foo       | unit
          foo@.service          | foo@           | foo       | template
          foo@bar.service       | foo@bar        | foo       | instance bar of foo@.service
          a@b@c.service         | a@b@c          | a         | instance b@c of a@.service
          a@@.service           | a@@            | a         | instance @ of a@.service
          foo.bar@1.2.service   | foo.bar@1.2    | foo.bar   | instance 1.2 of foo.bar@.service
          foo.service.timer     | foo.service    | foo.service | unit
          my_unit-1:2.socket    | my_unit-1:2    | my_unit-1:2 | unit
          var-lib\\x2dfoo.mount | var-lib\\x2dfoo | var-lib\\x2dfoo | unit
          .hidden.path          | .hidden        | .hidden   | unit
          """)
  void nameIsSplitAtTheFirstAtAndTheLastDot(String text, String stem, String prefix, String kind) {
    UnitName name = UnitName.parse(text).orElseThrow();

    assertEquals(
        List.of(text, stem, prefix, kind),
        List.of(name.text(), name.stem(), name.prefix(), kind(name)));
  }

  private static String kind(UnitName name) {
    return switch (name) {
      case UnitName.Plain _ -> "unit";
      case UnitName.Template _ -> "template";
      case UnitName.Instance unit -> "instance " + unit.instance() + " of " + unit.template();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``             | unit name cannot be empty
          foo            | unit name must contain "."
          @foo           | unit name must contain "."
          foo.           | unit name cannot end in "."
          .              | unit name cannot end in "."
          foo bar.       | unit name cannot end in "."
          foo.conf       | invalid unit type: "conf"
          foo.SERVICE    | invalid unit type: "SERVICE"
          a b@c.conf     | invalid unit type: "conf"
          foo@1.mount    | invalid unit type for template: "mount"
          foo@.automount | invalid unit type for template: "automount"
          @ @.slice      | invalid unit type for template: "slice"
          foo@.swap      | invalid unit type for template: "swap"
          foo bar.service | invalid character ' ' in unit name
          @a/b.service   | invalid character '/' in unit name
          it's.service   | invalid character '\\'' in unit name
          fóo.service    | invalid character 'ó' in unit name
          foo%i.service  | invalid character '%' in unit name
          @.service      | unit name cannot start in "@"
          @foo.service   | unit name cannot start in "@"
          .service       | unit name must have something before ".service"
          """)
  void nameThatBreaksARuleIsRefusedForTheFirstRuleThatItBreaks(String text, String reason) {
    assertEquals(new Malformed<>(reason), UnitName.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scope    | systemd makes scope units itself and loads none from a file
          device   | systemd makes device units itself, for the devices that are there
          snapshot | systemd no longer knows snapshot units
          busname  | systemd no longer knows busname units
          """)
  void typeThatSystemdLoadsFromNoFileIsRefusedWithTheReason(String suffix, String why) {
    var refused = new Malformed<>("invalid unit type: \"" + suffix + "\": " + why);

    assertEquals(refused, UnitName.parse("foo." + suffix));
    assertEquals(refused, UnitName.parse("foo@1." + suffix));
  }

  @Test
  void unprintableCharactersAreWrittenAsGoWritesThem() {
    assertEquals(
        new Malformed<>("invalid character '\\x00' in unit name"), UnitName.parse("a\0.service"));
    assertEquals(
        new Malformed<>("invalid character '\\n' in unit name"), UnitName.parse("a\n.service"));
    assertEquals(
        new Malformed<>("invalid character '\\u00a0' in unit name"),
        UnitName.parse("a\u00a0.service"));
    assertEquals(
        new Malformed<>("invalid unit type: \"a\\\"\\t\\U000e0001\""),
        UnitName.parse("foo.a\"\t\udb40\udc01"));
  }

  @Test
  void nameMayHaveAsManyBytesAsSystemdAllows() {
    String longest = "a".repeat(247) + ".service";
    var tooLong = new Malformed<>("unit name exceeds maximum length (255)");

    assertEquals(255, longest.length());
    assertEquals(longest, UnitName.parse(longest).orElseThrow().text());
    assertEquals(tooLong, UnitName.parse("a" + longest));
    assertEquals(tooLong, UnitName.parse("é".repeat(124) + ".service"));
    assertEquals(tooLong, UnitName.parse("x".repeat(1 << 24)));
  }

  @Test
  void everyTypeOfUnitCanBeNamed() {
    for (UnitType type : UnitType.values()) {
      assertEquals(new Ok<>(new UnitName.Plain("a", type)), UnitName.parse("a." + type.suffix()));
    }
  }

  @Test
  void onlyTheTypesThatSystemdCanTemplateHaveTemplates() {
    assertEquals(
        List.of(UnitType.PATH, UnitType.SERVICE, UnitType.SOCKET, UnitType.TARGET, UnitType.TIMER),
        Stream.of(UnitType.values())
            .filter(type -> UnitName.parse("a@." + type.suffix()) instanceof Ok)
            .toList());
  }

  @Test
  void templateNamesItsInstancesAndTheyNameIt() {
    var template = new UnitName.Template("web", UnitType.SERVICE);

    var instance = template.instance("1");

    assertEquals(new Ok<>(instance), UnitName.parse("web@1.service"));
    assertEquals(template, instance.template());
  }

  @Test
  void partsThatMakeNoNameAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new UnitName.Plain("a b", UnitType.SERVICE));
    assertThrows(IllegalArgumentException.class, () -> new UnitName.Plain("", UnitType.SERVICE));
    assertThrows(IllegalArgumentException.class, () -> new UnitName.Plain("a@b", UnitType.SERVICE));
    assertThrows(
        IllegalArgumentException.class, () -> new UnitName.Template("a@b", UnitType.SERVICE));
    assertThrows(IllegalArgumentException.class, () -> new UnitName.Template("a", UnitType.MOUNT));
    assertThrows(
        IllegalArgumentException.class,
        () -> new UnitName.Template("a", UnitType.SERVICE).instance(""));
    assertThrows(
        IllegalArgumentException.class,
        () -> new UnitName.Template("a", UnitType.SERVICE).instance("b/c"));
  }

  @Test
  void namesAreSortedByTheirText() {
    var names = new TreeSet<UnitName>();
    for (String text : List.of("b.service", "a@1.service", "a@.service", "a.timer", "a.service")) {
      names.add(UnitName.parse(text).orElseThrow());
    }

    assertEquals("[a.service, a.timer, a@.service, a@1.service, b.service]", names.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          web               | web.service
          web.service       | web.service
          web@1             | web@1.service
          web.v2            | web.v2.service
          service           | service.service
          dir/web           | web.service
          /dir/web.timer    | web.timer
          dir.d/web@a@b     | web@a@b.service
          dir/web/          | web.service
          basic.target      | basic.target
          """)
  void argumentMeansTheUnitOfItsLastPart(String argument, String text) {
    assertEquals(text, UnitName.ofArgument(argument).orElseThrow().text());
  }

  @Test
  void argumentThatMeansNoUnitIsRefused() {
    assertEquals(new Malformed<>("unit name cannot be empty"), UnitName.ofArgument(""));
    assertEquals(new Malformed<>("unit name cannot be empty"), UnitName.ofArgument("//"));
    assertEquals(
        new Malformed<>("invalid character '*' in unit name"), UnitName.ofArgument("web*"));
    assertEquals(
        new Malformed<>(
            "invalid unit type: \"scope\": systemd makes scope units itself and loads none from a"
                + " file"),
        UnitName.ofArgument("web.scope"));
  }
}
