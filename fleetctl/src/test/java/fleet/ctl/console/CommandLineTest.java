package fleet.ctl.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.ctl.console.CommandLine.Misunderstood;
import fleet.ctl.console.CommandLine.Understood;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

  private static final Flag ENDPOINT = Flag.text("endpoint", "unix:///run/x.sock", "Where");
  private static final Flag DEBUG = Flag.toggle("debug", "Say more");
  private static final Flag TIMEOUT =
      new Flag("request-timeout", "", Flag.Kind.SECONDS, "3.0", "How long");
  private static final Flag HELP = Flag.toggle("help", "Help").or("h");
  private static final Flag FULL = Flag.toggle("full", "Whole").or("l");
  private static final Flag FIELDS = Flag.text("fields", "unit", "Which");
  private static final Flag ATTEMPTS = Flag.wholeNumber("block-attempts", 0, "How often");

  private static final List<Flag> GLOBALS = List.of(ENDPOINT, DEBUG, TIMEOUT, HELP);

  private static final CommandLine.Commands COMMANDS =
      new CommandLine.Commands() {
        @Override
        public List<String> names() {
          return List.of("cat", "list-machines", "list-unit-files", "list-units", "start", "stop");
        }

        @Override
        public Synopsis synopsis(String name) {
          return new Synopsis(name, "", "", "", List.of(FULL, FIELDS, ATTEMPTS));
        }
      };

  @Test
  void flagsAndArgumentsMayBeMixed() {
    var line = understand("start a --full b --fields=x c --fields y");

    assertEquals("start", line.command());
    assertEquals(List.of("a", "b", "c"), line.arguments());
    assertTrue(line.options().on(FULL));
    assertEquals("y", line.options().text(FIELDS));
  }

  @Test
  void globalFlagsMayStandBeforeTheCommand() {
    var line = understand("--endpoint http://m:1 --debug start --request-timeout 0.5 a");

    assertEquals("http://m:1", line.options().text(ENDPOINT));
    assertTrue(line.options().on(DEBUG));
    assertEquals("0.5", line.options().text(TIMEOUT));
    assertEquals(List.of("a"), line.arguments());
  }

  @Test
  void twoDashesEndTheFlags() {
    var line = understand("start a -- --full -l -- b");

    assertEquals(List.of("a", "--full", "-l", "--", "b"), line.arguments());
    assertFalse(line.options().on(FULL));
  }

  @Test
  void aSingleDashAndAnEmptyTextAreArguments() {
    var line = CommandLine.parse(List.of("cat", "-", ""), Map.of(), COMMANDS, GLOBALS);

    assertEquals(List.of("-", ""), assertInstanceOf(Understood.class, line).arguments());
  }

  @Test
  void whatIsNotGivenHasItsFallback() {
    var line = understand("start");

    assertFalse(line.options().given(ENDPOINT));
    assertEquals("unix:///run/x.sock", line.options().text(ENDPOINT));
    assertEquals(0, line.options().number(ATTEMPTS));
  }

  @Test
  void noWordsAreNoCommand() {
    assertEquals("", understand("--debug").command());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-l", "--l", "--full", "--full=true", "--full=1", "--l=yes", "-l=on"})
  void aSwitchIsOnInManySpellings(String spelling) {
    assertTrue(understand("start " + spelling).options().on(FULL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--full=false", "--full=0", "--full --full=F", "-l=no"})
  void aSwitchIsOffInManySpellings(String spelling) {
    assertFalse(understand("start " + spelling).options().on(FULL));
  }

  @Test
  void aValueMayLookLikeAFlagOrContainAnEqualsSign() {
    assertEquals(-1, understand("start --block-attempts -1").options().number(ATTEMPTS));
    assertEquals("a=b", understand("start --fields=a=b").options().text(FIELDS));
    assertEquals("", understand("start --fields=").options().text(FIELDS));
  }

  @Test
  void theEnvironmentSetsGlobalFlagsAndTheCommandLineOverridesIt() {
    var variables =
        Map.of(
            "FLEETCTL_ENDPOINT",
            "http://env",
            "FLEETCTL_DEBUG",
            "",
            "FLEETCTL_FULL",
            "true",
            "FLEETCTL_REQUEST_TIMEOUT",
            "7");

    var line = CommandLine.parse(List.of("start"), variables, COMMANDS, GLOBALS);
    var overridden =
        CommandLine.parse(List.of("start", "--endpoint=x"), variables, COMMANDS, GLOBALS);

    var options = assertInstanceOf(Understood.class, line).options();
    assertEquals("http://env", options.text(ENDPOINT));
    assertEquals("7", options.text(TIMEOUT));
    assertFalse(options.given(DEBUG));
    assertFalse(options.on(FULL));
    assertEquals("x", assertInstanceOf(Understood.class, overridden).options().text(ENDPOINT));
  }

  @ParameterizedTest
  @CsvSource({
    "c, cat",
    "cat, cat",
    "list-m, list-machines",
    "list-unit-, list-unit-files",
    "list-units, list-units",
    "sta, start",
    "sto, stop"
  })
  void aPrefixThatOnlyOneCommandHasNamesIt(String word, String command) {
    assertEquals(command, understand(word).command());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start -full --fields=a,b -- x",
        "start -full -fields=a,b x",
        "start -full=true x -fields a,b",
        "start --full x --fields a,b"
      })
  void oneDashDoesForTwo(String words) {
    var line =
        assertInstanceOf(
            Understood.class,
            CommandLine.parse(List.of(words.split(" ")), Map.of(), COMMANDS, GLOBALS));

    assertEquals(List.of("x"), line.arguments());
    assertEquals(true, line.options().on(FULL));
    assertEquals("a,b", line.options().text(FIELDS));
  }

  /// The law behind the table above, for every prefix of every command.
  @Test
  void everyPrefixNamesTheOneCommandThatHasItOrNone() {
    for (String name : COMMANDS.names()) {
      for (int length = 1; length <= name.length(); length++) {
        String prefix = name.substring(0, length);
        long owners = COMMANDS.names().stream().filter(n -> n.startsWith(prefix)).count();

        var line = CommandLine.parse(List.of(prefix), Map.of(), COMMANDS, GLOBALS);

        if (owners == 1 || COMMANDS.names().contains(prefix)) {
          assertEquals(name, assertInstanceOf(Understood.class, line).command());
        } else {
          assertInstanceOf(Misunderstood.class, line);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "strat              | unknown command \"strat\", did you mean \"start\"?",
        "list               | unknown command \"list\", did you mean \"list-machines\","
            + " \"list-unit-files\" or \"list-units\"?",
        "explode            | unknown command \"explode\"",
        "Start              | unknown command \"Start\", did you mean \"start\"?",
        "start --ful        | unknown flag \"--ful\" of start, did you mean \"--full\"?",
        "start --blok-attempts=1 | unknown flag \"--blok-attempts\" of start, did you mean"
            + " \"--block-attempts\"?",
        "start -x           | unknown flag \"-x\" of start",
        "start --=1         | unknown flag \"--\" of start",
        "--full start       | --full belongs after the command: fleetctl start --full",
        "--full=true sta    | --full belongs after the command: fleetctl start --full",
        "--fields a start   | --fields belongs after the command: fleetctl start --fields",
        "--ful start        | unknown flag \"--ful\"",
        "--full explode     | unknown flag \"--full\"",
        "start --fields     | flag --fields needs a value",
        "start --full=maybe | flag --full: expected true or false, found \"maybe\"",
        "start --block-attempts=many | flag --block-attempts: expected a whole number, found"
            + " \"many\"",
        "start --request-timeout -3 | flag --request-timeout: expected a number of seconds, found"
            + " \"-3\""
      })
  void whatMakesNoSenseIsNamed(String words, String reason) {
    var line = CommandLine.parse(List.of(words.split(" ")), Map.of(), COMMANDS, GLOBALS);

    assertEquals(reason, assertInstanceOf(Misunderstood.class, line).reason());
  }

  @Test
  void aVariableThatMakesNoSenseIsNamed() {
    var line =
        CommandLine.parse(
            List.of("start"), Map.of("FLEETCTL_REQUEST_TIMEOUT", "soon"), COMMANDS, GLOBALS);

    assertEquals(
        "environment variable FLEETCTL_REQUEST_TIMEOUT: expected a number of seconds, found"
            + " \"soon\"",
        assertInstanceOf(Misunderstood.class, line).reason());
  }

  private static Understood understand(String words) {
    var line = CommandLine.parse(List.of(words.split(" ")), Map.of(), COMMANDS, GLOBALS);
    return assertInstanceOf(Understood.class, line);
  }
}
