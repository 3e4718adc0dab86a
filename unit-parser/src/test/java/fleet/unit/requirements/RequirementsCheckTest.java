package fleet.unit.requirements;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsCheckTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # options, divided by ;                       | what fleet 1.0 said
          MachineID=a;MachineOf=b.service               | MachineID cannot be used with Peers
          MachineID=a;X-ConditionMachineOf=b.service    | MachineID cannot be used with Peers
          MachineID=a;Conflicts=b                       | MachineID cannot be used with Conflicts
          X-ConditionMachineID=a;X-Conflicts=b          | MachineID cannot be used with Conflicts
          X-ConditionMachineBootID=a;Conflicts=b        | MachineID cannot be used with Conflicts
          MachineID=a;Global=true                       | MachineID cannot be used with Global
          MachineID=a;Replaces=b                        | MachineID cannot be used with Replaces
          Global=true;MachineOf=b.service               | Global cannot be used with Peers
          Global=true;Replaces=b                        | Global cannot be used with Replaces
          Conflicts=a;Replaces=b                        | Conflicts cannot be used with Replaces
          """)
  void optionsThatCannotBeUsedTogetherAreRefused(String options, String problem) {
    assertEquals(List.of(problem), problems("web.service", options));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MachineID=a;MachineMetadata=b=c
          MachineID=a;Global=false
          MachineID=a;Conflicts=
          Global=true;MachineMetadata=b=c
          Global=true;Conflicts=a
          MachineOf=b.service;Conflicts=c
          MachineOf=b.service;Replaces=c
          MachineOf=b.service;MachineMetadata=c=d
          MachineOf="b.service" "c@1.socket"
          Conflicts=%n;Conflicts=*
          Replaces=%n
          Replaces=
          MachineMetadata="a=b" "a=c" "d=e"
          Unknown=option;X-Global=true
          Disconnect=stop;Global=true
          Disconnect=stop;Exclusive=true
          Disconnect=keep;Disconnect=stop;Exclusive=true
          Disconnect=keep;Exclusive=off
          Exclusive=YES;MachineMetadata=a=b
          Global=true;FailureLimit=1
          MachineID=a;FailureLimit=100
          """)
  void optionsThatCanBeUsedTogetherAreAccepted(String options) {
    assertEquals(List.of(), problems("web.service", options));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Disconnect=halt               | Disconnect: expected keep or stop, found "halt"
          Disconnect=Stop               | Disconnect: expected keep or stop, found "Stop"
          Exclusive=maybe               | Exclusive: expected true or false, found "maybe"
          Exclusive=true;Global=true    | Exclusive cannot be used with Global: a global unit runs on every machine
          Exclusive=1;Disconnect=keep   | Exclusive cannot be used with Disconnect=keep: what runs on cannot be the only copy
          """)
  void whatAMachineThatIsCutOffCannotDoIsRefused(String options, String problem) {
    assertEquals(List.of(problem), problems("web@1.service", options));
  }

  @Test
  void whatASpecifierWillMeanIsAskedOfTheInstance() {
    String options = "Exclusive=%i;Disconnect=%i";

    assertEquals(List.of(), problems("web@.service", options));
    assertEquals(2, problems("web@1x.service", options).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "101", "x", "", "-1", "3 4"})
  void failureLimitThatIsNoneIsRefused(String limit) {
    assertEquals(
        List.of("FailureLimit: expected a whole number from 1 to 100, found \"" + limit + "\""),
        problems("web.service", "FailureLimit=" + limit));
  }

  @Test
  void peerThatMustNotBeThereIsRefusedFirst() {
    assertEquals(
        List.of(
            "unresolvable requirements: peer \"a.service\" matches conflict \"*\"",
            "unresolvable requirements: peer \"a.service\" matches conflict \"a*\"",
            "unresolvable requirements: peer \"a.service\" matches replace \"?.service\"",
            "unresolvable requirements: peer \"b.service\" matches conflict \"*\"",
            "unresolvable requirements: peer \"b.service\" matches replace \"?.service\"",
            "MachineID cannot be used with Peers",
            "MachineID cannot be used with Conflicts",
            "MachineID cannot be used with Replaces",
            "Conflicts cannot be used with Replaces"),
        problems(
            "web.service",
            "MachineID=x;MachineOf=\"b.service\" \"a.service\";Conflicts=a* *;Replaces=?.service"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          MachineMetadata=a=b c=d | expected key=value with one "=", found "a=b c=d"; write several as MachineMetadata="a=b" "c=d"
          MachineMetadata=a       | expected key=value with one "=", found "a"
          MachineMetadata==b      | expected key=value with one "=", found "=b"
          MachineMetadata=a=      | expected key=value with one "=", found "a="
          MachineMetadata=a=b=c   | expected key=value with one "=", found "a=b=c"
          MachineMetadata=        | expected key=value with one "=", found ""
          MachineMetadata="a=b"  "c=d" | expected key=value with one "=", found ""
          MachineMetadata=%i      | expected key=value with one "=", found "1"
          X-ConditionMachineMetadata=a | expected key=value with one "=", found "a"
          """)
  void metadataThatWouldBeIgnoredIsRefused(String option, String problem) {
    assertEquals(List.of("MachineMetadata: " + problem), problems("web@1.service", option));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          MachineOf=web@1.service  | `"web@1.service" is this unit itself, which could never be placed`
          MachineOf=%n             | `"web@1.service" is this unit itself, which could never be placed`
          MachineOf=               | `expected the name of a unit, found "": unit name cannot be empty`
          MachineOf=db             | `expected the name of a unit, found "db": unit name must contain "."`
          MachineOf=db*.service    | `expected the name of a unit, found "db*.service": invalid character '*' in unit name`
          MachineOf=a.service b.service | `expected the name of a unit, found "a.service b.service": invalid character ' ' in unit name; write several as MachineOf="a.service" "b.service"`
          MachineOf=db-%H.service  | `expected the name of a unit, found "db-%H.service": invalid character '%' in unit name`
          MachineOf=db@.service    | `"db@.service" is a template, which runs nowhere: name an instance`
          """)
  void peerThatCanNeverBeThereIsRefused(String option, String problem) {
    assertEquals(List.of("MachineOf: " + problem), problems("web@1.service", option));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Conflicts=ok [a        | Conflicts: malformed pattern "[a"
          X-Conflicts=[]         | Conflicts: malformed pattern "[]"
          Replaces="ok" "web[1-" | Replaces: malformed pattern "web[1-"
          Replaces="web\\"       | Replaces: malformed pattern "web\\\\"
          """)
  void malformedGlobsAreRefused(String option, String problem) {
    String expected =
        ": expected [ to have its ] with something between them, and \\ a character after it";

    assertEquals(List.of(problem + expected), problems("web.service", option));
  }

  @Test
  void emptyMachineIdIsRefused() {
    assertEquals(
        List.of("MachineID: expected the ID of a machine, found nothing"),
        problems("web.service", "MachineID="));
  }

  @Test
  void templateIsCheckedAsItStandsAndItsInstanceAsItIs() {
    String options = "MachineOf=%p@%i.service;MachineMetadata=rack=%i;Global=%i";

    assertEquals(List.of(), problems("web@.service", options));
    assertEquals(
        List.of(
            "Global cannot be used with Peers",
            "MachineOf: \"web@1.service\" is this unit" + " itself, which could never be placed"),
        problems("web@1.service", options));
    assertEquals(
        List.of("MachineMetadata: expected key=value with one \"=\", found \"%i\""),
        problems("web@.service", "MachineMetadata=%i"));
  }

  @Test
  void optionsThatPrintNoUnitFileAreRefusedForThatAlone() {
    var file =
        new UnitFile(
            List.of(
                new UnitOption("X-Fleet", "MachineMetadata", "a"),
                new UnitOption("Service", "ExecStart", "/bin/true\nfoo")));

    assertEquals(
        List.of(
            "unexpected newline encountered while parsing option name: line 6:"
                + " expected name=value, found \"foo\""),
        Requirements.problems(UnitName.parse("web.service").orElseThrow(), file));
  }

  @Test
  void optionsAreCheckedAsTheyWillBeReadBack() {
    var file =
        new UnitFile(
            List.of(new UnitOption("Service", "ExecStart", "/bin/true\n[X-Fleet]\nMachineOf=")));

    assertEquals(
        List.of("MachineOf: expected the name of a unit, found \"\": unit name cannot be empty"),
        Requirements.problems(UnitName.parse("web.service").orElseThrow(), file));
  }

  @Test
  void onlySoManyProblemsAreNamed() {
    String bad = "MachineMetadata=" + quoted(IntStream.range(0, 100).mapToObj(i -> "x" + i));

    List<String> problems = problems("web.service", bad);

    assertEquals(RequirementsCheck.MOST + 1, problems.size());
    assertEquals("and more", problems.getLast());
  }

  @Test
  void refusalIsShortHoweverLongTheValue() {
    String problem = problems("web.service", "MachineMetadata=" + "a ".repeat(1_000)).getFirst();

    assertEquals(
        "MachineMetadata: expected key=value with one \"=\", found \"" + "a ".repeat(128) + "\"...",
        problem);
  }

  @Test
  void sectionThatIsTooLongIsRefused() {
    var tooLong = List.of("[X-Fleet] too long (max 16384 characters, with specifiers expanded)");
    String name = "a".repeat(240) + ".service";

    assertEquals(List.of(), problems(name, "Note=" + "x".repeat(16_384 - 6)));
    assertEquals(tooLong, problems(name, "Note=" + "x".repeat(16_384 - 5)));
    assertEquals(tooLong, problems(name, "Note=" + "%n".repeat(70)));
    assertEquals(tooLong, problems(name, "Conflicts=\"\"" + " ".repeat(2_000) + "\"\""));
  }

  /// As many peers and globs as are allowed, each compared with each, each comparison as long as it
  /// can be.
  @Test
  void worstSectionIsStillAnswered() {
    var peers = IntStream.range(100, 132).mapToObj(i -> "a".repeat(240) + i + ".service");
    var globs = IntStream.range(100, 157).mapToObj(i -> "*" + "a".repeat(120) + "b" + i);

    assertEquals(
        List.of(),
        problems("web.service", "MachineOf=" + quoted(peers) + ";Conflicts=" + quoted(globs)));
  }

  private static String quoted(Stream<String> items) {
    return items.collect(Collectors.joining("\" \"", "\"", "\""));
  }

  private static List<String> problems(String name, String options) {
    return Requirements.problems(
        UnitName.parse(name).orElseThrow(),
        UnitFile.parse("[X-Fleet]\n" + options.replace(';', '\n') + "\n").orElseThrow());
  }
}
