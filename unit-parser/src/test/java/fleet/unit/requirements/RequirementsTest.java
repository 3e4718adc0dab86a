package fleet.unit.requirements;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.unit.Disconnect;
import fleet.unit.Specifiers;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementsTest {

  @Test
  void fileWithoutTheSectionAsksForNothing() {
    assertEquals(Requirements.NONE, requirements("[Service]\nMachineID=abc\nGlobal=true\n"));
    assertEquals(Requirements.NONE, requirements("[x-fleet]\nMachineID=abc\n"));
    assertEquals(Requirements.NONE, requirements("[X-Fleet]\nmachineid=abc\n"));
  }

  @Test
  void everyOptionHasItsMeaning() {
    assertEquals(
        new Requirements(
            Optional.of("abc"),
            sorted("a.service", "b.service"),
            metadata("disk=ssd", "region=east", "region=west"),
            globs("c*", "d*"),
            globs("e*", "f g"),
            true,
            Disconnect.STOP,
            false,
            OptionalInt.of(3)),
        requirements(
            """
            [X-Fleet]
            MachineID=abc
            MachineOf=b.service
            MachineOf=a.service
            MachineMetadata="region=west" "disk=ssd"
            MachineMetadata=region=east
            Conflicts=d* c*
            Replaces="e*" "f g"
            Global=true
            Disconnect=stop
            FailureLimit=3
            """));
  }

  @Test
  void earlierSpellingsMeanTheSame() {
    assertEquals(
        new Requirements(
            Optional.of("abc"),
            sorted("a.service", "b.service"),
            metadata("disk=ssd", "region=east"),
            globs("c*", "d*"),
            globs(),
            false,
            Disconnect.KEEP,
            false,
            OptionalInt.empty()),
        requirements(
            """
            [X-Fleet]
            X-ConditionMachineID=abc
            MachineOf=a.service
            X-ConditionMachineOf=b.service
            X-ConditionMachineMetadata=region=east
            MachineMetadata=disk=ssd
            X-Conflicts=d*
            Conflicts=c*
            X-Replaces=e*
            X-Global=true
            """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          MachineID=new;X-ConditionMachineID=old;X-ConditionMachineBootID=boot | new
          X-ConditionMachineBootID=boot;X-ConditionMachineID=old;MachineID=new | new
          X-ConditionMachineBootID=boot;X-ConditionMachineID=old               | old
          X-ConditionMachineBootID=boot                                        | boot
          MachineID=first;MachineID=second                                     | first
          MachineID="first" "second"                                           | first
          X-ConditionMachineID=old;MachineID=                                  | ``
          """)
  void firstMachineIdOfTheNewestSpellingCounts(String options, String id) {
    assertEquals(Optional.of(id), fleet(options.replace(';', '\n')).machineId());
  }

  @Test
  void machineIdFitsTheMachineOfThatIdOrOfThoseEightCharacters() {
    String id = "0123456789abcdef0123456789abcdef";

    assertEquals(
        List.of(true, true, false, false, false, false, true),
        Stream.of(
                "MachineID=" + id,
                "MachineID=01234567",
                "MachineID=0123456",
                "MachineID=012345678",
                "MachineID=76543210",
                "MachineID=",
                "Global=true")
            .map(option -> fleet(option).admitsMachineId(id))
            .toList());
    assertEquals(true, fleet("MachineID=short").admitsMachineId("short"));
    assertEquals(false, fleet("MachineID=other").admitsMachineId("short"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # value        | items, each in <>
          a=b            | <a=b>
          "a=b" "c=d"    | <a=b><c=d>
          "a=b"  "c=d"   | <a=b><><c=d>
          a=b c=d        | <a=b c=d>
          "a b"          | <a b>
          "a" b "c"      | <a><b><c>
          "a""b"         | <ab>
          "              | <>
          ""             | <>
          "a"\t"b"       | <a\tb>
          "a" "b         | <"a" "b>
          'a' 'b'        | <'a' 'b'>
          ``             | <>
          """)
  void quotedValueIsTakenApart(String value, String items) {
    assertEquals(
        items,
        FleetSection.split(value).stream()
            .map(item -> "<" + item + ">")
            .collect(Collectors.joining()));
  }

  @Test
  void conflictsAloneAreDividedByWhiteSpaceToo() {
    var wanted =
        fleet("Conflicts=a  b\tc\u00a0d\nConflicts=\"e f\" \"g\"\nReplaces=a b\nMachineOf=a b");

    assertEquals(globs("a", "b", "c", "d", "e", "f", "g"), wanted.conflicts());
    assertEquals(globs("a b"), wanted.replaces());
    assertEquals(sorted("a b"), wanted.machineOf());
  }

  @Test
  void emptyConflictsAreNoConflictsButAnEmptyPeerIsOne() {
    assertEquals(globs(), fleet("Conflicts=").conflicts());
    assertEquals(sorted(""), fleet("MachineOf=").machineOf());
    assertEquals(globs(""), fleet("Replaces=").replaces());
  }

  @Test
  void metadataThatIsNoPairIsLeftOut() {
    assertEquals(
        metadata("a=b", "c d=e f"),
        fleet(
                """
                MachineMetadata=a=b
                MachineMetadata=c d=e f
                MachineMetadata=a=b=c
                MachineMetadata==b
                MachineMetadata=a=
                MachineMetadata=a
                MachineMetadata=
                MachineMetadata=a=b c=d
                """)
            .metadata());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          true;yes;1;on;t;TRUE;Yes;oN;T | true
          ``;false;no;0;y;truee;`true ` | false
          """)
  void globalIsWhatMeansYes(String values, boolean global) {
    for (String value : values.replace("`", "").split(";")) {
      assertEquals(global, fleet("Global=\"" + value + "\"").global(), value);
    }
  }

  @Test
  void lastGlobalCounts() {
    assertEquals(false, fleet("Global=true\nGlobal=no").global());
    assertEquals(true, fleet("Global=no\nGlobal=\"false\" \"true\"").global());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a.b@c@d.service | %n       | a.b@c@d.service
          a.b@c@d.service | %N       | a.b@c@d
          a.b@c@d.service | %p       | a.b
          a.b@c@d.service | %i       | c@d
          a.b@c@d.service | %p-%i.%i | a.b-c@d.c@d
          a.b@c@d.service | %%n      | %a.b@c@d.service
          a.b@c@d.service | %H%I%    | %H%I%
          a@.service      | %p<%i>   | a<>
          a@.service      | %N       | a@
          a.service       | <%i>%N   | <>a
          `a\\x2db.mount` | %p       | `a\\x2db`
          """)
  void specifiersAreReplaced(String name, String value, String expanded) {
    assertEquals(expanded, Specifiers.expand(value, UnitName.parse(name).orElseThrow()));
  }

  @Test
  void specifiersAreExpandedInEveryOption() {
    assertEquals(
        new Requirements(
            Optional.empty(),
            sorted("db@1.service"),
            metadata("rack=1"),
            globs("web@*.service", "x1"),
            globs(),
            true,
            Disconnect.KEEP,
            false,
            OptionalInt.of(1)),
        requirements(
            """
            [X-Fleet]
            MachineOf=db@%i.service
            MachineMetadata=rack=%i
            Conflicts="%p@*.service" "x%i"
            Global=%i
            FailureLimit=%i
            """));
  }

  @Test
  void exclusiveMeansThatTheUnitStopsWhereItIsCutOff() {
    var exclusive = fleet("Exclusive=true");

    assertEquals(true, exclusive.exclusive());
    assertEquals(Disconnect.STOP, exclusive.disconnect());
    assertEquals(Disconnect.KEEP, fleet("Exclusive=true\nExclusive=false").disconnect());
    assertEquals(Disconnect.STOP, fleet("Disconnect=keep\nDisconnect=stop").disconnect());
  }

  @Test
  void globalUnitIsNeverExclusive() {
    assertEquals(false, fleet("Exclusive=true\nGlobal=true").exclusive());
  }

  @Test
  void sectionThatIsTooLongToBeSubmittedIsReadUnexpanded() {
    String most = "%n".repeat(FleetSection.LONGEST / 2);

    assertEquals(sorted(most), fleet("MachineOf=" + most).machineOf());
  }

  @Test
  void valueOfSeveralLinesMeansWhatItsLinesSay() {
    assertEquals(
        metadata("region=us east", "disk=ssd"),
        fleet(
                """
                MachineMetadata="region=us east" \\
                # "old=1" \\
                # why
                \t"disk=ssd"
                """)
            .metadata());
    assertEquals(
        globs("a.service", "b.service"), fleet("Conflicts=a.service \\\n  b.service").conflicts());
    assertEquals(true, fleet("# one per machine \\\nGlobal=\\\n  true").global());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "100, 100", "0, ", "101, ", "-1, ", "x, ", "'', ", "+3, ", "3 , 3"})
  void failureLimitIsAWholeNumber(String text, @Nullable Integer limit) {
    assertEquals(
        limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
        requirements("[X-Fleet]\nFailureLimit=" + text + "\n").failureLimit());
  }

  @Test
  void lastFailureLimitCounts() {
    assertEquals(
        OptionalInt.of(7),
        requirements("[X-Fleet]\nFailureLimit=2\nFailureLimit=7\n").failureLimit());
  }

  @Test
  void requirementsCannotBeChanged() {
    var wanted = fleet("MachineMetadata=a=b");

    assertThrows(UnsupportedOperationException.class, () -> wanted.metadata().clear());
    assertThrows(
        UnsupportedOperationException.class, () -> wanted.metadata().values().forEach(Set::clear));
    assertThrows(UnsupportedOperationException.class, () -> wanted.machineOf().add("c"));
  }

  private static Requirements fleet(String options) {
    return requirements("[X-Fleet]\n" + options + "\n");
  }

  private static Requirements requirements(String text) {
    return Requirements.of(
        UnitName.parse("web@1.service").orElseThrow(), UnitFile.parse(text).orElseThrow());
  }

  private static SortedSet<String> sorted(String... texts) {
    return new TreeSet<>(List.of(texts));
  }

  private static SortedSet<Glob> globs(String... patterns) {
    return Stream.of(patterns).map(Glob::new).collect(Collectors.toCollection(TreeSet::new));
  }

  private static SortedMap<String, SortedSet<String>> metadata(String... pairs) {
    var metadata = new TreeMap<String, SortedSet<String>>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      metadata
          .computeIfAbsent(pair.substring(0, equals), k -> new TreeSet<>())
          .add(pair.substring(equals + 1));
    }
    return metadata;
  }
}
